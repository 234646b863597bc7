mod changes;
mod fill;
mod queries;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use eggypro_domain::Slug;
use eggypro_domain::products::{Product, ProductId, RowVersion};
use eggypro_domain::synonyms::Synonyms;

pub use self::changes::Changes;
use crate::columns::{Columns, Entry};
use crate::synonyms::SynonymIndex;
use crate::vocabulary::{Stems, Vocabulary};
use crate::words::{WordWriter, Words};

/// The catalogue index of a shop, in memory.
pub struct CatalogueIndex {
    /// Locked while changes are applied, so that they are applied one after another.
    writer: Mutex<WordWriter>,
    state: RwLock<State>,
    is_filled: AtomicBool,
    is_ready: AtomicBool,
}

/// The data that queries read.
pub(crate) struct State {
    pub(crate) columns: Columns,
    pub(crate) words: Words,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) synonyms: SynonymIndex,
}

/// The catalogue index failed.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// An error of tantivy.
    #[error("the inverted index failed: {0}")]
    Words(#[from] tantivy::TantivyError),
    /// A panic, which is a bug.
    #[error("the catalogue index panicked: {0}")]
    Panicked(String),
}

impl CatalogueIndex {
    /// An empty index, which refuses queries until it is [ready](Self::set_ready).
    ///
    /// # Errors
    /// An error of tantivy.
    pub fn new() -> Result<Self, IndexError> {
        Ok(Self {
            writer: Mutex::new(WordWriter::new()?),
            state: RwLock::new(State {
                columns: Columns::default(),
                words: Words::default(),
                vocabulary: Vocabulary::default(),
                synonyms: SynonymIndex::default(),
            }),
            is_filled: AtomicBool::new(false),
            is_ready: AtomicBool::new(false),
        })
    }

    /// Sets whether the index accepts queries.
    pub fn set_ready(&self, is_ready: bool) {
        self.is_ready.store(is_ready, Ordering::SeqCst);
    }

    /// Whether the index has been filled.
    pub(crate) fn is_filled(&self) -> bool {
        self.is_filled.load(Ordering::SeqCst)
    }

    /// Sets whether the index has been filled. After a failure it has to be filled again.
    pub(crate) fn set_filled(&self, is_filled: bool) {
        self.is_filled.store(is_filled, Ordering::SeqCst);
    }

    /// Whether there is a product with this id.
    pub(crate) fn contains(&self, id: ProductId) -> bool {
        self.state().columns.row(id).is_some()
    }

    /// Whether all columns and orders have the values of a product. Texts are compared by a hash.
    pub(crate) fn holds(&self, product: &Product) -> bool {
        let entry = Entry::of(product);
        self.state().columns.holds(product.id, &entry)
    }

    /// The number of products.
    pub fn len(&self) -> usize {
        self.state().columns.len()
    }

    /// Whether there is no product.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The version of each product, sorted by id.
    pub fn versions(&self) -> Vec<(ProductId, RowVersion)> {
        let mut versions: Vec<_> = self.state().columns.versions().collect();
        versions.sort_unstable_by_key(|(id, _)| *id);
        versions
    }

    /// The product with a slug.
    pub fn id_of(&self, slug: &Slug) -> Option<ProductId> {
        let state = self.state();
        let row = state.columns.row_of_slug(slug.as_str())?;
        Some(ProductId(state.columns.id(row)))
    }

    /// Replaces the synonyms.
    pub fn set_synonyms(&self, synonyms: &Synonyms) {
        if self.state().synonyms.source() != synonyms {
            let synonyms = SynonymIndex::of(synonyms);
            self.state_mut().synonyms = synonyms;
        }
    }

    fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn writer(&self) -> MutexGuard<'_, WordWriter> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add_words_of_categories(&mut self, stems: &mut Stems) {
        let categories = self.columns.categories.values();
        let words = categories.flat_map(|category| &category.words);
        words.for_each(|word| self.vocabulary.add(word, stems));
    }
}

fn entries(products: &[Product]) -> Vec<(ProductId, Entry)> {
    products
        .iter()
        .map(|product| (product.id, Entry::of(product)))
        .collect()
}

impl fmt::Debug for CatalogueIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CatalogueIndex")
            .field("products", &self.len())
            .finish_non_exhaustive()
    }
}
