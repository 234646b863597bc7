use crate::analysis::QueryTerm;
use crate::columns::Columns;
use crate::synonyms::SynonymIndex;
use crate::vocabulary::{Stems, Vocabulary};
use crate::words::{Corrections, Words, Zone};

/// All words of a catalogue, which queries are expanded with.
pub(crate) struct Lexicon<'a> {
    pub(crate) words: &'a Words,
    pub(crate) vocabulary: &'a Vocabulary,
    pub(crate) synonyms: &'a SynonymIndex,
    pub(crate) columns: &'a Columns,
}

/// The shortest part of a compound, in characters.
const MIN_COMPOUND_PART: usize = 3;

/// The longest word that is corrected, in characters.
const MAX_CORRECTED_LENGTH: usize = 40;

impl Lexicon<'_> {
    /// Whether any product or category has this word.
    pub(super) fn contains(&self, word: &str) -> tantivy::Result<bool> {
        for zone in Zone::ALL {
            if self.words.contains(word, zone)? {
                return Ok(true);
            }
        }
        Ok(self.category_words().any(|of| of == word))
    }

    /// Whether any product or category has a word with this prefix.
    pub(super) fn has_prefix(&self, prefix: &str) -> tantivy::Result<bool> {
        for zone in Zone::ALL {
            if self.words.contains(prefix, zone)? || self.words.has_prefix(prefix, zone)? {
                return Ok(true);
            }
        }
        Ok(self.category_words().any(|of| of.starts_with(prefix)))
    }

    /// The words of the catalogue with the same stem.
    pub(super) fn forms(&self, word: &str, stems: &mut Stems) -> Vec<String> {
        let forms = self.vocabulary.of_stem(&stems.stem(word));
        forms.iter().map(|form| form.to_string()).collect()
    }

    /// The synonyms of terms, as words that must all match. Synonyms that no product contains are left out.
    pub(super) fn synonyms(
        &self,
        terms: &[QueryTerm],
        stems: &mut Stems,
    ) -> tantivy::Result<Vec<Vec<String>>> {
        let mut synonyms = vec![];
        for phrase in self.synonyms.of_phrase(terms, stems) {
            if let [word] = phrase {
                let forms = self.forms(word, stems).into_iter();
                synonyms.extend(forms.map(|form| vec![form]));
                continue;
            }
            let mut is_there = true;
            for word in phrase {
                is_there = is_there && self.contains(word)?;
            }
            if is_there {
                synonyms.push(phrase.to_vec());
            }
        }
        Ok(synonyms)
    }

    /// The pairs of words of the catalogue that compose a word.
    pub(super) fn splits(&self, word: &str) -> Vec<[String; 2]> {
        let is_part = |part: &str| {
            part.chars().count() >= MIN_COMPOUND_PART && self.vocabulary.contains(part)
        };
        let splits = word.char_indices().map(|(at, _)| word.split_at(at));
        let splits = splits.filter(|(one, other)| is_part(one) && is_part(other));
        splits
            .map(|(one, other)| [one.to_owned(), other.to_owned()])
            .collect()
    }

    /// The nearest words of names, ingredients and categories; if there are none, of texts.
    pub(super) fn corrections(&self, word: &str) -> tantivy::Result<Corrections> {
        let max_edits = match word.chars().count() {
            3..6 => 1,
            6..=MAX_CORRECTED_LENGTH => 2,
            _ => return Ok(Corrections::none()),
        };
        let mut corrections = Corrections::of(word, max_edits);
        for zone in [Zone::Name, Zone::Ingredients] {
            self.words.correct(&mut corrections, zone)?;
        }
        self.category_words()
            .for_each(|other| corrections.offer(other));
        if corrections.words.is_empty() {
            self.words.correct(&mut corrections, Zone::Text)?;
        }
        Ok(corrections)
    }

    fn category_words(&self) -> impl Iterator<Item = &String> {
        let categories = self.columns.categories.values();
        categories.flat_map(|category| &category.words)
    }
}
