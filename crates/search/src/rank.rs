//! Selects the best hits.

use std::cmp::Reverse;

use fixedbitset::FixedBitSet;

use crate::columns::{Columns, Row};

/// The bonus of a name that consists of the terms only, and the maximum bonus of a name with more words.
const EXACT_NAME: u16 = 40;
const SHORT_NAME: u16 = 20;

/// The scores of all rows.
#[derive(Debug)]
pub(crate) struct Scores {
    /// Without the bonus for names.
    pub(crate) of_rows: Vec<u16>,
    pub(crate) bonus: Option<NameBonus>,
}

/// Raises the scores of products whose name has all terms. The fewer other words a name has, the higher the bonus.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NameBonus {
    /// The number of terms of the query.
    pub(crate) terms: usize,
    /// The lowest score of a product whose name has all terms.
    pub(crate) min_score: u16,
}

impl Scores {
    fn of(&self, columns: &Columns, row: Row) -> u16 {
        let score = self.of_rows[row as usize];
        let bonus = self.bonus.filter(|bonus| score >= bonus.min_score);
        score + bonus.map_or(0, |bonus| bonus.of_name(columns.name_length(row)))
    }

    /// Inserts the rows that have a score.
    pub(crate) fn insert_rows(&self, rows: &mut FixedBitSet) {
        for (index, block) in rows.as_mut_slice().iter_mut().enumerate() {
            *block = self.block_at_least(index, 1);
        }
    }

    /// The rows of a block whose score, before its bonus, is at least this.
    fn block_at_least(&self, index: usize, least: u16) -> usize {
        let (blocks, last) = self.of_rows.as_chunks();
        match blocks.get(index) {
            Some(scores) => at_least(scores, least),
            None if index == blocks.len() => {
                let mut scores = [0; BLOCK];
                scores[..last.len()].copy_from_slice(last);
                at_least(&scores, least)
            }
            None => 0,
        }
    }
}

/// The number of rows in a block of a [`FixedBitSet`].
const BLOCK: usize = usize::BITS as usize;

/// A bit for each score that is at least this. The product of eight bytes of 0 or 1 has them side by side in its highest byte,
/// which takes far less than to shift each into its place.
fn at_least(scores: &[u16; BLOCK], least: u16) -> usize {
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let (eights, _) = scores.as_chunks::<8>();
    let bytes = eights.iter().map(|scores| {
        let flags = scores.map(|score| u8::from(score >= least));
        (u64::from_le_bytes(flags).wrapping_mul(GATHER) >> 56) as usize
    });
    bytes
        .enumerate()
        .fold(0, |block, (at, byte)| block | byte << (at * 8))
}

impl NameBonus {
    /// The bonus of a name with so many terms.
    fn of_name(self, length: usize) -> u16 {
        let others = length.checked_sub(self.terms);
        others.map_or(0, |others| {
            match u16::try_from(others).unwrap_or(u16::MAX) {
                0 => EXACT_NAME,
                others => SHORT_NAME.saturating_sub(others.saturating_mul(2)),
            }
        })
    }
}

/// Rejects most hits that are worse than the best so far with few comparisons.
struct Cut {
    /// The lowest strength that is good enough.
    strength: u64,
    /// The lowest score that may be good enough before its bonus.
    score: u16,
}

impl Cut {
    fn new(scores: &Scores, worst: Option<Rank>) -> Self {
        let score = worst.map_or(0, |worst| worst.score.0);
        let with_bonus = scores.bonus.map_or(score, |bonus| {
            bonus.min_score.max(score.saturating_sub(EXACT_NAME))
        });
        Self {
            strength: worst.map_or(0, |worst| strength(score, worst.rating.0)),
            score: score.min(with_bonus),
        }
    }
}

/// Score and rating as one number, which is higher for a better hit.
fn strength(score: u16, rating: i32) -> u64 {
    const SIGN: u32 = 1 << 31;
    u64::from(score) << 32 | u64::from(rating.cast_unsigned() ^ SIGN)
}

/// The sort key of a hit: by score, then by rating, best first, then by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    pub(crate) score: Reverse<u16>,
    pub(crate) rating: Reverse<i32>,
    pub(crate) id: i32,
}

impl Rank {
    pub(crate) fn of(columns: &Columns, scores: &Scores, row: Row) -> Self {
        Self::with_score(columns, scores.of(columns, row), row)
    }

    fn with_score(columns: &Columns, score: u16, row: Row) -> Self {
        Self {
            score: Reverse(score),
            rating: Reverse(columns.score(row)),
            id: columns.id(row),
        }
    }
}

/// The number of hits that are collected beyond twice the wanted number before the worst are dropped.
const SPARE: usize = 64;

/// The page of hits after a rank and an offset, in order.
pub(crate) fn page(
    columns: &Columns,
    scores: &Scores,
    hits: &FixedBitSet,
    after: Option<Rank>,
    offset: usize,
    limit: usize,
) -> Vec<Row> {
    let end = offset + limit;
    let mut best: Vec<(Rank, Row)> = vec![];
    // The worst rank among the best hits so far.
    let mut worst: Option<Rank> = None;
    let mut cut = Cut::new(scores, worst);
    for (index, block) in hits.as_slice().iter().enumerate() {
        let mut left = *block & scores.block_at_least(index, cut.score);
        while left != 0 {
            let row = (index * BLOCK) as Row + left.trailing_zeros();
            left &= left - 1;
            let score = scores.of(columns, row);
            if strength(score, columns.score(row)) < cut.strength {
                continue;
            }
            let rank = Rank::with_score(columns, score, row);
            if worst.is_some_and(|worst| rank > worst) || after.is_some_and(|after| rank <= after) {
                continue;
            }
            best.push((rank, row));
            if best.len() >= 2 * end + SPARE {
                best.select_nth_unstable(end);
                best.truncate(end);
                worst = best.iter().map(|(rank, _)| *rank).max();
                cut = Cut::new(scores, worst);
            }
        }
    }
    best.sort_unstable();
    let page = best.into_iter().skip(offset).take(limit);
    page.map(|(_, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::Entry;
    use eggypro_domain::products::{Product, ProductId, Rating};
    use eggypro_domain::time::OffsetDateTime;

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
}
