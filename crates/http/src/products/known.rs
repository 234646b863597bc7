//! What pages tell of their list, kept for its other pages: how many products there are, and places on the way to far
//! ones.

use std::fmt::Write;
use std::str;
use std::sync::Arc;

use actix_web::web::Bytes;
use eggypro_cache::{Cache, Key, LoadError, Loaded, Reading, Room};
use eggypro_domain::changes::Tag;
use eggypro_domain::products::{
    Cursor, MAX_OFFSET, Page, Place, Product, ProductFilter, ProductQuery, ProductService, Start,
    Total,
};
use tokio::sync::oneshot;

use super::cursor;
use crate::answers::problem;
use crate::problem::Problem;

/// How far apart the places are that are kept, at least.
const STEP: u32 = 100;

/// A page of products, read with the help of what other pages told of the list.
pub(super) async fn page(
    products: ProductService,
    cache: &Cache,
    mut query: ProductQuery,
) -> Result<Page<Product>, Problem> {
    let Some(places) = Places::begin(cache, &query) else {
        return counted_once(products, cache, query).await;
    };
    query.known_place = places.nearest(&query);
    let page = counted_once(products, cache, query.clone()).await?;
    places.learn(&page, &query);
    Ok(page)
}

/// A page of products. To count them takes longer than to read the page, so the count is kept for all further pages of a
/// list.
async fn counted_once(
    products: ProductService,
    cache: &Cache,
    mut query: ProductQuery,
) -> Result<Page<Product>, Problem> {
    let (tell, mut told) = oneshot::channel();
    let (counting, of) = (products.clone(), query.clone());
    // Who counts has the page as well.
    let count = async move {
        let page = counting
            .list(&of)
            .await
            .map_err(|error| Arc::new(Problem::from(error)) as LoadError)?;
        let count = page.total.bounded_count().to_le_bytes();
        let _ = tell.send(page);
        Ok(Loaded::whole(Bytes::copy_from_slice(&count)))
    };
    let key = key_of_count(&query.filter);
    let count = match cache.get(&key) {
        Some(count) => count,
        None => cache
            .load(key, count)
            .await
            .map_err(|error| problem(&error))?,
    };
    if let Ok(page) = told.try_recv() {
        return Ok(page);
    }
    let count = count.as_ref().try_into().map(u32::from_le_bytes);
    let known_total = count.ok().map(Total::of_bounded_count);
    query.known_total = known_total;
    Ok(products.list(&query).await?)
}

/// The places that are known in a list, and what a page at an offset adds to them. They are kept as lines of an offset and
/// a cursor, by offset.
struct Places {
    reading: Reading,
    offset: u32,
}

impl Places {
    /// Before a place is looked for, so that no change can come between the known place and what is learnt from there.
    fn begin(cache: &Cache, query: &ProductQuery) -> Option<Self> {
        let Start::Offset(offset) = query.start else {
            return None;
        };
        let reading = cache.reading(key_of_places(query))?;
        Some(Self { reading, offset })
    }

    fn nearest(&self, query: &ProductQuery) -> Option<Place> {
        let kept = self.reading.kept()?;
        let before = lines(&kept).take_while(|(offset, _)| *offset <= self.offset);
        let (offset, text) = before.last()?;
        let cursor = cursor::decode(text, query.sort, &query.filter)?;
        Some(Place { offset, cursor })
    }

    /// Keeps the place behind a page, unless there is one nearby.
    fn learn(self, page: &Page<Product>, query: &ProductQuery) {
        let Some(last) = page.items.last() else {
            return;
        };
        let offset = self.offset + page.items.len() as u32;
        if offset > MAX_OFFSET {
            return;
        }
        self.reading.add(|kept| {
            let kept = kept.map(|kept| &**kept).unwrap_or_default();
            if lines(kept).any(|(place, _)| place.abs_diff(offset) < STEP) {
                return None;
            }
            let cursor = Cursor::after(query.sort, last);
            let cursor = cursor::encode(&cursor, query.sort, &query.filter);
            let mut places: Vec<_> = lines(kept).chain([(offset, &*cursor)]).collect();
            places.sort_unstable();
            let mut text = String::new();
            for (offset, cursor) in places {
                // Writing to a text does not fail.
                let _ = writeln!(text, "{offset} {cursor}");
            }
            Some(text.into())
        });
    }
}

fn lines(kept: &[u8]) -> impl Iterator<Item = (u32, &str)> {
    let text = str::from_utf8(kept).unwrap_or_default();
    text.lines().filter_map(|line| {
        let (offset, cursor) = line.split_once(' ')?;
        Some((offset.parse().ok()?, cursor))
    })
}

/// The same for every query that admits the same products.
fn key_of_count(filter: &ProductFilter) -> Key {
    Key::new(format!("count {filter}"), Tag::Products, room(filter)).derived()
}

/// The same for every query that admits the same products in the same order.
fn key_of_places(query: &ProductQuery) -> Key {
    let name = format!("places {} {}", query.sort.as_str(), query.filter);
    Key::new(name, Tag::Products, room(&query.filter))
}

/// The lists that a shop shows are for everybody; those that are narrowed by texts and prices have no end.
pub(super) fn room(filter: &ProductFilter) -> Room {
    let ProductFilter {
        contains,
        min_price,
        max_price,
        min_rating,
        categories,
        ids,
        ..
    } = filter;
    let is_bounded = min_price.is_some() || max_price.is_some() || min_rating.is_some();
    if contains.is_some() || is_bounded || categories.len() > 1 || !ids.is_empty() {
        Room::Searches
    } else {
        Room::Pages
    }
}
