//! What is kept of a list beside its pages, so that a store need not find it out for each of them: how many products there
//! are, and places on the way to far pages.

use std::fmt::Write;
use std::sync::Arc;

use actix_web::web::Bytes;
use eggypro_cache::{Cache, Key, LoadError, Loaded, Room};
use eggypro_domain::changes::Tag;
use eggypro_domain::products::{
    Cursor, MAX_OFFSET, Page, Place, Product, ProductFilter, ProductQuery, ProductService, Start,
    Total,
};
use tokio::sync::oneshot;

use super::page::write_filter;
use crate::answers::problem;
use crate::cursor;
use crate::problem::Problem;

/// A place is kept behind every so many products.
const STEP: u32 = 100;

/// How far the first pages go.
const FIRST_PAGES: u32 = 200;

/// A page of products, read with the help of what other pages told of the list.
pub(super) async fn page(
    products: &ProductService,
    cache: &Cache,
    mut query: ProductQuery,
) -> Result<Page<Product>, Problem> {
    let passed = place_within(&query).map(|offset| (offset, key_of_place(&query, offset)));
    let passed = passed.filter(|(_, key)| cache.get(key).is_none());
    // A place that is found from an old one is as old, so this reading begins before one is looked for.
    let passed = passed.map(|(offset, key)| (offset, cache.reading(key)));
    query.known_place = nearest_place(cache, &query);
    let (count, page) = counted_once(products, cache, &query).await?;
    let page = match page {
        Some(page) => page,
        None => {
            query.known_total = Some(count);
            products.list(&query).await?
        }
    };
    if let Some((offset, reading)) = passed
        && let Some(cursor) = cursor_at(&page, &query, offset)
    {
        reading.keep(cursor.into());
    }
    Ok(page)
}

/// How many products there are. To count them takes longer than to read a page, so many wait for one who counts; that one
/// has a page as well.
async fn counted_once(
    products: &ProductService,
    cache: &Cache,
    query: &ProductQuery,
) -> Result<(Total, Option<Page<Product>>), Problem> {
    let key = key_of_count(&query.filter);
    let (tell, mut told) = oneshot::channel();
    let count = match cache.get(&key) {
        Some(count) => count,
        None => {
            let (products, query) = (products.clone(), query.clone());
            let count = async move {
                let page = products
                    .list(&query)
                    .await
                    .map_err(|error| Arc::new(Problem::from(error)) as LoadError)?;
                let count = page.total.bounded_count().to_le_bytes();
                let _ = tell.send(page);
                Ok(Loaded::whole(Bytes::copy_from_slice(&count)))
            };
            let loaded = cache.load(key, count).await;
            loaded.map_err(|error| problem(&error))?
        }
    };
    let count = count.as_ref().try_into().map(u32::from_le_bytes);
    let count = count.map_err(|_| Problem::unexpected("a kept count can't be read"))?;
    Ok((Total::of_bounded_count(count), told.try_recv().ok()))
}

/// The place behind this many products, as it is kept, if it is on this page.
fn cursor_at(page: &Page<Product>, query: &ProductQuery, place: u32) -> Option<String> {
    let Start::Offset(offset) = query.start else {
        return None;
    };
    let before = page.items.get((place - offset - 1) as usize)?;
    let cursor = Cursor::after(query.sort, before);
    Some(cursor::encode(&cursor, query.sort, &query.filter))
}

/// The offset of the place that this page passes.
fn place_within(query: &ProductQuery) -> Option<u32> {
    let Start::Offset(offset) = query.start else {
        return None;
    };
    let place = (offset / STEP + 1) * STEP;
    (place <= MAX_OFFSET.min(offset + query.limit.get())).then_some(place)
}

/// The last place that is known on the way to a page.
fn nearest_place(cache: &Cache, query: &ProductQuery) -> Option<Place> {
    let Start::Offset(offset) = query.start else {
        return None;
    };
    let mut places = (1..=offset / STEP).rev().map(|place| place * STEP);
    places.find_map(|offset| {
        let kept = cache.get(&key_of_place(query, offset))?;
        let text = std::str::from_utf8(&kept).ok()?;
        let cursor = cursor::decode(text, query.sort, &query.filter)?;
        Some(Place { offset, cursor })
    })
}

/// The same for every query that admits the same products.
fn key_of_count(filter: &ProductFilter) -> Key {
    let mut name = "count ".to_owned();
    // Writing to a text does not fail.
    let _ = write_filter(&mut name, filter);
    Key::new(name, Tag::Products, room(filter, Some(0))).derived()
}

/// The same for every query that admits the same products in the same order.
fn key_of_place(query: &ProductQuery, offset: u32) -> Key {
    let mut name = String::with_capacity(64);
    let order = write!(name, "place {offset} {} ", query.sort.as_str());
    // Writing to a text does not fail.
    let _ = order.and_then(|()| write_filter(&mut name, &query.filter));
    Key::new(name, Tag::Products, room(&query.filter, Some(offset))).derived()
}

/// The first pages of the lists that a shop shows are for everybody; whatever else can be asked for has no end.
pub(super) fn room(filter: &ProductFilter, offset: Option<u32>) -> Room {
    let ProductFilter {
        contains,
        min_price,
        max_price,
        ..
    } = filter;
    let is_narrowed = contains.is_some() || min_price.is_some() || max_price.is_some();
    match offset {
        Some(offset) if !is_narrowed && offset <= FIRST_PAGES => Room::Pages,
        _ => Room::Searches,
    }
}
