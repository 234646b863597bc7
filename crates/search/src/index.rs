use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread;

use eggypro_domain::products::{
    Found, Page, Product, ProductId, ProductIndex, ProductQuery, ProductSearch, Revision,
    RowVersion, SearchError, SearchText, Start,
};
use eggypro_domain::synonyms::Synonyms;
use eggypro_domain::{Slug, StoreError};

use crate::columns::{Columns, Entry, Row};
use crate::search::total;
use crate::synonyms::SynonymIndex;
use crate::vocabulary::{Stems, Vocabulary};
use crate::words::{WordWriter, Words};
use crate::{cursor, filter, page};

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

/// Changes to apply to an index.
#[derive(Debug, Default)]
pub struct Changes {
    /// Products that were created or changed, in their current state.
    pub products: Vec<Product>,
    /// Products that were removed.
    pub gone: Vec<ProductId>,
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

    /// Sets whether the index has been filled. After a failure it has to be filled again.
    pub(crate) fn set_filled(&self, is_filled: bool) {
        self.is_filled.store(is_filled, Ordering::SeqCst);
    }

    /// Whether changes add or remove words. Such changes take milliseconds, others microseconds.
    pub(crate) fn has_new_words(&self, changes: &Changes) -> bool {
        let state = self.state();
        let has_same = |product: &Product| {
            let row = state.columns.row(product.id);
            row.is_some_and(|row| state.columns.has_words_of(row, product))
        };
        !changes.gone.is_empty() || !changes.products.iter().all(has_same)
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

    fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn writer(&self) -> MutexGuard<'_, WordWriter> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state, if the index is ready.
    fn ready(&self) -> Result<RwLockReadGuard<'_, State>, StoreError> {
        if !self.is_ready() {
            return Err(StoreError::Unavailable(
                "the catalogue index is not up to date".into(),
            ));
        }
        Ok(self.state())
    }
}

impl ProductIndex for CatalogueIndex {
    fn is_ready(&self) -> bool {
        self.is_ready.load(Ordering::SeqCst)
    }

    fn list(&self, query: &ProductQuery) -> Result<Page<Revision>, StoreError> {
        let state = self.ready()?;
        let columns = &state.columns;
        let set = filter::matching(columns, &query.filter);
        let limit = query.limit.get() as usize;
        let mut rows = page::page(columns, &set, query.sort, &query.start, limit + 1);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| has_more);
        Ok(Page {
            total: total(&set),
            next: last.map(|row| columns.cursor(query.sort, *row)),
            facets: filter::facets(columns, &query.filter, query.facets, None),
            items: rows.iter().map(|row| columns.revision(*row)).collect(),
        })
    }

    fn search(&self, search: &ProductSearch) -> Result<Found, SearchError> {
        let after = match &search.start {
            Start::Offset(_) => None,
            Start::After(cursor) => {
                let position = cursor::decode(cursor, search.sort);
                Some(position.ok_or(SearchError::UnknownCursor)?)
            }
        };
        let state = self.ready()?;
        let found = state.find(search, after.as_ref().map(|(mode, _)| *mode));
        let hits = found.map_err(|error| StoreError::Unexpected(IndexError::from(error).into()))?;
        Ok(state.page(search, after.map(|(_, position)| position), hits))
    }

    fn suggest(&self, text: &SearchText, limit: u8) -> Result<Vec<Revision>, StoreError> {
        let state = self.ready()?;
        let rows = state.suggest(text, limit.into());
        let rows = rows.map_err(|error| StoreError::Unexpected(IndexError::from(error).into()))?;
        Ok(rows
            .into_iter()
            .map(|row| state.columns.revision(row))
            .collect())
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
