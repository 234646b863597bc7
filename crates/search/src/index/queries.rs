//! Answers queries.

use std::sync::RwLockReadGuard;
use std::sync::atomic::Ordering;

use eggypro_domain::StoreError;
use eggypro_domain::products::{
    Found, Page, ProductFilter, ProductIndex, ProductQuery, ProductSearch, Revision, SearchError,
    SearchText, Start,
};

use super::{CatalogueIndex, IndexError, State};
use crate::columns::Row;
use crate::search::total;
use crate::{cursor, filter, page};

impl CatalogueIndex {
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

    fn matching(&self, filter: &ProductFilter) -> Result<Vec<Revision>, StoreError> {
        let state = self.ready()?;
        let columns = &state.columns;
        let set = filter::matching(columns, filter);
        let rows = set.ones();
        let mut revisions: Vec<_> = rows.map(|row| columns.revision(row as Row)).collect();
        revisions.sort_unstable_by_key(|revision| revision.id);
        Ok(revisions)
    }

    fn find_by_code(&self, code: &str) -> Result<Option<Revision>, StoreError> {
        let state = self.ready()?;
        let columns = &state.columns;
        let row = columns.row_of_code(&code.to_ascii_lowercase());
        let row = row.filter(|row| columns.active.contains(*row as usize));
        Ok(row.map(|row| columns.revision(row)))
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
