//! Synonyms: words and phrases that searches treat as equal.

use std::collections::HashMap;

use async_trait::async_trait;
use garde::{Error, Valid, Validate};

use crate::products::{Expected, Revision};
use crate::{StoreError, text};

/// Maximum number of groups.
const MAX_GROUPS: usize = 1_000;

/// Maximum number of terms in a group.
const MAX_TERMS: usize = 20;

/// The synonyms of a shop. There is one list per shop.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Synonyms {
    /// Groups of words and phrases with the same meaning.
    pub groups: Vec<Vec<String>>,
    /// Starts at 1 and is incremented by each change.
    pub version: i32,
}

impl Synonyms {
    /// The groups with their version.
    pub fn new(groups: Vec<Vec<String>>, version: i32) -> Self {
        Self { groups, version }
    }

    /// The revision of the list. Its id is always 1.
    pub fn revision(&self) -> Revision<i32> {
        Revision {
            id: 1,
            version: self.version,
        }
    }
}

impl Default for Synonyms {
    fn default() -> Self {
        Self::new(vec![], 1)
    }
}

/// Groups that replace all synonyms of a shop.
///
/// ```
/// use eggypro_domain::{Validate, synonyms::NewSynonyms};
///
/// let groups = vec![vec!["cocoa".into(), "cacao".into()]];
/// assert!(NewSynonyms::new(groups).validate().is_ok());
/// let report = NewSynonyms::new(vec![vec!["cocoa".into()]]).validate().unwrap_err();
/// assert_eq!(report.to_string(), "groups[0]: A group must have at least two terms\n");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Validate)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct NewSynonyms {
    /// At most 1 000 groups of 2 to 20 different terms. A term is a word or phrase of 1 to 100 characters, and belongs
    /// to one group only.
    #[garde(custom(count), inner(custom(group), inner(custom(term))))]
    pub groups: Vec<Vec<String>>,
}

impl NewSynonyms {
    /// The groups.
    pub fn new(groups: Vec<Vec<String>>) -> Self {
        Self { groups }
    }
}

fn count(groups: &[Vec<String>], _: &()) -> garde::Result {
    if groups.len() > MAX_GROUPS {
        return Err(Error::new("At most 1000 groups are allowed"));
    }
    let mut group_of = HashMap::new();
    for (index, group) in groups.iter().enumerate() {
        for term in group {
            let other = group_of.insert(term.to_lowercase(), index);
            if let Some(other) = other.filter(|other| *other != index) {
                return Err(Error::new(format_args!(
                    "The groups {other} and {index} both have the term {term}"
                )));
            }
        }
    }
    Ok(())
}

fn group(terms: &[String], _: &()) -> garde::Result {
    if terms.len() < 2 {
        return Err(Error::new("A group must have at least two terms"));
    }
    if terms.len() > MAX_TERMS {
        return Err(Error::new("A group must have at most 20 terms"));
    }
    let lowercase: Vec<String> = terms.iter().map(|term| term.to_lowercase()).collect();
    for (index, term) in lowercase.iter().enumerate() {
        if lowercase[..index].contains(term) {
            let term = &terms[index];
            return Err(Error::new(format_args!(
                "A group has the term {term} twice"
            )));
        }
    }
    Ok(())
}

fn term(value: &str, context: &()) -> garde::Result {
    text::name("Term", 100)(value, context)?;
    if value.chars().any(char::is_alphanumeric) {
        return Ok(());
    }
    Err(Error::new("Term must have a letter or a digit"))
}

/// Why synonyms were not replaced. A failed write has no effect.
#[derive(Debug, thiserror::Error)]
pub enum SynonymsError {
    /// The synonyms do not have the revision that the caller expected. Contains the current one.
    #[error("the synonyms have changed")]
    Changed(Revision<i32>),
    /// The store is unavailable or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Stores the synonyms of a shop.
#[async_trait]
pub trait SynonymRepository: Send + Sync {
    /// The current synonyms.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn read(&self) -> Result<Synonyms, StoreError>;

    /// Replaces all synonyms if they have the expected revision. If nothing changes, the version stays the same.
    ///
    /// # Errors
    /// [`SynonymsError::Changed`] if they have another revision.
    async fn replace(
        &self,
        synonyms: Valid<NewSynonyms>,
        expected: Expected<i32>,
    ) -> Result<Synonyms, SynonymsError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_its_message() {
        let errors = |groups: Vec<Vec<&str>>| {
            let groups = groups.into_iter();
            let own = |group: Vec<&str>| group.into_iter().map(String::from).collect();
            let synonyms = NewSynonyms::new(groups.map(own).collect());
            let report = synonyms.validate().err();
            report.map_or_else(String::new, |report| report.to_string())
        };
        assert_eq!(errors(vec![]), "");
        assert_eq!(errors(vec![vec!["egg white", "Eiweiß", "B12"]]), "");
        let numbers: Vec<String> = (0..2 * MAX_GROUPS + 2).map(|n| n.to_string()).collect();
        let pairs = numbers.chunks(2);
        let pairs = pairs.map(|pair| pair.iter().map(String::as_str).collect());
        let pairs: Vec<Vec<&str>> = pairs.collect();
        assert_eq!(errors(pairs[1..].to_vec()), "");
        assert_eq!(errors(pairs), "groups: At most 1000 groups are allowed\n");
        assert_eq!(
            errors(vec![vec!["a", "b"], vec!["c", "B"]]),
            "groups: The groups 0 and 1 both have the term B\n"
        );
        assert_eq!(
            errors(vec![vec!["a", "b"], vec![]]),
            "groups[1]: A group must have at least two terms\n"
        );
        let terms: Vec<String> = (0..=MAX_TERMS).map(|number| number.to_string()).collect();
        let terms: Vec<&str> = terms.iter().map(String::as_str).collect();
        assert_eq!(errors(vec![terms[1..].to_vec()]), "");
        assert_eq!(
            errors(vec![terms]),
            "groups[0]: A group must have at most 20 terms\n"
        );
        assert_eq!(
            errors(vec![vec!["Cocoa", "cacao", "cocoa"]]),
            "groups[0]: A group has the term cocoa twice\n"
        );
        assert_eq!(
            errors(vec![vec!["a", ""]]),
            "groups[0][1]: Term is required\n"
        );
        assert_eq!(
            errors(vec![vec!["a", "%"]]),
            "groups[0][1]: Term must have a letter or a digit\n"
        );
        assert_eq!(
            errors(vec![vec!["a", "b\nc"]]),
            "groups[0][1]: Term must not contain control characters\n"
        );
        assert_eq!(
            errors(vec![vec!["a", &"b".repeat(101)]]),
            "groups[0][1]: Term too long\n"
        );
    }
}
