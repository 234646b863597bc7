use std::sync::Arc;

use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{InvertedIndexReader, SegmentReader};

use super::Words;
use super::rows::RowsOfDocuments;
use super::writer::Fields;
use crate::columns::Row;

#[derive(Clone)]
pub(super) struct Segment {
    reader: SegmentReader,
    rows: Arc<RowsOfDocuments>,
    pub(super) zones: [Arc<InvertedIndexReader>; 3],
}

impl Segment {
    pub(super) fn new(
        reader: &SegmentReader,
        fields: Fields,
        before: &Words,
    ) -> tantivy::Result<Self> {
        let id = reader.segment_id();
        let known = before
            .segments
            .iter()
            .find(|of| of.reader.segment_id() == id);
        let rows = match known {
            Some(known) => Arc::clone(&known.rows),
            None => {
                let column = reader.fast_fields().u64("row")?;
                let row = |document| column.first(document).unwrap_or(u64::MAX);
                let documents = 0..reader.max_doc();
                let rows = documents.map(|document| Row::try_from(row(document)));
                Arc::new(rows.map(|row| row.unwrap_or(Row::MAX)).collect())
            }
        };
        let [name, keys, text] = fields.zones;
        let zone = |field| reader.inverted_index(field);
        Ok(Self {
            rows,
            zones: [zone(name)?, zone(keys)?, zone(text)?],
            reader: reader.clone(),
        })
    }

    /// Sets the score of each row of a term. Goes through whole blocks of postings, which is faster than one by one.
    pub(super) fn score(
        &self,
        index: &InvertedIndexReader,
        term: &TermInfo,
        score: u8,
        scores: &mut [u8],
    ) -> tantivy::Result<()> {
        let basic = IndexRecordOption::Basic;
        let mut blocks = index.read_block_postings_from_terminfo(term, basic)?;
        let live = self.reader.alive_bitset();
        while !blocks.docs().is_empty() {
            let documents = blocks.docs();
            match live {
                None => self.rows.set_scores(documents.iter(), score, scores),
                Some(live) => {
                    let documents = documents.iter();
                    let documents = documents.filter(|document| live.is_alive(**document));
                    self.rows.set_scores(documents, score, scores);
                }
            }
            blocks.advance();
        }
        Ok(())
    }

    /// Whether any document of a term is not deleted.
    pub(super) fn has_live(
        &self,
        index: &InvertedIndexReader,
        term: &TermInfo,
    ) -> tantivy::Result<bool> {
        let Some(live) = self.reader.alive_bitset() else {
            return Ok(true);
        };
        let basic = IndexRecordOption::Basic;
        let mut blocks = index.read_block_postings_from_terminfo(term, basic)?;
        while !blocks.docs().is_empty() {
            if blocks
                .docs()
                .iter()
                .any(|document| live.is_alive(*document))
            {
                return Ok(true);
            }
            blocks.advance();
        }
        Ok(false)
    }
}
