use garde::Validate;

use crate::text;

/// What search engines show of a product instead of its name and its description.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Validate)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct Seo {
    /// The title of the page: 1 to 70 characters.
    #[garde(inner(custom(text::line("SEO title", 70))))]
    pub title: Option<String>,
    /// The description of the page: 1 to 200 characters.
    #[garde(inner(custom(text::line("SEO description", 200))))]
    pub description: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(title: &str, description: &str) -> String {
        let seo = Seo {
            title: Some(title.to_owned()),
            description: Some(description.to_owned()),
        };
        match seo.validate() {
            Ok(()) => String::new(),
            Err(report) => report.to_string().trim_end().replace('\n', "; "),
        }
    }

    #[test]
    fn texts_have_rules() {
        let (title, description) = ("é".repeat(70), "é".repeat(200));
        let (long_title, long_description) = ("é".repeat(71), "é".repeat(201));
        for (title, description, expected) in [
            (title.as_str(), description.as_str(), ""),
            ("a", "b", ""),
            ("", "b", "title: SEO title is required"),
            ("a", "", "description: SEO description is required"),
            (
                long_title.as_str(),
                long_description.as_str(),
                "description: SEO description too long; title: SEO title too long",
            ),
            (
                "a\nb",
                "b",
                "title: SEO title must not contain control characters",
            ),
        ] {
            assert_eq!(errors(title, description), expected);
        }
        assert!(Seo::default().validate().is_ok());
    }
}
