use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use eggypro_domain::products::{
    Cursor, Facets, Found, NameKey, Page, Product, ProductFilter, ProductId, ProductIndex,
    ProductQuery, ProductSearch, ProductSort, Revision, SearchError, SearchText, SortKey, Stamp,
    Start, Total,
};
use eggypro_domain::{Decimal, Price, Slug, StoreError};
use fixedbitset::FixedBitSet;

use crate::columns::{Columns, Row};
use crate::cursor::{self, Behind};
use crate::query::{Lexicon, Query, Reading};
use crate::rank::{self, Rank};
use crate::synonyms::Synonyms;
use crate::words::{Stems, Vocabulary, WordWriter, Words, WordsOf};
use crate::{filter, page};

/// With fewer hits than these, the words that may have been meant are looked for as well.
const FEW: usize = 3;

/// The catalogue index of a shop, in memory. What is entered is found from then on.
pub struct CatalogueIndex {
    /// Held by who enters something, so that one does at a time.
    writer: Mutex<WordWriter>,
    state: RwLock<State>,
    is_filled: AtomicBool,
    is_ready: AtomicBool,
}

struct State {
    columns: Columns,
    words: Words,
    vocabulary: Vocabulary,
    synonyms: Synonyms,
}

/// The catalogue index can't do what it must.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// tantivy refuses.
    #[error("the catalogue index is broken: {0}")]
    Words(#[from] tantivy::TantivyError),
    /// A fault of the index.
    #[error("the catalogue index has failed: {0}")]
    Panicked(String),
}

/// What there is to enter.
#[derive(Debug, Default)]
pub struct Changes {
    /// Products as they stand by now.
    pub products: Vec<Product>,
    /// Those that are gone.
    pub gone: Vec<ProductId>,
}

impl CatalogueIndex {
    /// An empty index that answers nothing before it is [ready](Self::set_ready).
    ///
    /// # Errors
    /// When tantivy refuses.
    pub fn new() -> Result<Self, IndexError> {
        Ok(Self {
            writer: Mutex::new(WordWriter::new()?),
            state: RwLock::new(State {
                columns: Columns::default(),
                words: Words::default(),
                vocabulary: Vocabulary::default(),
                synonyms: Synonyms::built_in(),
            }),
            is_filled: AtomicBool::new(false),
            is_ready: AtomicBool::new(false),
        })
    }

    /// From now on it answers, or does not.
    pub fn set_ready(&self, is_ready: bool) {
        self.is_ready.store(is_ready, Ordering::SeqCst);
    }

    /// Whether all products have been entered once.
    pub(crate) fn is_filled(&self) -> bool {
        self.is_filled.load(Ordering::SeqCst)
    }

    /// Enters all products in place of what it knows. Nobody is answered meanwhile.
    pub(crate) fn fill(
        &self,
        portions: impl Iterator<Item = Vec<Product>>,
    ) -> Result<(), IndexError> {
        self.begin_anew()?;
        for products in portions {
            let gone = vec![];
            self.enter_portion(&Changes { products, gone })?;
        }
        self.finish()
    }

    /// Whether all products have been entered once, and none was lost since.
    pub(crate) fn set_filled(&self, is_filled: bool) {
        self.is_filled.store(is_filled, Ordering::SeqCst);
    }

    /// Whether to enter these takes more than to set numbers.
    pub(crate) fn has_new_words(&self, changes: &Changes) -> bool {
        let state = self.state();
        let has_same = |product: &Product| {
            let row = state.columns.row(product.id);
            row.is_some_and(|row| state.columns.has_words_of(row, product))
        };
        !changes.gone.is_empty() || !changes.products.iter().all(has_same)
    }

    /// How many products it knows.
    pub fn len(&self) -> usize {
        self.state().columns.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// In which state each product is known, by id.
    pub fn stamps(&self) -> Vec<(ProductId, Stamp)> {
        let mut stamps: Vec<_> = self.state().columns.stamps().collect();
        stamps.sort_unstable_by_key(|(id, _)| *id);
        stamps
    }

    /// The product that it knows by a slug.
    pub fn id_of(&self, slug: &Slug) -> Option<ProductId> {
        let state = self.state();
        let row = state.columns.row_of_slug(slug.as_str())?;
        Some(ProductId(state.columns.id(row)))
    }

    /// Enters changes: nobody sees a part of them. Takes a while where texts have changed, so not for the event loop.
    ///
    /// # Errors
    /// When tantivy refuses; then products may be found by what they were called before.
    pub fn enter(&self, changes: &Changes) -> Result<(), IndexError> {
        let mut writer = self.writer();
        let texts = self.write_words(changes, &mut writer)?;
        // Readers go on with what was before until all is there.
        let words = match texts.has_any {
            true => Some(writer.commit(&self.state().words)?),
            false => None,
        };
        let mut state = self.state_mut();
        state.enter(changes, &texts);
        if let Some(words) = words {
            state.words = words;
        }
        Ok(())
    }

    /// Enters some of many changes, whose words are found when it is [finished](Self::finish).
    fn enter_portion(&self, changes: &Changes) -> Result<(), IndexError> {
        let mut writer = self.writer();
        let texts = self.write_words(changes, &mut writer)?;
        self.state_mut().enter(changes, &texts);
        Ok(())
    }

    /// Writes the words of changes down, which are found when they are committed.
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
            let learn = |word: &str| {
                if !state.vocabulary.knows(word) {
                    texts.learnt.push(word.to_owned());
                }
            };
            let words = WordsOf::product(product, learn);
            writer.put(row, known.is_none(), words)?;
            texts.has_any = true;
        }
        Ok(texts)
    }

    fn finish(&self) -> Result<(), IndexError> {
        let mut writer = self.writer();
        let mut state = self.state_mut();
        state.columns.sort();
        state.words = writer.commit(&state.words)?;
        Ok(())
    }

    fn begin_anew(&self) -> Result<(), IndexError> {
        let mut writer = self.writer();
        *writer = WordWriter::new()?;
        let mut state = self.state_mut();
        state.columns = Columns::in_bulk();
        state.words = Words::default();
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

    /// What it knows, if it answers.
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
        let behind = match &search.start {
            Start::Offset(_) => None,
            Start::After(place) => {
                let place = cursor::read(place, search.sort);
                Some(place.ok_or(SearchError::UnknownCursor)?)
            }
        };
        let state = self.ready()?;
        let found = state.find(search, behind.as_ref().map(|(reading, _)| *reading));
        let hits = found.map_err(|error| StoreError::Unexpected(IndexError::from(error).into()))?;
        Ok(state.page(search, behind.map(|(_, behind)| behind), hits))
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

/// What there was in texts.
#[derive(Default)]
struct Texts {
    /// Whether any has changed.
    has_any: bool,
    /// Words that were not known.
    learnt: Vec<String>,
}

/// What a text is found in.
struct Hits {
    query: Query,
    reading: Reading,
    scores: Vec<u16>,
    /// All that have a score.
    rows: FixedBitSet,
}

impl State {
    /// Enters all but the words, which are written and committed for themselves.
    fn enter(&mut self, changes: &Changes, texts: &Texts) {
        for id in &changes.gone {
            self.columns.remove(*id);
        }
        self.columns.put(&changes.products);
        let mut stems = Stems::default();
        let categories = self.columns.categories.values();
        let of_categories = categories.flat_map(|category| &category.words);
        let learnt = texts.learnt.iter().chain(of_categories);
        learnt.for_each(|word| self.vocabulary.learn(word, &mut stems));
    }

    fn lexicon(&self) -> Lexicon<'_> {
        Lexicon {
            words: &self.words,
            vocabulary: &self.vocabulary,
            synonyms: &self.synonyms,
            columns: &self.columns,
        }
    }

    /// Looks for the words as they were typed; if few products have them, for those that may have been meant as well; and
    /// if still nothing is found, for any of them. A page that follows another one takes the text as freely as that.
    fn find(&self, search: &ProductSearch, reading: Option<Reading>) -> tantivy::Result<Hits> {
        let lexicon = self.lexicon();
        let mut query = Query::read(&search.text, &lexicon)?;
        let mut status = ProductFilter::default();
        status.status = search.filter.status;
        let seen = filter::matching(&self.columns, &status);
        let mut at = Reading::Typed;
        loop {
            let scores = query.scores(&lexicon, at)?;
            let rows = self.hits(&scores, &query);
            let count = rows.intersection_count(&seen);
            let next = match (at, reading) {
                (_, Some(reading)) if at == reading => None,
                (Reading::Typed, Some(_)) => Some(Reading::Meant),
                (Reading::Typed, None) => (count < FEW).then_some(Reading::Meant),
                (Reading::Meant, Some(_)) => Some(Reading::Any),
                (Reading::Meant, None) => (count == 0 && query.len() > 1).then_some(Reading::Any),
                (Reading::Any, _) => None,
            };
            let Some(next) = next else {
                let scores = match at {
                    Reading::Any => scores,
                    _ => self.favour_names(scores, &query, &rows),
                };
                return Ok(Hits {
                    query,
                    reading: at,
                    scores,
                    rows,
                });
            };
            if next == Reading::Meant {
                query.forgive(&lexicon)?;
            }
            at = next;
        }
    }

    fn hits(&self, scores: &[u16], query: &Query) -> FixedBitSet {
        let mut rows = FixedBitSet::with_capacity(self.columns.active.len());
        if !query.is_empty() {
            let hits = scores.iter().enumerate().filter(|(_, score)| **score > 0);
            hits.for_each(|(row, _)| rows.insert(row));
        }
        rows
    }

    /// Puts what is called as was typed before what is called so among other things.
    fn favour_names(&self, mut scores: Vec<u16>, query: &Query, rows: &FixedBitSet) -> Vec<u16> {
        let asked = query.len();
        let all_in_name = Query::least_in_name(asked);
        for row in rows.ones() {
            let length = self.columns.name_length(row as Row);
            if scores[row] >= all_in_name && length >= asked {
                scores[row] += match length - asked {
                    0 => 40,
                    more => 20_u16.saturating_sub(2 * u16::try_from(more).unwrap_or(u16::MAX)),
                };
            }
        }
        scores
    }

    fn page(&self, search: &ProductSearch, behind: Option<Behind>, hits: Hits) -> Found {
        let columns = &self.columns;
        let mut set = filter::matching(columns, &search.filter);
        set.intersect_with(&hits.rows);
        let limit = search.limit.get() as usize;
        let skipped = search.start.offset() as usize;
        let mut rows = match (search.sort, behind) {
            (None, Some(Behind::Hit(rank))) => {
                rank::best(columns, &hits.scores, &set, Some(rank), 0, limit + 1)
            }
            (None, _) => rank::best(columns, &hits.scores, &set, None, skipped, limit + 1),
            (Some(sort), Some(Behind::Product(cursor))) => {
                page::page(columns, &set, sort, &Start::After(cursor), limit + 1)
            }
            (Some(sort), _) => {
                let start = Start::Offset(search.start.offset());
                page::page(columns, &set, sort, &start, limit + 1)
            }
        };
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| has_more).map(|row| {
            let behind = match search.sort {
                None => Behind::Hit(Rank::of(columns, &hits.scores, *row)),
                Some(sort) => Behind::Product(columns.cursor(sort, *row)),
            };
            cursor::write(hits.reading, search.sort, &behind)
        });
        let facets: Option<Facets> =
            filter::facets(columns, &search.filter, search.facets, Some(&hits.rows));
        Found {
            products: rows.iter().map(|row| columns.revision(*row)).collect(),
            total: total(&set),
            next,
            facets,
            highlighter: Box::new(hits.query.marks),
        }
    }

    /// First the names that begin with the text, by name, then those in which a word begins with each of its words, the best
    /// rated first; and if there is none, those that may have been meant.
    fn suggest(&self, text: &SearchText, limit: usize) -> tantivy::Result<Vec<Row>> {
        let lexicon = self.lexicon();
        let mut query = Query::read(text, &lexicon)?;
        if query.is_empty() {
            return Ok(vec![]);
        }
        let mut rows = self.named(&query, text, limit)?;
        if rows.is_empty() {
            query.forgive(&lexicon)?;
            rows = self.named(&query, text, limit)?;
        }
        Ok(rows)
    }

    fn named(&self, query: &Query, text: &SearchText, limit: usize) -> tantivy::Result<Vec<Row>> {
        let columns = &self.columns;
        let names = query.names(&self.lexicon())?;
        let text = text.as_str().to_lowercase();
        let is_meant = |row: &&Row| {
            let row = **row as usize;
            names[row] && columns.active.contains(row)
        };
        let by_name = columns.order(ProductSort::NameAsc).iter();
        let begins = by_name
            .filter(is_meant)
            .filter(|row| columns.text(**row).starts_with(&text));
        let mut rows: Vec<Row> = begins.take(limit).copied().collect();
        let by_rating = columns.order(ProductSort::RatingDesc).iter().rev();
        for row in by_rating.filter(is_meant) {
            if rows.len() >= limit {
                break;
            }
            if !rows.contains(row) {
                rows.push(*row);
            }
        }
        Ok(rows)
    }
}

fn total(set: &FixedBitSet) -> Total {
    Total::Exactly(set.count_ones(..).try_into().unwrap_or(u32::MAX))
}

impl Columns {
    /// The place behind a product in a list.
    fn cursor(&self, sort: ProductSort, row: Row) -> Cursor {
        let key = match sort {
            // Sorting makes no difference between small and capital letters.
            ProductSort::NameAsc | ProductSort::NameDesc => {
                let name = self.text(row).lines().next().unwrap_or_default();
                SortKey::Name(NameKey::of(name))
            }
            ProductSort::PriceAsc | ProductSort::PriceDesc => {
                match Price::try_from(Decimal::new(self.price(row).into(), 2)) {
                    Ok(price) => SortKey::Price(price),
                    // Only prices are ever entered.
                    Err(_) => SortKey::Rating(0),
                }
            }
            ProductSort::Newest => SortKey::CreatedAt(self.created(row)),
            ProductSort::RatingDesc => SortKey::Rating(self.score(row)),
        };
        let id = ProductId(self.id(row));
        Cursor { key, id }
    }
}

impl fmt::Debug for CatalogueIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CatalogueIndex")
            .field("products", &self.len())
            .finish_non_exhaustive()
    }
}
