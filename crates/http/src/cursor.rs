//! Cursors on the wire: opaque to clients, and bound to the sort and filters that they were made for.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use eggypro_domain::products::{Cursor, ProductFilter, ProductId, ProductSort, SortKey};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::products::write_filter;

/// Why a text is no cursor for this list.
pub(crate) const INVALID: &str = "must be the next_cursor of a page with the same sort and filters";

pub(crate) fn encode(cursor: &Cursor, sort: ProductSort, filter: &ProductFilter) -> String {
    let key = match &cursor.key {
        SortKey::Name(name) => name.clone(),
        SortKey::Price(price) => price.to_string(),
        SortKey::CreatedAt(time) => time.unix_timestamp_nanos().to_string(),
        SortKey::Rating(score) => score.to_string(),
    };
    let text = format!("{}.{}.{key}", fingerprint(sort, filter), cursor.id);
    URL_SAFE_NO_PAD.encode(text)
}

/// `None` unless the text was made for this sort and these filters.
pub(crate) fn decode(text: &str, sort: ProductSort, filter: &ProductFilter) -> Option<Cursor> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let mut parts = text.splitn(3, '.');
    let made_for = parts.next()?;
    let id = ProductId(parts.next()?.parse().ok()?);
    let key = parts.next()?;
    if made_for != fingerprint(sort, filter) {
        return None;
    }
    let key = match sort {
        ProductSort::NameAsc | ProductSort::NameDesc => SortKey::Name(key.to_owned()),
        ProductSort::PriceAsc | ProductSort::PriceDesc => SortKey::Price(key.parse().ok()?),
        ProductSort::Newest => SortKey::CreatedAt(time(key)?),
        ProductSort::RatingDesc => SortKey::Rating(key.parse().ok()?),
    };
    // Nobody's name holds a NUL, and the database would not take one.
    (!text.contains('\0')).then_some(Cursor { key, id })
}

/// A time that the database knows.
fn time(nanoseconds: &str) -> Option<OffsetDateTime> {
    let nanoseconds = nanoseconds
        .parse()
        .ok()
        .filter(|nanoseconds| *nanoseconds >= 0)?;
    OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok()
}

fn fingerprint(sort: ProductSort, filter: &ProductFilter) -> String {
    let mut canonical = format!("{} ", sort.as_str());
    // Writing to a text does not fail.
    let _ = write_filter(&mut canonical, filter);
    URL_SAFE_NO_PAD.encode(&Sha256::digest(canonical)[..6])
}

#[cfg(test)]
mod tests {
    use super::*;
    use eggypro_domain::Price;
    use proptest::prelude::*;

    fn keys() -> impl Strategy<Value = (ProductSort, SortKey)> {
        prop_oneof![
            "[a-zA-Z0-9 _-]{1,255}".prop_map(|name| (ProductSort::NameAsc, SortKey::Name(name))),
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
        fn a_cursor_comes_back((sort, key) in keys(), id in 1..i32::MAX) {
            let filter = ProductFilter { in_stock: true, ..ProductFilter::default() };
            let cursor = Cursor { key, id: ProductId(id) };
            let text = encode(&cursor, sort, &filter);
            prop_assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
            prop_assert_eq!(decode(&text, sort, &filter), Some(cursor));
            prop_assert_eq!(decode(&text, sort, &ProductFilter::default()), None);
        }

        #[test]
        fn any_text_is_a_cursor_or_none(text in ".{0,300}", bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            for sort in ProductSort::ALL {
                let filter = ProductFilter::default();
                decode(&text, sort, &filter);
                decode(&URL_SAFE_NO_PAD.encode(&bytes), sort, &filter);
                let forged = format!("{}.1.{text}", fingerprint(sort, &filter));
                decode(&URL_SAFE_NO_PAD.encode(forged), sort, &filter);
            }
        }
    }
}
