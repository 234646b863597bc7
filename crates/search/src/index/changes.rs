//! Applies changes.

use eggypro_domain::products::{Product, ProductId};

use super::{CatalogueIndex, IndexError, State, entries};
use crate::columns::Entry;
use crate::vocabulary::Stems;
use crate::words::WordWriter;

/// Changes to apply to an index.
#[derive(Debug, Default)]
pub struct Changes {
    /// Products that were created or changed, in their current state.
    pub products: Vec<Product>,
    /// Products that were removed.
    pub gone: Vec<ProductId>,
}

impl CatalogueIndex {
    /// Whether changes add or remove words. Such changes take milliseconds, others microseconds.
    pub(crate) fn has_new_words(&self, changes: &Changes) -> bool {
        let state = self.state();
        let has_same = |product: &Product| {
            let row = state.columns.row(product.id);
            row.is_some_and(|row| state.columns.has_words_of(row, product))
        };
        !changes.gone.is_empty() || !changes.products.iter().all(has_same)
    }

    /// Applies changes atomically. Blocks for milliseconds if texts have changed.
    ///
    /// # Errors
    /// An error of tantivy. The index has to be filled again after it.
    pub fn apply(&self, changes: &Changes) -> Result<(), IndexError> {
        let mut writer = self.writer();
        let texts = self.write_words(changes, &mut writer)?;
        // Readers use the previous state until everything is written.
        let words = match texts.has_any {
            true => Some(writer.commit(&self.state().words)?),
            false => None,
        };
        let entries = entries(&changes.products);
        let mut state = self.state_mut();
        state.apply(&changes.gone, entries, &texts);
        if let Some(words) = words {
            state.words = words;
        }
        Ok(())
    }

    /// Writes the words of changed texts, without committing them.
    fn write_words(&self, changes: &Changes, writer: &mut WordWriter) -> Result<Texts, IndexError> {
        let state = self.state();
        let mut texts = Texts::default();
        let rows = state.columns.rows_for(&changes.gone, &changes.products);
        for id in &changes.gone {
            if let Some(row) = state.columns.row(*id) {
                writer.remove(row)?;
                texts.has_any = true;
            }
        }
        for (product, row) in changes.products.iter().zip(rows) {
            let known = state.columns.row(product.id);
            if known.is_some_and(|row| state.columns.has_words_of(row, product)) {
                continue;
            }
            let collect = |word: &str| {
                if !state.vocabulary.contains(word) {
                    texts.new.push(word.to_owned());
                }
            };
            writer.put(row, known.is_none(), product, collect)?;
            texts.has_any = true;
        }
        Ok(texts)
    }
}

/// The words of changed texts.
#[derive(Default)]
struct Texts {
    /// Whether any has changed.
    has_any: bool,
    /// Words that are not in the vocabulary yet.
    new: Vec<String>,
}

impl State {
    /// Applies changes to everything but the inverted index.
    fn apply(&mut self, gone: &[ProductId], entries: Vec<(ProductId, Entry)>, texts: &Texts) {
        gone.iter().for_each(|id| self.columns.remove(*id));
        self.columns.put(entries);
        let mut stems = Stems::default();
        let new = texts.new.iter();
        new.for_each(|word| self.vocabulary.add(word, &mut stems));
        self.add_words_of_categories(&mut stems);
    }
}
