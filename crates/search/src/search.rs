//! Searches.

mod suggest;

use eggypro_domain::products::{Found, ProductFilter, ProductSearch, Start, Total};
use fixedbitset::FixedBitSet;

use crate::columns::Row;
use crate::cursor::{self, Position};
use crate::index::State;
use crate::query::{Lexicon, MatchMode, Query};
use crate::rank::{self, NameBonus, Rank, Scores};
use crate::{filter, page};

/// Typing errors are corrected if there are fewer hits than this.
const FEW: usize = 3;

/// The score of a product that a search names. A bonus can still be added.
const NAMED: u16 = u16::MAX / 2;

/// All rows that match a query.
pub(crate) struct Hits {
    query: Query,
    mode: MatchMode,
    scores: Scores,
    rows: FixedBitSet,
}

impl State {
    fn lexicon(&self) -> Lexicon<'_> {
        Lexicon {
            words: &self.words,
            vocabulary: &self.vocabulary,
            synonyms: &self.synonyms,
            columns: &self.columns,
        }
    }

    /// All hits of a search before its filter. The first page corrects typing errors if there are few hits. If there
    /// are still none, one matching term is enough. Further pages use the mode of the first one.
    pub(crate) fn find(
        &self,
        search: &ProductSearch,
        mode: Option<MatchMode>,
    ) -> tantivy::Result<Hits> {
        let lexicon = self.lexicon();
        let mut query = Query::parse(&search.text, &lexicon)?;
        let mut visible = ProductFilter::default();
        visible.status = search.filter.status;
        let visible = filter::matching(&self.columns, &visible);
        let mut current = MatchMode::AsTyped;
        loop {
            let mut scores = Scores {
                of_rows: query.scores(&lexicon, current)?,
                bonus: None,
            };
            // A product that is named by its number or slug comes first.
            if let Some(row) = self.columns.row_of_code(search.text.as_str()) {
                scores.of_rows[row as usize] = NAMED;
            }
            let mut rows = FixedBitSet::with_capacity(self.columns.active.len());
            scores.insert_rows(&mut rows);
            let count = rows.intersection_count(&visible);
            let next = match (current, mode) {
                (_, Some(mode)) if current == mode => None,
                (MatchMode::AsTyped, Some(_)) => Some(MatchMode::Corrected),
                (MatchMode::AsTyped, None) => (count < FEW).then_some(MatchMode::Corrected),
                (MatchMode::Corrected, Some(_)) => Some(MatchMode::AnyTerm),
                (MatchMode::Corrected, None) => {
                    (count == 0 && query.len() > 1).then_some(MatchMode::AnyTerm)
                }
                (MatchMode::AnyTerm, _) => None,
            };
            let Some(next) = next else {
                scores.bonus = (current != MatchMode::AnyTerm).then(|| NameBonus {
                    terms: query.len(),
                    min_score: query.min_name_score(),
                });
                return Ok(Hits {
                    query,
                    mode: current,
                    scores,
                    rows,
                });
            };
            if next == MatchMode::Corrected {
                query.add_corrections(&lexicon)?;
            }
            current = next;
        }
    }

    /// The page of a search.
    pub(crate) fn page(
        &self,
        search: &ProductSearch,
        after: Option<Position>,
        hits: Hits,
    ) -> Found {
        let columns = &self.columns;
        let mut set = filter::matching(columns, &search.filter);
        set.intersect_with(&hits.rows);
        let limit = search.limit.get() as usize;
        let mut rows = self.page_rows(search, after, &hits, &set, limit + 1);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| has_more).map(|row| {
            let last = match search.sort {
                None => Position::Hit(Rank::of(columns, &hits.scores, *row)),
                Some(sort) => Position::Product(columns.cursor(sort, *row)),
            };
            cursor::encode(hits.mode, search.sort, &last)
        });
        Found {
            products: rows.iter().map(|row| columns.revision(*row)).collect(),
            total: total(&set),
            next,
            facets: filter::facets(columns, &search.filter, search.facets, Some(&hits.rows)),
            highlighter: Box::new(hits.query.highlight),
        }
    }

    fn page_rows(
        &self,
        search: &ProductSearch,
        after: Option<Position>,
        hits: &Hits,
        set: &FixedBitSet,
        limit: usize,
    ) -> Vec<Row> {
        let offset = search.start.offset();
        let Some(sort) = search.sort else {
            let after = match after {
                Some(Position::Hit(rank)) => Some(rank),
                _ => None,
            };
            return rank::page(
                &self.columns,
                &hits.scores,
                set,
                after,
                offset as usize,
                limit,
            );
        };
        let start = match after {
            Some(Position::Product(cursor)) => Start::After(cursor),
            _ => Start::Offset(offset),
        };
        page::page(&self.columns, set, sort, &start, limit)
    }
}

pub(crate) fn total(set: &FixedBitSet) -> Total {
    Total::Exactly(set.count_ones(..).try_into().unwrap_or(u32::MAX))
}
