use garde::Error;

use crate::text;

/// Maximum number of options of a product.
const MAX_OPTIONS: usize = 3;

/// What distinguishes a product from the other variants of its group, such as the size `1 kg`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ProductOption {
    /// The name, such as `Size`: 1 to 50 characters, not blank. No other option of the product has it, also in other
    /// ASCII case.
    pub name: String,
    /// The value, such as `1 kg`: 1 to 100 characters, not blank.
    pub value: String,
}

/// The options of a product: at most three, each name once.
pub(crate) fn options(value: &[ProductOption], _: &()) -> garde::Result {
    if value.len() > MAX_OPTIONS {
        return Err(Error::new(format_args!(
            "At most {MAX_OPTIONS} options are allowed"
        )));
    }
    for (at, option) in value.iter().enumerate() {
        text::name("Option name", 50)(&option.name, &())?;
        text::name("Option value", 100)(&option.value, &())?;
        let mut others = value[..at].iter();
        if others.any(|other| other.name.eq_ignore_ascii_case(&option.name)) {
            return Err(Error::new(format_args!(
                "Option name given twice: {}",
                option.name
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(given: &[(&str, &str)]) -> String {
        let given: Vec<ProductOption> = given
            .iter()
            .map(|(name, value)| ProductOption {
                name: (*name).to_owned(),
                value: (*value).to_owned(),
            })
            .collect();
        match options(&given, &()) {
            Ok(()) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn options_have_rules() {
        let (name, value) = ("é".repeat(50), "é".repeat(100));
        let (long_name, long_value) = ("é".repeat(51), "é".repeat(101));
        let three = [("Size", "1 kg"), ("Flavour", "Vanilla"), ("Pack", "1 kg")];
        for (given, expected) in [
            (vec![], ""),
            (three.to_vec(), ""),
            (vec![(name.as_str(), value.as_str())], ""),
            // Only ASCII case is ignored.
            (vec![("É", "a"), ("é", "a")], ""),
            (
                vec![("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")],
                "At most 3 options are allowed",
            ),
            (
                vec![("Size", "1 kg"), ("Pack", "2"), ("SIZE", "2 kg")],
                "Option name given twice: SIZE",
            ),
            (vec![("", "1 kg")], "Option name is required"),
            (vec![(" ", "1 kg")], "Option name is required"),
            (vec![("Size", "")], "Option value is required"),
            (vec![(long_name.as_str(), "1 kg")], "Option name too long"),
            (vec![("Size", long_value.as_str())], "Option value too long"),
            (
                vec![("Si\nze", "1 kg")],
                "Option name must not contain control characters",
            ),
            (
                vec![("Size", "1\u{200b}kg")],
                "Option value must not contain invisible characters",
            ),
        ] {
            assert_eq!(error(&given), expected, "{given:?}");
        }
    }
}
