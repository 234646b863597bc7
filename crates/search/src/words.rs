//! The words of products, kept by tantivy.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use eggypro_domain::products::Product;
use foldhash::fast::RandomState;
use strsim::osa_distance;
use tantivy::index::SegmentId;
use tantivy::indexer::IndexWriterOptions;
use tantivy::postings::TermInfo;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer, WhitespaceTokenizer};
use tantivy::{
    Index, IndexReader, IndexWriter, InvertedIndexReader, ReloadPolicy, SegmentReader,
    TantivyDocument, Term,
};

use crate::analysis;
use crate::columns::Row;

/// Which part of a product a word stands in; what stands in the first is what a product is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    Name,
    /// Its ingredients.
    Keys,
    /// Its description and details.
    Text,
}

impl Zone {
    pub(crate) const ALL: [Self; 3] = [Self::Name, Self::Keys, Self::Text];
}

/// How many words that begin with the same letters are looked at.
const MOST_BEGINNINGS: usize = 10_000;

/// What tantivy's writer may collect before it writes it down, per thread.
const WRITER_MEMORY: usize = 30_000_000;

/// How many bytes a word has at most that is kept; nobody types longer ones.
const LONGEST_WORD: usize = 100;

/// Enters the words of products.
pub(crate) struct WordWriter {
    index: Index,
    reader: IndexReader,
    /// Made when there is something to write, since it has threads.
    writer: Option<IndexWriter>,
    fields: Fields,
}

#[derive(Debug, Clone, Copy)]
struct Fields {
    row: Field,
    zones: [Field; 3],
}

impl WordWriter {
    pub(crate) fn new() -> tantivy::Result<Self> {
        let mut schema = Schema::builder();
        let words = TextFieldIndexing::default()
            .set_tokenizer("words")
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::Basic);
        let words = TextOptions::default().set_indexing_options(words);
        let fields = Fields {
            row: schema.add_u64_field("row", FAST | INDEXED),
            zones: ["name", "keys", "text"].map(|name| schema.add_text_field(name, words.clone())),
        };
        let index = Index::create_in_ram(schema.build());
        // Texts are taken apart before; whatever stands between two spaces is a word.
        let words = TextAnalyzer::from(WhitespaceTokenizer::default());
        index.tokenizers().register("words", words);
        let reader = index.reader_builder();
        let reader = reader.reload_policy(ReloadPolicy::Manual);
        Ok(Self {
            reader: reader.try_into()?,
            index,
            writer: None,
            fields,
        })
    }

    fn writer(&mut self) -> tantivy::Result<&mut IndexWriter> {
        if self.writer.is_none() {
            let options = IndexWriterOptions::builder()
                .memory_budget_per_thread(WRITER_MEMORY)
                .num_worker_threads(1)
                .num_merge_threads(1)
                .build();
            self.writer = Some(self.index.writer_with_options(options)?);
        }
        self.writer.as_mut().ok_or_else(|| {
            tantivy::TantivyError::InternalError("a writer that was just made is gone".to_owned())
        })
    }

    /// Enters the words of a product in place of those that its row had.
    pub(crate) fn put(&mut self, row: Row, is_new: bool, words: WordsOf) -> tantivy::Result<()> {
        let fields = self.fields;
        let writer = self.writer()?;
        if !is_new {
            writer.delete_term(Term::from_field_u64(fields.row, row.into()));
        }
        let mut document = TantivyDocument::new();
        document.add_u64(fields.row, row.into());
        for (field, text) in fields.zones.into_iter().zip(words.0) {
            document.add_text(field, text);
        }
        writer.add_document(document)?;
        Ok(())
    }

    pub(crate) fn remove(&mut self, row: Row) -> tantivy::Result<()> {
        let term = Term::from_field_u64(self.fields.row, row.into());
        self.writer()?.delete_term(term);
        Ok(())
    }

    /// What was entered by now, to be asked.
    pub(crate) fn commit(&mut self, before: &Words) -> tantivy::Result<Words> {
        if let Some(writer) = &mut self.writer {
            writer.commit()?;
        }
        self.reader.reload()?;
        let searcher = self.reader.searcher();
        let segments = searcher.segment_readers().iter();
        let segments = segments.map(|reader| SegmentWords::new(reader, self.fields, before));
        Ok(Words {
            segments: segments.collect::<tantivy::Result<_>>()?,
            name: Some(self.fields.zones[0]),
        })
    }
}

/// The words of a product by zone, each once, with spaces between.
#[derive(Debug)]
pub(crate) struct WordsOf([String; 3]);

impl WordsOf {
    /// Takes the texts of a product apart; `learn` is told of each word.
    pub(crate) fn product(product: &Product, mut learn: impl FnMut(&str)) -> Self {
        let mut zone = |texts: &mut dyn Iterator<Item = &str>| {
            let (mut known, mut joined) =
                (HashSet::<String, RandomState>::default(), String::new());
            for word in texts.flat_map(analysis::words) {
                if word.text.len() > LONGEST_WORD || known.contains(&word.text) {
                    continue;
                }
                learn(&word.text);
                if !joined.is_empty() {
                    joined.push(' ');
                }
                joined.push_str(&word.text);
                known.insert(word.text);
            }
            joined
        };
        Self([
            zone(&mut std::iter::once(product.name.as_str())),
            zone(&mut product.ingredients.iter().map(String::as_str)),
            zone(&mut [product.description.as_str(), product.details.as_str()].into_iter()),
        ])
    }
}

/// The words of all products at a moment.
#[derive(Clone, Default)]
pub(crate) struct Words {
    segments: Vec<SegmentWords>,
    name: Option<Field>,
}

#[derive(Clone)]
struct SegmentWords {
    reader: SegmentReader,
    /// The row of each document.
    rows: Arc<[Row]>,
    zones: [Arc<InvertedIndexReader>; 3],
}

impl SegmentWords {
    fn new(reader: &SegmentReader, fields: Fields, before: &Words) -> tantivy::Result<Self> {
        let id: SegmentId = reader.segment_id();
        let known = before
            .segments
            .iter()
            .find(|of| of.reader.segment_id() == id);
        let rows = match known {
            Some(known) => Arc::clone(&known.rows),
            None => {
                let column = reader.fast_fields().u64("row")?;
                let row = |document| column.first(document).unwrap_or(u64::MAX);
                let rows = 0..reader.max_doc();
                rows.map(|document| Row::try_from(row(document)).unwrap_or(Row::MAX))
                    .collect()
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

    /// Hands over the rows that a word leads to, in blocks, as they are kept.
    fn each(
        &self,
        index: &InvertedIndexReader,
        word: &TermInfo,
        each: &mut impl FnMut(Row),
    ) -> tantivy::Result<()> {
        let basic = IndexRecordOption::Basic;
        let mut blocks = index.read_block_postings_from_terminfo(word, basic)?;
        let alive = self.reader.alive_bitset();
        while !blocks.docs().is_empty() {
            let documents = blocks.docs().iter();
            let rows = documents.filter_map(|document| self.rows.get(*document as usize));
            match alive {
                None => rows.for_each(|row| each(*row)),
                Some(alive) => {
                    for document in blocks.docs().iter().filter(|of| alive.is_alive(**of)) {
                        self.rows
                            .get(*document as usize)
                            .into_iter()
                            .for_each(|row| each(*row));
                    }
                }
            }
            blocks.advance();
        }
        Ok(())
    }
}

impl SegmentWords {
    /// Whether a word leads to a product that has it still.
    fn leads_anywhere(
        &self,
        index: &InvertedIndexReader,
        word: &TermInfo,
    ) -> tantivy::Result<bool> {
        let Some(alive) = self.reader.alive_bitset() else {
            return Ok(true);
        };
        let basic = IndexRecordOption::Basic;
        let mut blocks = index.read_block_postings_from_terminfo(word, basic)?;
        while !blocks.docs().is_empty() {
            if blocks
                .docs()
                .iter()
                .any(|document| alive.is_alive(*document))
            {
                return Ok(true);
            }
            blocks.advance();
        }
        Ok(false)
    }
}

impl Words {
    /// The rows that have a word in a zone.
    pub(crate) fn each_with(
        &self,
        word: &str,
        zone: Zone,
        mut each: impl FnMut(Row),
    ) -> tantivy::Result<()> {
        for segment in &self.segments {
            let index = &segment.zones[zone as usize];
            let Some(info) = index.terms().get(word)? else {
                continue;
            };
            segment.each(index, &info, &mut each)?;
        }
        Ok(())
    }

    /// Whether any product has a word in a zone.
    pub(crate) fn has(&self, word: &str, zone: Zone) -> tantivy::Result<bool> {
        for segment in &self.segments {
            let index = &segment.zones[zone as usize];
            if let Some(info) = index.terms().get(word)?
                && segment.leads_anywhere(index, &info)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether any product has a longer word in a zone that begins with this one.
    pub(crate) fn begins(&self, beginning: &str, zone: Zone) -> tantivy::Result<bool> {
        for segment in &self.segments {
            let index = &segment.zones[zone as usize];
            let mut terms = index.terms().range().gt(beginning).into_stream()?;
            while terms.advance() && terms.key().starts_with(beginning.as_bytes()) {
                if segment.leads_anywhere(index, terms.value())? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// The rows that have a longer word in a zone that begins with this one.
    pub(crate) fn each_beginning(
        &self,
        beginning: &str,
        zone: Zone,
        mut each: impl FnMut(Row),
    ) -> tantivy::Result<()> {
        for segment in &self.segments {
            let index = &segment.zones[zone as usize];
            let mut terms = index.terms().range().gt(beginning).into_stream()?;
            let mut left = MOST_BEGINNINGS;
            while terms.advance() && left > 0 && terms.key().starts_with(beginning.as_bytes()) {
                left -= 1;
                segment.each(index, terms.value(), &mut each)?;
            }
        }
        Ok(())
    }

    /// The words of a zone that fewest slips of a finger lead to, and how many these are.
    pub(crate) fn similar(
        &self,
        word: &str,
        zone: Zone,
        slips: u8,
    ) -> tantivy::Result<(usize, Vec<String>)> {
        let mut nearest = (usize::from(slips), vec![]);
        let Some(field) = self.name else {
            return Ok(nearest);
        };
        let query = FuzzyTermQuery::new(Term::from_field_text(field, word), slips, true);
        let automaton = query.automaton()?;
        for segment in &self.segments {
            let index = &segment.zones[zone as usize];
            let mut similar = index.terms().search(&automaton).into_stream()?;
            while similar.advance() {
                let Ok(other) = std::str::from_utf8(similar.key()) else {
                    continue;
                };
                if segment.leads_anywhere(index, similar.value())? {
                    nearer(&mut nearest, word, other);
                }
            }
        }
        Ok(nearest)
    }
}

/// Adds a word to the nearest ones, if it is as near.
pub(crate) fn nearer(nearest: &mut (usize, Vec<String>), word: &str, other: &str) {
    let distance = osa_distance(word, other);
    let is_number = other.bytes().any(|byte| byte.is_ascii_digit());
    if distance == 0 || distance > nearest.0 || is_number {
        return;
    }
    if distance < nearest.0 {
        *nearest = (distance, vec![]);
    }
    if !nearest.1.iter().any(|known| known == other) {
        nearest.1.push(other.to_owned());
    }
}

/// The words that are known, by what they have in common. It only grows.
#[derive(Default)]
pub(crate) struct Vocabulary {
    known: HashSet<Box<str>, RandomState>,
    by_stem: HashMap<Box<str>, Vec<Box<str>>, RandomState>,
}

impl Vocabulary {
    /// Learns a word, unless it is one with a digit, which has no other forms.
    pub(crate) fn learn(&mut self, word: &str, stems: &mut Stems) {
        if self.known.contains(word) || word.bytes().any(|byte| byte.is_ascii_digit()) {
            return;
        }
        self.known.insert(word.into());
        let stem = stems.stem(word);
        self.by_stem
            .entry(stem.into())
            .or_default()
            .push(word.into());
    }

    pub(crate) fn knows(&self, word: &str) -> bool {
        self.known.contains(word)
    }

    /// The known words of a stem.
    pub(crate) fn of_stem(&self, stem: &str) -> &[Box<str>] {
        self.by_stem.get(stem).map_or(&[], Vec::as_slice)
    }
}

/// Makes stems of English words, as Porter's second algorithm does.
pub(crate) struct Stems(TextAnalyzer);

impl Default for Stems {
    fn default() -> Self {
        let analyzer = TextAnalyzer::builder(RawTokenizer::default());
        Self(analyzer.filter(Stemmer::new(Language::English)).build())
    }
}

impl Stems {
    pub(crate) fn stem(&mut self, word: &str) -> String {
        let mut stream = self.0.token_stream(word);
        if stream.advance() {
            return stream.token().text.clone();
        }
        word.to_owned()
    }
}
