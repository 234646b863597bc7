use std::fmt;

/// A rating of 1 to 5 stars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "i64", into = "i64"))]
pub struct Stars(u8);

/// A number is not between 1 and 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Rating must be between 1 and 5")]
pub struct InvalidStars;

impl Stars {
    /// The number of stars.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Stars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<i64> for Stars {
    type Error = InvalidStars;

    fn try_from(stars: i64) -> Result<Self, InvalidStars> {
        match u8::try_from(stars) {
            Ok(stars @ 1..=5) => Ok(Self(stars)),
            _ => Err(InvalidStars),
        }
    }
}

impl From<Stars> for i64 {
    fn from(stars: Stars) -> Self {
        stars.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_are_one_to_five() {
        for number in 1..=5 {
            let stars = Stars::try_from(number).unwrap();
            assert_eq!(i64::from(stars), number);
            assert_eq!(stars.to_string(), number.to_string());
        }
        for number in [i64::MIN, -1, 0, 6, 257] {
            assert_eq!(Stars::try_from(number), Err(InvalidStars));
        }
    }
}
