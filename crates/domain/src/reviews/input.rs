use garde::{Error, Validate};

use super::Stars;
use crate::{rules, text};

/// Maximum length of a URL in a review, in bytes.
const MAX_URL_LENGTH: usize = 255;

/// A review to create.
///
/// ```
/// use eggypro_domain::{Validate, reviews::NewReview};
///
/// let review = NewReview::new("Ada".into(), 6, "Tastes of vanilla.".into());
/// assert_eq!(review.validate().unwrap_err().to_string(), "rating: Rating must be between 1 and 5\n");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Validate)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct NewReview {
    /// 1 to 255 characters, not blank.
    #[garde(custom(name_rule))]
    pub reviewer_name: String,
    /// An absolute http or https URL of at most 255 bytes, if any.
    #[garde(inner(custom(rules::web_url("Reviewer image URL", MAX_URL_LENGTH))))]
    pub reviewer_image_url: Option<String>,
    /// 1 to 5.
    #[garde(custom(stars))]
    pub rating: i64,
    /// 1 to 5 000 characters, not blank.
    #[garde(custom(comment_rule))]
    pub comment: String,
    /// An absolute http or https URL of at most 255 bytes, if any.
    #[garde(inner(custom(rules::web_url("Image URL", MAX_URL_LENGTH))))]
    pub image_url: Option<String>,
    /// An absolute http or https URL of at most 255 bytes, if any.
    #[garde(inner(custom(rules::web_url("Video URL", MAX_URL_LENGTH))))]
    pub video_url: Option<String>,
}

impl NewReview {
    /// A review without URLs.
    pub fn new(reviewer_name: String, rating: i64, comment: String) -> Self {
        Self {
            reviewer_name,
            reviewer_image_url: None,
            rating,
            comment,
            image_url: None,
            video_url: None,
        }
    }

    /// A valid review, for documentation and tests.
    pub fn example() -> Self {
        let comment = "Mixes well and tastes of vanilla.";
        Self::new("Ada".into(), 5, comment.into())
    }
}

fn name_rule(value: &str, context: &()) -> garde::Result {
    let rule = text::name("Reviewer name", 255);
    rule(value.trim(), context)?;
    rule(value, context)
}

fn comment_rule(value: &str, context: &()) -> garde::Result {
    let rule = text::lines("Comment", 5_000);
    rule(value.trim(), context)?;
    rule(value, context)
}

fn stars(value: &i64, _: &()) -> garde::Result {
    Stars::try_from(*value).map(drop).map_err(Error::new)
}

#[cfg(test)]
mod tests;
