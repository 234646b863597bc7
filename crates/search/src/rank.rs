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

/// The number of hits that are kept besides twice as many as are wanted, before the worst are dropped.
const SPARE: usize = 64;

/// The page of hits after a rank and an offset, in order.
pub(crate) fn page(
    columns: &Columns,
    scores: &[u16],
    hits: &FixedBitSet,
    after: Option<Rank>,
    offset: usize,
    limit: usize,
) -> Vec<Row> {
    let end = offset + limit;
    let mut best: Vec<(Rank, Row)> = vec![];
    // The worst of the best so far.
    let mut worst: Option<Rank> = None;
    for row in hits.ones() {
        let rank = Rank::of(columns, scores, row as Row);
        if worst.is_some_and(|worst| rank > worst) || after.is_some_and(|after| rank <= after) {
            continue;
        }
        best.push((rank, row as Row));
        if best.len() >= 2 * end + SPARE {
            best.select_nth_unstable(end);
            best.truncate(end);
            worst = best.iter().map(|(rank, _)| *rank).max();
        }
    }
    best.sort_unstable();
    let page = best.into_iter().skip(offset).take(limit);
    page.map(|(_, row)| row).collect()
}
