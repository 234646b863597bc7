//! Fills the index.

use std::thread;

use eggypro_domain::products::Product;

use super::{CatalogueIndex, IndexError, State, entries};
use crate::columns::{Columns, Row};
use crate::vocabulary::{Stems, Vocabulary};
use crate::words::{WordWriter, Words};

impl CatalogueIndex {
    /// Replaces the content of the index. It must not be ready meanwhile.
    pub(crate) fn fill(
        &self,
        portions: impl Iterator<Item = Vec<Product>>,
    ) -> Result<(), IndexError> {
        self.begin_anew()?;
        for products in portions {
            self.add(&products)?;
        }
        self.finish()
    }

    /// Adds new products, each at most once. [`finish`](Self::finish) makes their words searchable.
    fn add(&self, products: &[Product]) -> Result<(), IndexError> {
        let mut writer = self.writer();
        let height = self.state().columns.height() as Row;
        for (product, row) in products.iter().zip(height..) {
            writer.put(row, true, product, |_| ())?;
        }
        self.state_mut().columns.put(entries(products));
        Ok(())
    }

    fn finish(&self) -> Result<(), IndexError> {
        let mut writer = self.writer();
        let mut state = self.state_mut();
        let State { columns, words, .. } = &mut *state;
        *words = thread::scope(|scope| {
            scope.spawn(|| columns.sort());
            writer.commit(words)
        })?;
        let mut stems = Stems::default();
        let State {
            words, vocabulary, ..
        } = &mut *state;
        words.each_word(|word| vocabulary.add(word, &mut stems))?;
        state.add_words_of_categories(&mut stems);
        Ok(())
    }

    fn begin_anew(&self) -> Result<(), IndexError> {
        let mut writer = self.writer();
        *writer = WordWriter::new()?;
        let mut state = self.state_mut();
        state.columns = Columns::in_bulk();
        state.words = Words::default();
        state.vocabulary = Vocabulary::default();
        Ok(())
    }
}
