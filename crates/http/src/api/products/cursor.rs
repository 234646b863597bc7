//! Cursors of lists of products.

use eggypro_domain::products::{Cursor, NameKey, ProductFilter, ProductId, ProductSort, SortKey};

use crate::message::cursor;

pub(crate) fn encode(cursor: &Cursor, sort: ProductSort, filter: &ProductFilter) -> String {
    let key = match &cursor.key {
        SortKey::Name(name) => name.as_str().to_owned(),
        SortKey::Price(price) => price.to_string(),
        SortKey::CreatedAt(time) => time.unix_timestamp_nanos().to_string(),
        SortKey::Rating(score) => score.to_string(),
        SortKey::Number(number) => number.to_string(),
    };
    cursor::encode(&list(sort, filter), &format!("{}.{key}", cursor.id))
}

/// Decodes a cursor. Returns `None` unless it belongs to this sort and these filters.
pub(crate) fn decode(text: &str, sort: ProductSort, filter: &ProductFilter) -> Option<Cursor> {
    let anchor = cursor::decode(text, &list(sort, filter))?;
    let (id, key) = anchor.split_once('.')?;
    let id = ProductId(id.parse().ok()?);
    let key = match sort {
        ProductSort::NameAsc | ProductSort::NameDesc => SortKey::Name(NameKey::of(key)),
        ProductSort::PriceAsc | ProductSort::PriceDesc => SortKey::Price(key.parse().ok()?),
        ProductSort::Newest => SortKey::CreatedAt(cursor::time(key)?),
        ProductSort::RatingDesc => SortKey::Rating(key.parse().ok()?),
        ProductSort::ProteinDesc | ProductSort::UnitPriceAsc | ProductSort::ProteinPriceAsc => {
            SortKey::Number(key.parse().ok()?)
        }
    };
    Some(Cursor { key, id })
}

pub(crate) fn list(sort: ProductSort, filter: &ProductFilter) -> String {
    format!("{} {filter}", sort.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use eggypro_domain::Price;
    use proptest::prelude::*;
    use time::OffsetDateTime;

    fn keys() -> impl Strategy<Value = (ProductSort, SortKey)> {
        prop_oneof![
            "[a-zA-Z0-9 _-]{1,255}"
                .prop_map(|name| (ProductSort::NameAsc, SortKey::Name(NameKey::of(name)))),
            (1_i64..=99_999_999).prop_map(|cents| {
                let price: Price = format!("{}.{:02}", cents / 100, cents % 100)
                    .parse()
                    .unwrap();
                (ProductSort::PriceDesc, SortKey::Price(price))
            }),
            (0_i64..4_000_000_000_000_000).prop_map(|micros| {
                let time =
                    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).unwrap();
                (ProductSort::Newest, SortKey::CreatedAt(time))
            }),
            (0_i32..=5_000_000).prop_map(|score| (ProductSort::RatingDesc, SortKey::Rating(score))),
        ]
    }

    proptest! {
        #[test]
        fn cursors_round_trip((sort, key) in keys(), id in 1..i32::MAX) {
            let mut filter = ProductFilter::default();
            filter.in_stock = true;
            let cursor = Cursor { key, id: ProductId(id) };
            let text = encode(&cursor, sort, &filter);
            prop_assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
            prop_assert_eq!(decode(&text, sort, &filter), Some(cursor));
            prop_assert_eq!(decode(&text, sort, &ProductFilter::default()), None);
        }

        #[test]
        fn decoding_any_text_does_not_panic(text in ".{0,300}", bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let filter = ProductFilter::default();
            for sort in ProductSort::ALL {
                for anchor in [text.clone(), format!("1.{text}")] {
                    for cursor in cursor::forged(&list(sort, &filter), &anchor, &bytes) {
                        decode(&cursor, sort, &filter);
                    }
                }
            }
        }
    }
}
