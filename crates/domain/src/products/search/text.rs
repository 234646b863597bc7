use std::str::FromStr;

use crate::products::Product;

/// A text to search for: 1 to 200 characters after trimming, without NUL. It has no operators or wildcards. Case does
/// not matter, so ASCII letters are converted to lower case. Like all texts it is in [normalization form
/// C](crate::nfc).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct SearchText(String);

/// Why a text is not a valid [`SearchText`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSearchText {
    /// The text is empty or only white space.
    #[error("must not be empty")]
    Empty,
    /// The text has more than 200 characters.
    #[error("must have at most 200 characters")]
    TooLong,
    /// The text has a NUL character, which no stored text has.
    #[error("must not contain NUL characters")]
    Nul,
}

impl SearchText {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the title, name or description of a product contains the text. Ignores case.
    pub(in crate::products) fn is_in(&self, product: &Product) -> bool {
        let text = self.0.to_lowercase();
        let contains = |part: &str| part.to_lowercase().contains(&text);
        contains(product.shown_title()) || contains(&product.name) || contains(&product.description)
    }
}

impl FromStr for SearchText {
    type Err = InvalidSearchText;

    fn from_str(text: &str) -> Result<Self, InvalidSearchText> {
        let text = crate::nfc(text.trim());
        if text.is_empty() {
            Err(InvalidSearchText::Empty)
        } else if text.contains('\0') {
            Err(InvalidSearchText::Nul)
        } else if text.chars().nth(200).is_some() {
            Err(InvalidSearchText::TooLong)
        } else {
            Ok(Self(text.to_ascii_lowercase()))
        }
    }
}

impl TryFrom<String> for SearchText {
    type Error = InvalidSearchText;

    fn try_from(text: String) -> Result<Self, InvalidSearchText> {
        text.parse()
    }
}

impl From<SearchText> for String {
    fn from(text: SearchText) -> Self {
        text.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn search_texts_are_trimmed_and_bounded() {
        let egg = "  egg ".parse::<SearchText>().unwrap();
        assert_eq!(egg.as_str(), "egg");
        assert_eq!(String::from(egg), "egg");
        assert_eq!(" \t".parse::<SearchText>(), Err(InvalidSearchText::Empty));
        assert_eq!("a\0".parse::<SearchText>(), Err(InvalidSearchText::Nul));
        assert_eq!(
            "é".repeat(201).parse::<SearchText>(),
            Err(InvalidSearchText::TooLong)
        );
        assert!("é".repeat(200).parse::<SearchText>().is_ok());
        assert_eq!(
            "E\u{301}"
                .repeat(200)
                .parse::<SearchText>()
                .unwrap()
                .as_str(),
            "É".repeat(200)
        );
    }
}
