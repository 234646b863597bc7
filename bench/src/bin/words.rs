//! An upper bound for the speed of searches: tantivy alone, over the texts of the same products, without a server.
//!
//! `words POSTGRES_URL TEXTS SECONDS` searches for one line of the file TEXTS after the other with two threads and prints
//! the searches a second. Each search finds the best 20 of the products that have all words.
#![expect(clippy::print_stdout, reason = "the program prints its result")]

use std::error::Error;
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Schema, TEXT};
use tantivy::{Index, IndexWriter, Searcher, TantivyDocument, Term};

/// The number of threads, as on a server with two cores.
const THREADS: usize = 2;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    ingredients: String,
    #[diesel(sql_type = Text)]
    description: String,
    #[diesel(sql_type = Text)]
    details: String,
}

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, texts, seconds] = arguments.as_slice() else {
        return Err("words POSTGRES_URL TEXTS SECONDS".into());
    };
    let texts = fs::read_to_string(texts)?;
    let texts: Vec<&str> = texts.lines().collect();
    let (searcher, fields) = index(url)?;
    let end = Instant::now() + Duration::from_secs(seconds.parse()?);
    let done = AtomicUsize::new(0);
    let search = |first: usize| {
        for text in texts.iter().cycle().skip(first) {
            if Instant::now() > end {
                break;
            }
            let query = query(text, &fields);
            let best = TopDocs::with_limit(20).order_by_score();
            let (best, _) = searcher.search(&query, &(best, Count))?;
            // The result is used, so that the compiler does not remove the search.
            done.fetch_add(1 + usize::from(best.len() > 20), Ordering::Relaxed);
        }
        Ok::<_, tantivy::TantivyError>(())
    };
    thread::scope(|scope| {
        let search = &search;
        let threads = (0..THREADS).map(|number| scope.spawn(move || search(number * 7)));
        let threads: Vec<_> = threads.collect();
        threads.into_iter().try_for_each(|thread| {
            let ended = thread.join().map_err(|_| "a thread panicked")?;
            Ok::<_, Failure>(ended?)
        })
    })?;
    println!("{}", done.into_inner() as f64 / seconds.parse::<f64>()?);
    Ok(())
}

fn index(url: &str) -> Result<(Searcher, Vec<Field>), Failure> {
    let rows: Vec<Row> = sql_query(
        "SELECT name::text, array_to_string(ingredients, ' ') AS ingredients, description, details FROM products",
    )
    .load(&mut PgConnection::establish(url)?)?;
    let mut schema = Schema::builder();
    let fields = ["name", "ingredients", "description", "details"];
    let fields: Vec<Field> = fields
        .iter()
        .map(|name| schema.add_text_field(name, TEXT))
        .collect();
    let index = Index::create_in_ram(schema.build());
    let mut writer: IndexWriter = index.writer_with_num_threads(1, 100_000_000)?;
    for row in rows {
        let mut document = TantivyDocument::default();
        let texts = [&row.name, &row.ingredients, &row.description, &row.details];
        for (field, text) in fields.iter().zip(texts) {
            document.add_text(*field, text);
        }
        writer.add_document(document)?;
    }
    writer.commit()?;
    let searcher = index.reader()?.searcher();
    Ok((searcher, fields))
}

/// Matches products that have each word in any of their texts.
fn query(text: &str, fields: &[Field]) -> BooleanQuery {
    let words = text.split_whitespace().map(|word| {
        let of_fields = fields.iter().map(|field| {
            let term = Term::from_field_text(*field, word);
            let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
            (Occur::Should, Box::new(query) as Box<dyn Query>)
        });
        let any = BooleanQuery::new(of_fields.collect());
        (Occur::Must, Box::new(any) as Box<dyn Query>)
    });
    BooleanQuery::new(words.collect())
}
