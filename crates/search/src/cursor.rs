//! Places in what a search found, as text: how freely its words are taken, by what it is sorted, and behind what.

use std::cmp::Reverse;

use eggypro_domain::products::{Cursor, NameKey, ProductId, ProductSort, SearchCursor, SortKey};
use eggypro_domain::time::OffsetDateTime;

use crate::query::Reading;
use crate::rank::Rank;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Behind {
    Hit(Rank),
    Product(Cursor),
}

const READINGS: [Reading; 3] = [Reading::Typed, Reading::Meant, Reading::Any];

pub(crate) fn write(reading: Reading, sort: Option<ProductSort>, behind: &Behind) -> SearchCursor {
    let place = match behind {
        Behind::Hit(Rank { score, rating, id }) => format!("{} {} {id}", score.0, rating.0),
        Behind::Product(Cursor { key, id }) => {
            let key = match key {
                SortKey::Name(name) => name.as_str().to_owned(),
                SortKey::Price(price) => price.to_string(),
                SortKey::CreatedAt(time) => time.unix_timestamp_nanos().to_string(),
                SortKey::Rating(score) => score.to_string(),
            };
            format!("{id} {key}")
        }
    };
    SearchCursor(format!("{} {} {place}", reading as u8, name(sort)))
}

/// `None` for what was not written for this sort.
pub(crate) fn read(
    SearchCursor(text): &SearchCursor,
    sort: Option<ProductSort>,
) -> Option<(Reading, Behind)> {
    let (reading, rest) = text.split_once(' ')?;
    let reading = *READINGS.get(reading.parse::<usize>().ok()?)?;
    let place = rest.strip_prefix(name(sort))?.strip_prefix(' ')?;
    let Some(sort) = sort else {
        let mut parts = place.split(' ');
        let score = Reverse(parts.next()?.parse().ok()?);
        let rating = Reverse(parts.next()?.parse().ok()?);
        let id = parts.next()?.parse().ok()?;
        let is_end = parts.next().is_none();
        return is_end.then_some((reading, Behind::Hit(Rank { score, rating, id })));
    };
    let (id, key) = place.split_once(' ')?;
    let key = match sort {
        ProductSort::NameAsc | ProductSort::NameDesc => SortKey::Name(NameKey::of(key)),
        ProductSort::PriceAsc | ProductSort::PriceDesc => SortKey::Price(key.parse().ok()?),
        ProductSort::Newest => {
            let time = OffsetDateTime::from_unix_timestamp_nanos(key.parse().ok()?);
            SortKey::CreatedAt(time.ok()?)
        }
        ProductSort::RatingDesc => SortKey::Rating(key.parse().ok()?),
    };
    let id = ProductId(id.parse().ok()?);
    Some((reading, Behind::Product(Cursor { key, id })))
}

fn name(sort: Option<ProductSort>) -> &'static str {
    sort.map_or("relevance", ProductSort::as_str)
}
