use eggypro_domain::products::{Product, ProductId, Rating};
use eggypro_domain::time::OffsetDateTime;

use super::*;
use crate::columns::Entry;

/// Many rows with few distinct scores, name lengths and ratings, so that most ranks are tied.
fn rows() -> (Columns, Scores, FixedBitSet) {
    const ROWS: i32 = 1_000;
    let mut columns = Columns::default();
    let entries = (0..ROWS).map(|number| {
        let id = ProductId(number * 7 % ROWS);
        let slug = format!("p-{}", id.0).parse().unwrap();
        let price = "1".parse().unwrap();
        let name = ["P", "P Q", "P Q R S"][number as usize % 7 % 3].to_owned();
        let mut product = Product::new(id, name, slug, price, OffsetDateTime::UNIX_EPOCH);
        let mut distribution = [0; 5];
        distribution[number as usize % 3] = 1;
        product.rating = Rating { distribution };
        (id, Entry::of(&product))
    });
    columns.put(entries.collect());
    let bonus = NameBonus {
        terms: 1,
        min_score: 150,
    };
    let scores = Scores {
        of_rows: (0..ROWS as u16)
            .map(|row| 120 + row * 13 % 5 * 20)
            .collect(),
        bonus: Some(bonus),
    };
    let mut hits = FixedBitSet::with_capacity(columns.active.len());
    (0..ROWS as usize)
        .filter(|row| row % 4 != 0)
        .for_each(|row| hits.insert(row));
    (columns, scores, hits)
}

#[test]
fn rows_with_a_score_are_inserted() {
    for height in [0, 1, 63, 64, 65, 200] {
        let scores = Scores {
            of_rows: (0..height).map(|row| row * 7 % 3 * 300).collect(),
            bonus: None,
        };
        let mut rows = FixedBitSet::with_capacity(usize::from(height) + 70);
        scores.insert_rows(&mut rows);
        let expected = (0..height.into()).filter(|row| scores.of_rows[*row] > 0);
        assert!(rows.ones().eq(expected), "{height}");
    }
}

#[test]
fn pages_equal_those_of_a_full_sort() {
    let (columns, scores, hits) = rows();
    let rank = |row: Row| Rank::of(&columns, &scores, row);
    let mut sorted: Vec<Row> = hits.ones().map(|row| row as Row).collect();
    sorted.sort_by_key(|row| rank(*row));
    for limit in [1, 2, 21, 101, 900] {
        for begin in [0, 1, 20, 149, 150, 300, 700, 749, 750, 800] {
            let end = (begin + limit).min(sorted.len());
            let expected = sorted.get(begin..end).unwrap_or_default();
            let found = page(&columns, &scores, &hits, None, begin, limit);
            assert_eq!(found, expected, "{begin} {limit}");
            let after = begin.checked_sub(1).and_then(|last| sorted.get(last));
            if let Some(after) = after {
                let found = page(&columns, &scores, &hits, Some(rank(*after)), 0, limit);
                assert_eq!(found, expected, "after {begin} {limit}");
            }
        }
    }
}
