//! Cursors of lists of reviews.

use eggypro_domain::reviews::{ReviewCursor, ReviewId, ReviewQuery, Stars};

use crate::message::cursor;

pub(super) fn encode(cursor: &ReviewCursor, query: &ReviewQuery) -> String {
    let ReviewCursor {
        rating,
        created_at,
        id,
    } = cursor;
    let (at, ReviewId(id)) = (created_at.unix_timestamp_nanos(), id);
    cursor::encode(&query.list_name(), &format!("{id}.{rating}.{at}"))
}

/// Decodes a cursor. Returns `None` unless it belongs to a list with the same sort and filters.
pub(crate) fn decode(text: &str, query: &ReviewQuery) -> Option<ReviewCursor> {
    let anchor = cursor::decode(text, &query.list_name())?;
    let mut parts = anchor.splitn(3, '.');
    Some(ReviewCursor {
        id: ReviewId(parts.next()?.parse().ok()?),
        rating: Stars::try_from(parts.next()?.parse::<i64>().ok()?).ok()?,
        created_at: cursor::time(parts.next()?)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use eggypro_domain::reviews::ReviewSort;
    use proptest::prelude::*;
    use time::OffsetDateTime;

    fn query(sort: ReviewSort) -> ReviewQuery {
        let mut query = ReviewQuery::default();
        query.sort = sort;
        query
    }

    proptest! {
        #[test]
        fn cursors_round_trip(id in 1..i32::MAX, stars in 1_i64..=5, micros in 0_i64..4_000_000_000_000_000) {
            let created_at =
                OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).unwrap();
            let rating = Stars::try_from(stars).unwrap();
            let cursor = ReviewCursor { rating, created_at, id: ReviewId(id) };
            let text = encode(&cursor, &query(ReviewSort::Newest));
            prop_assert_eq!(decode(&text, &query(ReviewSort::Newest)), Some(cursor));
            prop_assert_eq!(decode(&text, &query(ReviewSort::Oldest)), None);
        }

        #[test]
        fn decoding_any_text_does_not_panic(text in ".{0,300}", bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let query = query(ReviewSort::Newest);
            for anchor in [text.clone(), format!("1.5.{text}")] {
                for cursor in cursor::forged(&query.list_name(), &anchor, &bytes) {
                    decode(&cursor, &query);
                }
            }
        }
    }
}
