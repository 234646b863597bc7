//! Places in what a search found.

use eggypro_domain::Price;
use eggypro_domain::products::{Cursor, ProductId, ProductSort, SearchCursor, SortKey};
use time::OffsetDateTime;

/// How freely a text is taken. It stays the same from page to page, however many hits come and go meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Freedom {
    /// The words as they were typed.
    Typed,
    /// Also those that may have been meant.
    Meant,
    /// Any of these.
    Any,
}

/// Where a page begins that follows another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) freedom: Freedom,
    pub(super) behind: Behind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Behind {
    /// In a list that is sorted by what products have.
    Product(Cursor),
    /// In one that is sorted by how well they match.
    Hits(Block),
}

/// A part of the hits, in the order in which they are found, that is ranked for itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Block {
    /// Behind which hit it begins, unless it is the first one.
    pub(super) after: Option<HitKey>,
    /// With which hit it ends, as far as that is known.
    pub(super) until: Option<HitKey>,
    /// The hits of it that were shown, whatever their rank has become since.
    pub(super) shown: Vec<i32>,
}

/// By what hits are found: the lowest tier first, of each the best rated first, of equal ones by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HitKey {
    pub(super) tier: i32,
    pub(super) score: i32,
    pub(super) id: i32,
}

impl Place {
    /// `None` unless the text was made here for this order.
    pub(super) fn read(
        SearchCursor(text): &SearchCursor,
        sort: Option<ProductSort>,
    ) -> Option<Self> {
        let (freedom, rest) = text.split_once(' ')?;
        let freedom = match freedom {
            "typed" => Freedom::Typed,
            "meant" => Freedom::Meant,
            "any" => Freedom::Any,
            _ => return None,
        };
        let behind = match sort {
            Some(sort) => Behind::Product(product_cursor(rest, sort)?),
            None => Behind::Hits(block(rest)?),
        };
        Some(Self { freedom, behind })
    }

    pub(super) fn write(&self) -> SearchCursor {
        let freedom = match self.freedom {
            Freedom::Typed => "typed",
            Freedom::Meant => "meant",
            Freedom::Any => "any",
        };
        let behind = match &self.behind {
            Behind::Product(cursor) => write_product_cursor(cursor),
            Behind::Hits(block) => write_block(block),
        };
        SearchCursor(format!("{freedom} {behind}"))
    }
}

fn write_product_cursor(Cursor { key, id }: &Cursor) -> String {
    match key {
        SortKey::Name(name) => format!("{id} name {name}"),
        SortKey::Price(price) => format!("{id} price {price}"),
        SortKey::CreatedAt(at) => format!("{id} created {}", at.unix_timestamp_nanos()),
        SortKey::Rating(score) => format!("{id} rating {score}"),
    }
}

fn product_cursor(text: &str, sort: ProductSort) -> Option<Cursor> {
    let mut parts = text.splitn(3, ' ');
    let id = ProductId(parts.next()?.parse().ok()?);
    let (kind, key) = (parts.next()?, parts.next()?);
    let key = match (sort, kind) {
        (ProductSort::NameAsc | ProductSort::NameDesc, "name") => SortKey::Name(key.to_owned()),
        (ProductSort::PriceAsc | ProductSort::PriceDesc, "price") => {
            SortKey::Price(key.parse::<Price>().ok()?)
        }
        (ProductSort::Newest, "created") => {
            let nanoseconds = key.parse::<i128>().ok().filter(|passed| *passed >= 0)?;
            SortKey::CreatedAt(OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok()?)
        }
        (ProductSort::RatingDesc, "rating") => SortKey::Rating(key.parse().ok()?),
        _ => return None,
    };
    Some(Cursor { key, id })
}

/// Of the shown ones the steps from each to the next, which are shorter than they are.
fn write_block(block: &Block) -> String {
    let key = |key: &Option<HitKey>| match key {
        Some(HitKey { tier, score, id }) => format!("{tier},{score},{id}"),
        None => "-".to_owned(),
    };
    let mut shown = block.shown.clone();
    shown.sort_unstable();
    let mut last = 0;
    let steps = shown.into_iter().map(|id| {
        let step = id.wrapping_sub(last);
        last = id;
        step.to_string()
    });
    let steps: Vec<String> = steps.collect();
    let (after, until) = (key(&block.after), key(&block.until));
    format!("{after} {until} {}", steps.join(","))
}

fn block(text: &str) -> Option<Block> {
    let mut parts = text.splitn(3, ' ');
    let (after, until, shown) = (parts.next()?, parts.next()?, parts.next()?);
    let mut last = 0_i32;
    let ids = shown
        .split(',')
        .filter(|step| !step.is_empty())
        .map(|step| {
            last = last.wrapping_add(step.parse().ok()?);
            Some(last)
        });
    Some(Block {
        shown: ids.collect::<Option<_>>()?,
        after: hit_key(after)?,
        until: hit_key(until)?,
    })
}

fn hit_key(text: &str) -> Option<Option<HitKey>> {
    if text == "-" {
        return Some(None);
    }
    let mut parts = text.splitn(3, ',').map(|part| part.parse().ok());
    Some(Some(HitKey {
        tier: parts.next()??,
        score: parts.next()??,
        id: parts.next()??,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hit_keys() -> impl Strategy<Value = Option<HitKey>> {
        let key = (0..5, any::<i32>(), any::<i32>());
        prop::option::of(key.prop_map(|(tier, score, id)| HitKey { tier, score, id }))
    }

    proptest! {
        #[test]
        fn a_place_among_hits_comes_back(
            after in hit_keys(),
            until in hit_keys(),
            mut shown in prop::collection::vec(any::<i32>(), 0..300),
        ) {
            shown.sort_unstable();
            let behind = Behind::Hits(Block { after, until, shown });
            let place = Place { freedom: Freedom::Meant, behind };
            prop_assert_eq!(Place::read(&place.write(), None), Some(place));
        }

        #[test]
        fn a_place_among_sorted_products_comes_back(name in "[a-zA-Z0-9 _-]{1,255}", id in 1..i32::MAX) {
            let key = SortKey::Name(name);
            let behind = Behind::Product(Cursor { key, id: ProductId(id) });
            let place = Place { freedom: Freedom::Any, behind };
            let cursor = place.write();
            prop_assert_eq!(Place::read(&cursor, Some(ProductSort::NameDesc)), Some(place));
            prop_assert_eq!(Place::read(&cursor, Some(ProductSort::Newest)), None);
        }

        #[test]
        fn any_text_is_a_place_or_none(text in ".{0,100}") {
            for text in [text.clone(), format!("typed {text}"), format!("typed 1 {text}"), format!("typed - - {text}")] {
                for sort in ProductSort::ALL.into_iter().map(Some).chain([None]) {
                    Place::read(&SearchCursor(text.clone()), sort);
                }
            }
        }
    }
}
