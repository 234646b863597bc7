use std::collections::HashMap;

use garde::{Error, Validate};

use crate::text;

/// Maximum number of groups.
const MAX_GROUPS: usize = 1_000;

/// Maximum number of terms in a group.
const MAX_TERMS: usize = 20;

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

#[cfg(test)]
mod tests;
