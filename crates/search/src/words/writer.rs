use std::hash::BuildHasher;
use std::ops::Range;

use eggypro_domain::products::Product;
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use tantivy::indexer::IndexWriterOptions;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{TextAnalyzer, WhitespaceTokenizer};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term};

use super::{Segment, Words, Zone};
use crate::analysis;
use crate::columns::Row;

/// Size of the writer's buffer, in bytes.
const WRITER_BUFFER: usize = 30_000_000;

/// Maximum length of a word, in bytes; longer ones are left out.
const MAX_WORD_BYTES: usize = 100;

/// Writes the inverted index.
pub(crate) struct WordWriter {
    index: Index,
    reader: IndexReader,
    /// Created with the first write, since it starts threads.
    writer: Option<IndexWriter>,
    fields: Fields,
    /// A buffer for the words of a zone.
    words: DistinctWords,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    pub(super) row: Field,
    pub(super) zones: [Field; 3],
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
        // Texts are analysed before they are written, so words are only separated by spaces here.
        let words = TextAnalyzer::from(WhitespaceTokenizer::default());
        index.tokenizers().register("words", words);
        let reader = index.reader_builder();
        let reader = reader.reload_policy(ReloadPolicy::Manual);
        Ok(Self {
            reader: reader.try_into()?,
            index,
            writer: None,
            fields,
            words: DistinctWords::default(),
        })
    }

    fn writer(&mut self) -> tantivy::Result<&mut IndexWriter> {
        if self.writer.is_none() {
            let options = IndexWriterOptions::builder()
                .memory_budget_per_thread(WRITER_BUFFER)
                .num_worker_threads(1)
                .num_merge_threads(1)
                .build();
            self.writer = Some(self.index.writer_with_options(options)?);
        }
        self.writer.as_mut().ok_or_else(|| {
            tantivy::TantivyError::InternalError("a writer that was just made is gone".to_owned())
        })
    }

    /// Replaces the words of a row and calls `visit` with each of its words. A new row has no words yet.
    pub(crate) fn put(
        &mut self,
        row: Row,
        is_new: bool,
        product: &Product,
        mut visit: impl FnMut(&str),
    ) -> tantivy::Result<()> {
        let fields = self.fields;
        let mut words = std::mem::take(&mut self.words);
        let mut document = TantivyDocument::new();
        document.add_u64(fields.row, row.into());
        for (field, zone) in fields.zones.into_iter().zip(Zone::ALL) {
            words.clear();
            each_word_of(product, zone, |word| {
                visit(word);
                words.add(word);
            });
            document.add_text(field, &words.joined);
        }
        self.words = words;
        let writer = self.writer()?;
        if !is_new {
            writer.delete_term(Term::from_field_u64(fields.row, row.into()));
        }
        writer.add_document(document)?;
        Ok(())
    }

    pub(crate) fn remove(&mut self, row: Row) -> tantivy::Result<()> {
        let term = Term::from_field_u64(self.fields.row, row.into());
        self.writer()?.delete_term(term);
        Ok(())
    }

    /// Commits all writes and returns a snapshot with them. Reuses the rows of segments that `before` has.
    pub(crate) fn commit(&mut self, before: &Words) -> tantivy::Result<Words> {
        if let Some(writer) = &mut self.writer {
            writer.commit()?;
        }
        self.reader.reload()?;
        let searcher = self.reader.searcher();
        let segments = searcher.segment_readers().iter();
        let segments = segments.map(|reader| Segment::new(reader, self.fields, before));
        Ok(Words {
            segments: segments.collect::<tantivy::Result<_>>()?,
            name: Some(self.fields.zones[0]),
        })
    }
}

/// The words of a zone, each once. tantivy ignores repetitions too, but it takes ten times as long to find them.
#[derive(Default)]
struct DistinctWords {
    /// The words, separated by spaces.
    joined: String,
    /// The positions of the words.
    positions: HashTable<Range<usize>>,
}

impl DistinctWords {
    fn clear(&mut self) {
        self.joined.clear();
        self.positions.clear();
    }

    fn add(&mut self, word: &str) {
        let Self { joined, positions } = self;
        let hash = |word: &str| FixedState::default().hash_one(word);
        let is_word = |position: &Range<usize>| joined[position.clone()] == *word;
        let hash_at = |position: &Range<usize>| hash(&joined[position.clone()]);
        if let Entry::Vacant(entry) = positions.entry(hash(word), is_word, hash_at) {
            entry.insert(joined.len()..joined.len() + word.len());
            joined.push_str(word);
            joined.push(' ');
        }
    }
}

/// Calls `visit` with each word of a zone of a product.
fn each_word_of(product: &Product, zone: Zone, mut visit: impl FnMut(&str)) {
    let mut each = |text: &str| {
        analysis::each_word(text, |word, _, _| {
            if word.len() <= MAX_WORD_BYTES {
                visit(word);
            }
        });
    };
    match zone {
        Zone::Name => {
            each(&product.name);
            product.title.iter().for_each(|title| each(title));
        }
        Zone::Ingredients => product.ingredients.iter().for_each(|text| each(text)),
        Zone::Text => [&product.description, &product.details]
            .into_iter()
            .for_each(|text| each(text)),
    }
}
