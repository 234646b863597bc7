//! Suggestions.

use eggypro_domain::products::{ProductSort, SearchText};

use crate::columns::Row;
use crate::index::State;
use crate::query::Query;

impl State {
    /// The rows to suggest: first products whose name begins with the text, by name; then products whose name has a
    /// word with each term as prefix, best rating first. If there are none, typing errors are corrected.
    pub(crate) fn suggest(&self, text: &SearchText, limit: usize) -> tantivy::Result<Vec<Row>> {
        let lexicon = self.lexicon();
        let mut query = Query::parse(text, &lexicon)?;
        if query.is_empty() {
            return Ok(vec![]);
        }
        let rows = self.suggest_names(&query, text, limit)?;
        if !rows.is_empty() {
            return Ok(rows);
        }
        query.add_corrections(&lexicon)?;
        self.suggest_names(&query, text, limit)
    }

    fn suggest_names(
        &self,
        query: &Query,
        text: &SearchText,
        limit: usize,
    ) -> tantivy::Result<Vec<Row>> {
        let columns = &self.columns;
        let names = query.matches_names(&self.lexicon())?;
        let text = text.as_str().to_lowercase();
        let matches = |row: &&Row| {
            let row = **row as usize;
            names[row] && columns.active.contains(row)
        };
        let by_name = columns.order(ProductSort::NameAsc).iter().filter(matches);
        let with_prefix = by_name.filter(|row| columns.text(**row).starts_with(&text));
        let mut rows: Vec<Row> = with_prefix.take(limit).copied().collect();
        let by_rating = columns.order(ProductSort::RatingDesc).iter().rev();
        for row in by_rating.filter(matches) {
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
