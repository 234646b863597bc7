/// A range of response times that are counted together. Each millisecond up to 50 has a range of its own. Above that,
/// each range is 3 % wider than the one before, so its representative is within 2 % of every time in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bucket(i16);

impl Bucket {
    const EXACT: u32 = 50;
    const GROWTH: f64 = 1.03;

    /// The range of a response time in milliseconds.
    pub fn of(milliseconds: u32) -> Self {
        if milliseconds <= Self::EXACT {
            return Self(milliseconds as i16);
        }
        let ratio = f64::from(milliseconds) / f64::from(Self::EXACT);
        // At most 600, for the largest 32-bit time.
        let steps = (ratio.ln() / Self::GROWTH.ln()).floor() as i16;
        Self(Self::EXACT as i16 + 1 + steps)
    }

    /// The range with this number.
    pub fn numbered(number: i16) -> Self {
        Self(number)
    }

    /// The number of the range, which increases with the response time.
    pub fn number(self) -> i16 {
        self.0
    }

    /// The time that represents the range, in milliseconds.
    pub fn milliseconds(self) -> u32 {
        let exact = Self::EXACT as i16;
        if self.0 <= exact {
            return self.0.max(0) as u32;
        }
        let steps = f64::from(self.0 - exact - 1) + 0.5;
        (f64::from(Self::EXACT) * Self::GROWTH.powf(steps)).round() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn representative_times_are_accurate() {
        let mut last = Bucket::of(0);
        for milliseconds in (0..200_000).chain([1_000_000, 50_000_000, u32::MAX / 2]) {
            let bucket = Bucket::of(milliseconds);
            assert!(bucket >= last);
            last = bucket;
            let error = f64::from(bucket.milliseconds().abs_diff(milliseconds));
            assert!(
                error <= f64::from(milliseconds) * 0.02,
                "{milliseconds}: {bucket:?}"
            );
            assert_eq!(Bucket::numbered(bucket.number()), bucket);
        }
    }
}
