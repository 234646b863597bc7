//! Encodes cursors of searches: the match mode, the sort, and the position after which the next page begins.

use std::cmp::Reverse;

use eggypro_domain::products::{Cursor, NameKey, ProductId, ProductSort, SearchCursor, SortKey};
use eggypro_domain::time::OffsetDateTime;

use crate::query::MatchMode;
use crate::rank::Rank;

/// The last row of a page: by relevance, or by a sort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Position {
    Hit(Rank),
    Product(Cursor),
}

const MODES: [MatchMode; 3] = [MatchMode::AsTyped, MatchMode::Corrected, MatchMode::AnyTerm];

pub(crate) fn encode(
    mode: MatchMode,
    sort: Option<ProductSort>,
    position: &Position,
) -> SearchCursor {
    let values = match position {
        Position::Hit(Rank { score, rating, id }) => format!("{} {} {id}", score.0, rating.0),
        Position::Product(Cursor { key, id }) => {
            let key = match key {
                SortKey::Name(name) => name.as_str().to_owned(),
                SortKey::Price(price) => price.to_string(),
                SortKey::CreatedAt(time) => time.unix_timestamp_nanos().to_string(),
                SortKey::Rating(score) => score.to_string(),
                SortKey::Number(number) => number.to_string(),
            };
            format!("{id} {key}")
        }
    };
    SearchCursor(format!("{} {} {values}", mode as u8, name(sort)))
}

/// Decodes a cursor; `None` if it is malformed or of another sort.
pub(crate) fn decode(
    SearchCursor(text): &SearchCursor,
    sort: Option<ProductSort>,
) -> Option<(MatchMode, Position)> {
    let (mode, rest) = text.split_once(' ')?;
    let mode = *MODES.get(mode.parse::<usize>().ok()?)?;
    let values = rest.strip_prefix(name(sort))?.strip_prefix(' ')?;
    let Some(sort) = sort else {
        let mut parts = values.split(' ');
        let score = Reverse(parts.next()?.parse().ok()?);
        let rating = Reverse(parts.next()?.parse().ok()?);
        let id = parts.next()?.parse().ok()?;
        let is_end = parts.next().is_none();
        return is_end.then_some((mode, Position::Hit(Rank { score, rating, id })));
    };
    let (id, key) = values.split_once(' ')?;
    let key = match sort {
        ProductSort::NameAsc | ProductSort::NameDesc => SortKey::Name(NameKey::of(key)),
        ProductSort::PriceAsc | ProductSort::PriceDesc => SortKey::Price(key.parse().ok()?),
        ProductSort::Newest => {
            let time = OffsetDateTime::from_unix_timestamp_nanos(key.parse().ok()?);
            SortKey::CreatedAt(time.ok()?)
        }
        ProductSort::RatingDesc => SortKey::Rating(key.parse().ok()?),
        ProductSort::ProteinDesc | ProductSort::UnitPriceAsc | ProductSort::ProteinPriceAsc => {
            SortKey::Number(key.parse().ok()?)
        }
    };
    let id = ProductId(id.parse().ok()?);
    Some((mode, Position::Product(Cursor { key, id })))
}

fn name(sort: Option<ProductSort>) -> &'static str {
    sort.map_or("relevance", ProductSort::as_str)
}
