//! The best of many hits.

use std::cmp::Reverse;

use fixedbitset::FixedBitSet;

use crate::columns::{Columns, Row};

/// Where a hit stands among all: the best score first, then the best rated, then by id.
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

/// The hits behind a rank, so many skipped, in order.
pub(crate) fn best(
    columns: &Columns,
    scores: &[u16],
    hits: &FixedBitSet,
    behind: Option<Rank>,
    skipped: usize,
    limit: usize,
) -> Vec<Row> {
    // Only the classes of equal scores that the page shows are put in order.
    let mut counts = vec![0_usize; usize::from(scores.iter().copied().max().unwrap_or(0)) + 1];
    hits.ones()
        .for_each(|row| counts[usize::from(scores[row])] += 1);
    let most = behind.map_or(u16::MAX, |rank| rank.score.0);
    let (mut before, mut wanted, mut left) = (0, None, skipped);
    for (score, count) in counts.iter().enumerate().rev() {
        let is_behind = score <= usize::from(most);
        if *count == 0 || !is_behind {
            continue;
        }
        // Of the class of the rank itself it is not known how many come behind it.
        let is_whole = behind.is_none_or(|rank| score < usize::from(rank.score.0));
        if wanted.is_none() && left >= *count {
            left -= count;
            continue;
        }
        let (first, _) = wanted.unwrap_or((score, score));
        wanted = Some((first, score));
        before += if is_whole { *count } else { 0 };
        if before >= left + limit {
            break;
        }
    }
    let Some((first, last)) = wanted else {
        return vec![];
    };
    let is_shown = |row: &usize| (last..=first).contains(&usize::from(scores[*row]));
    let ranked = hits.ones().filter(is_shown).map(|row| {
        let row = row as Row;
        (Rank::of(columns, scores, row), row)
    });
    let mut ranked: Vec<(Rank, Row)> = match behind {
        Some(behind) => ranked.filter(|(rank, _)| *rank > behind).collect(),
        None => ranked.collect(),
    };
    let end = (left + limit).min(ranked.len());
    if end > 0 && end < ranked.len() {
        ranked.select_nth_unstable(end - 1);
        ranked.truncate(end);
    }
    ranked.sort_unstable();
    ranked.into_iter().skip(left).map(|(_, row)| row).collect()
}
