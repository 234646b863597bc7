//! Selects the best hits.

use std::cmp::Reverse;

use fixedbitset::FixedBitSet;

use crate::columns::{Columns, Row};

/// The sort key of a hit: by score, then by rating, best first, then by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    pub(crate) score: Reverse<u16>,
    pub(crate) rating: Reverse<i32>,
    pub(crate) id: i32,
}

impl Rank {
    pub(crate) fn of(columns: &Columns, scores: &[u16], row: Row) -> Self {
        Self {
            score: Reverse(scores[row as usize]),
            rating: Reverse(columns.score(row)),
            id: columns.id(row),
        }
    }
}

/// The page of hits after a rank and an offset, in order.
pub(crate) fn page(
    columns: &Columns,
    scores: &[u16],
    hits: &FixedBitSet,
    after: Option<Rank>,
    offset: usize,
    limit: usize,
) -> Vec<Row> {
    let highest = after.map_or(u16::MAX, |rank| rank.score.0);
    let end = offset + limit;
    let lowest = lowest_score(scores, hits, highest, end);
    let candidates = hits
        .ones()
        .filter(|row| (lowest..=highest).contains(&scores[*row]));
    let ranked = candidates.map(|row| (Rank::of(columns, scores, row as Row), row as Row));
    let ranked = ranked.filter(|(rank, _)| after.is_none_or(|after| *rank > after));
    let mut ranked: Vec<(Rank, Row)> = ranked.collect();
    if (1..ranked.len()).contains(&end) {
        ranked.select_nth_unstable(end - 1);
        ranked.truncate(end);
    }
    ranked.sort_unstable();
    ranked
        .into_iter()
        .skip(offset)
        .map(|(_, row)| row)
        .collect()
}

/// The lowest score among the best `count` hits below the score `highest`, so that only few of many hits are sorted.
fn lowest_score(scores: &[u16], hits: &FixedBitSet, highest: u16, count: usize) -> u16 {
    let mut hits_by_score = vec![0_u32; usize::from(u16::MAX) + 1];
    hits.ones()
        .for_each(|row| hits_by_score[usize::from(scores[row])] += 1);
    let mut better = 0;
    // Some of the hits with the highest score may be before the page.
    for score in (0..highest).rev() {
        better += hits_by_score[usize::from(score)] as usize;
        if better >= count {
            return score;
        }
    }
    0
}
