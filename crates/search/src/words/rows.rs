use crate::columns::Row;

/// The row of each document of a segment.
///
/// Segments of products that were indexed one after the other have few runs of adjacent rows. With those, setting the scores
/// of a frequent word reads only half as much memory, which takes most of the time in large catalogues.
pub(super) enum RowsOfDocuments {
    Runs(Vec<Run>),
    /// One by one, where there are many runs.
    Each(Vec<Row>),
}

/// Adjacent documents with adjacent rows, up to the next run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    document: u32,
    row: Row,
}

/// The fewest documents to a run, on average, with which runs are faster.
const MIN_LENGTH: usize = 64;

impl FromIterator<Row> for RowsOfDocuments {
    fn from_iter<Rows: IntoIterator<Item = Row>>(rows: Rows) -> Self {
        let rows: Vec<Row> = rows.into_iter().collect();
        let mut runs: Vec<Run> = vec![];
        for (document, row) in (0..).zip(&rows) {
            let is_next = |run: &Run| row.wrapping_sub(run.row) == document - run.document;
            if !runs.last().is_some_and(is_next) {
                let row = *row;
                runs.push(Run { document, row });
            }
        }
        if runs.len() * MIN_LENGTH <= rows.len() {
            Self::Runs(runs)
        } else {
            Self::Each(rows)
        }
    }
}

impl RowsOfDocuments {
    /// Sets the scores of the rows of documents, which are in order.
    pub(super) fn set_scores<'a>(
        &self,
        documents: impl Iterator<Item = &'a u32>,
        score: u8,
        scores: &mut [u8],
    ) {
        match self {
            Self::Runs(runs) => set_by_runs(documents, runs, score, scores),
            Self::Each(rows) => set_one_by_one(documents, rows, score, scores),
        }
    }
}

// Functions of their own, in which nothing else can change where the slices are: so the compiler does not read that anew for
// each document.

#[inline(never)]
fn set_by_runs<'a>(
    documents: impl Iterator<Item = &'a u32>,
    runs: &[Run],
    score: u8,
    scores: &mut [u8],
) {
    // The end of the run of the document before, and what its rows are ahead of its documents.
    let (mut end, mut ahead) = (0, 0);
    for document in documents {
        if *document >= end {
            let next = runs.partition_point(|run| run.document <= *document);
            end = runs.get(next).map_or(u32::MAX, |run| run.document);
            let run = next.checked_sub(1).and_then(|last| runs.get(last));
            ahead = run.map_or(0, |run| run.row.wrapping_sub(run.document));
        }
        let row = document.wrapping_add(ahead);
        if let Some(of_row) = scores.get_mut(row as usize) {
            *of_row = score;
        }
    }
}

#[inline(never)]
fn set_one_by_one<'a>(
    documents: impl Iterator<Item = &'a u32>,
    rows: &[Row],
    score: u8,
    scores: &mut [u8],
) {
    for document in documents {
        let row = rows.get(*document as usize);
        if let Some(of_row) = row.and_then(|row| scores.get_mut(*row as usize)) {
            *of_row = score;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_and_single_rows_set_the_same_scores() {
        let apart = (0..3).flat_map(|run: u32| (0..100).map(move |row| 1_000 - run * 300 + row));
        let adjacent: Vec<Row> = apart.chain([Row::MAX]).chain(5..200).collect();
        let mixed: Vec<Row> = (0..400).map(|row| row * 7 % 400).collect();
        for (rows, has_runs) in [(adjacent, true), (mixed, false), (vec![], true)] {
            let mapping: RowsOfDocuments = rows.iter().copied().collect();
            assert_eq!(matches!(mapping, RowsOfDocuments::Runs(_)), has_runs);
            for step in [1, 3, 90] {
                let documents: Vec<u32> = (0..rows.len() as u32).step_by(step).collect();
                let mut found = vec![0; 1_100];
                mapping.set_scores(documents.iter(), 7, &mut found);
                let mut expected = vec![0; 1_100];
                for document in documents {
                    if let Some(of_row) = expected.get_mut(rows[document as usize] as usize) {
                        *of_row = 7;
                    }
                }
                assert_eq!(found, expected, "{step}");
            }
        }
    }
}
