//! Cursors of lists of reviews.

use eggypro_domain::reviews::{ReviewCursor, ReviewId, ReviewQuery, Stars};

use crate::cursor;

pub(super) fn encode(cursor: &ReviewCursor, query: &ReviewQuery) -> String {
    let ReviewCursor {
        rating,
        created_at,
        id,
    } = cursor;
    let (at, ReviewId(id)) = (created_at.unix_timestamp_nanos(), id);
    cursor::encode(&list(query), &format!("{id}.{rating}.{at}"))
}

/// `None` unless the text was made for a list with the same sort and filters.
pub(super) fn decode(text: &str, query: &ReviewQuery) -> Option<ReviewCursor> {
    let place = cursor::decode(text, &list(query))?;
    let mut parts = place.splitn(3, '.');
    Some(ReviewCursor {
        id: ReviewId(parts.next()?.parse().ok()?),
        rating: Stars::new(parts.next()?.parse().ok()?).ok()?,
        created_at: cursor::time(parts.next()?)?,
    })
}

fn list(query: &ReviewQuery) -> String {
    let ReviewQuery {
        product,
        of_inactive: _,
        verified,
        rating,
        sort,
        start: _,
        limit: _,
    } = query;
    let product = product.as_ref().map_or("", |slug| slug.as_str());
    let rating = rating.map_or(0, Stars::get);
    let (sort, verified) = (sort.as_str(), verified.as_str());
    format!("reviews {product} {verified} {rating} {sort}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use eggypro_domain::products::{PageSize, Start};
    use eggypro_domain::reviews::{ReviewSort, VerifiedFilter};
    use proptest::prelude::*;
    use time::OffsetDateTime;

    fn query(sort: ReviewSort) -> ReviewQuery {
        ReviewQuery {
            product: None,
            of_inactive: false,
            verified: VerifiedFilter::All,
            rating: None,
            sort,
            start: Start::default(),
            limit: PageSize::default(),
        }
    }

    proptest! {
        #[test]
        fn a_cursor_comes_back(id in 1..i32::MAX, stars in 1_i64..=5, micros in 0_i64..4_000_000_000_000_000) {
            let created_at =
                OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).unwrap();
            let rating = Stars::new(stars).unwrap();
            let cursor = ReviewCursor { rating, created_at, id: ReviewId(id) };
            let text = encode(&cursor, &query(ReviewSort::Newest));
            prop_assert_eq!(decode(&text, &query(ReviewSort::Newest)), Some(cursor));
            prop_assert_eq!(decode(&text, &query(ReviewSort::Oldest)), None);
        }

        #[test]
        fn any_text_is_a_cursor_or_none(text in ".{0,300}", bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let query = query(ReviewSort::Newest);
            for place in [text.clone(), format!("1.5.{text}")] {
                for cursor in cursor::forged(&list(&query), &place, &bytes) {
                    decode(&cursor, &query);
                }
            }
        }
    }
}
