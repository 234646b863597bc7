use std::fmt;

/// Defines a whole number of pieces with a range.
macro_rules! pieces {
    ($(#[$meta:meta])* $name:ident, $(#[$error_meta:meta])* $error:ident, $range:expr, $rule:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(try_from = "i64", into = "i64"))]
        pub struct $name(i32);

        $(#[$error_meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
        #[error($rule)]
        pub struct $error;

        impl $name {
            /// The number of pieces.
            pub fn get(self) -> i32 {
                self.0
            }
        }

        impl TryFrom<i64> for $name {
            type Error = $error;

            fn try_from(number: i64) -> Result<Self, $error> {
                let number = i32::try_from(number).map_err(|_| $error)?;
                let is_in_range: fn(i32) -> bool = $range;
                is_in_range(number).then_some(Self(number)).ok_or($error)
            }
        }

        impl From<$name> for i64 {
            fn from(number: $name) -> Self {
                number.0.into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

pieces!(
    /// Pieces that come, negative for pieces that go. Not 0.
    Difference,
    /// A number is not a [`Difference`].
    InvalidDifference,
    |number| number != 0,
    "Change must be between -2147483648 and 2147483647, and not 0"
);

pieces!(
    /// The stock of a product: 0 or more.
    StockLevel,
    /// A number is not a [`StockLevel`].
    InvalidStockLevel,
    |number| number >= 0,
    "Stock must be between 0 and 2147483647"
);

pieces!(
    /// A number of pieces in an order: 1 or more.
    Quantity,
    /// A number is not a [`Quantity`].
    InvalidQuantity,
    |number| number >= 1,
    "Quantity must be between 1 and 2147483647"
);

impl Default for StockLevel {
    /// Sold out.
    fn default() -> Self {
        Self(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_ranges() {
        let max = i64::from(i32::MAX);
        for (number, is_difference, is_level, is_quantity) in [
            (i64::from(i32::MIN), true, false, false),
            (-1, true, false, false),
            (0, false, true, false),
            (1, true, true, true),
            (max, true, true, true),
            (max + 1, false, false, false),
            (i64::MAX, false, false, false),
        ] {
            assert_eq!(
                Difference::try_from(number).is_ok(),
                is_difference,
                "{number}"
            );
            assert_eq!(StockLevel::try_from(number).is_ok(), is_level, "{number}");
            assert_eq!(Quantity::try_from(number).is_ok(), is_quantity, "{number}");
        }
    }
}
