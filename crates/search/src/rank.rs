//! Selects the best hits.

mod scores;

use std::cmp::Reverse;

use fixedbitset::FixedBitSet;

use self::scores::{BLOCK, EXACT_NAME};
pub(crate) use self::scores::{NameBonus, Scores};
use crate::columns::{Columns, Row};

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
mod tests;
