use fixedbitset::FixedBitSet;

use crate::columns::{Columns, Row};

/// The bonus of a name that consists of the terms only, and the maximum bonus of a name with more words.
pub(super) const EXACT_NAME: u16 = 40;
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
    pub(super) fn of(&self, columns: &Columns, row: Row) -> u16 {
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
    pub(super) fn block_at_least(&self, index: usize, least: u16) -> usize {
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
pub(super) const BLOCK: usize = usize::BITS as usize;

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
