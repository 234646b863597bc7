//! Compares imports of files with `COPY` of the same rows into the same tables, and measures what they take from others.

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use eggypro_persistence::migrations;

use crate::Failure;
use crate::catalogue::Catalogues;
use crate::load::Load;
use crate::process::{ADMIN_SECRET, Running, Usage, sibling};

/// The connections of the readers.
const READERS: u32 = 32;

/// What was measured, as printed lines.
pub(crate) fn measure(rows: u32, rounds: usize, folder: &Path) -> Result<Vec<String>, Failure> {
    let catalogues = Catalogues::start(folder)?;
    let bench = Bench::prepare(&catalogues, rows, folder)?;
    let (mut copied, mut imported, mut ratios) = (vec![], vec![], vec![]);
    for round in 0..rounds {
        let floor = bench.copy(&format!("copied_{round}"))?;
        let ours = bench.import(&format!("imported_{round}"))?;
        ratios.push(ours / floor);
        copied.push(floor);
        imported.push(ours);
    }
    let mut lines = vec![format!(
        "{rows} rows: {:.0} a second imported, {:.0} by COPY: {:.2}",
        median(imported),
        median(copied),
        median(ratios)
    )];
    lines.extend(bench.beside_readers()?);
    Ok(lines)
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A file of rows in the formats of both, and a database with its categories.
struct Bench<'a> {
    catalogues: &'a Catalogues,
    folder: &'a Path,
    rows: u32,
    file: std::path::PathBuf,
    /// A folder of PostgreSQL with the rows of the tables.
    tables: String,
}

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    value: String,
}

const TABLES: [&str; 3] = ["categories", "products", "product_categories"];

impl<'a> Bench<'a> {
    fn prepare(catalogues: &'a Catalogues, rows: u32, folder: &'a Path) -> Result<Self, Failure> {
        let source = catalogues.with(rows)?.url;
        let mut connection = PgConnection::establish(&source)?;
        let of = "SELECT current_setting('data_directory') AS value";
        let tables: Setting = sql_query(of).get_result(&mut connection)?;
        let tables = tables.value;
        for table in TABLES {
            connection.batch_execute(&format!("COPY {table} TO '{tables}/{table}.copy'"))?;
        }
        let file = folder.join("products.csv");
        command(&source, folder)?
            .arg("export")
            .arg(&file)
            .status()?;
        let template = catalogues.empty("template")?;
        migrations::run(&template.parse()?)?;
        PgConnection::establish(&template)?
            .batch_execute(&format!("COPY categories FROM '{tables}/categories.copy'"))?;
        Ok(Self {
            catalogues,
            folder,
            rows,
            file,
            tables,
        })
    }

    /// The rows a second that `COPY` reaches.
    fn copy(&self, name: &str) -> Result<f64, Failure> {
        let url = self.catalogues.copy_of("template", name)?;
        let mut connection = PgConnection::establish(&url)?;
        let tables = &self.tables;
        let started = Instant::now();
        connection.batch_execute(&format!(
            "BEGIN; COPY products FROM '{tables}/products.copy'; \
             COPY product_categories FROM '{tables}/product_categories.copy'; COMMIT"
        ))?;
        Ok(self.rate(started))
    }

    fn rate(&self, started: Instant) -> f64 {
        f64::from(self.rows) / started.elapsed().as_secs_f64()
    }

    /// The rows a second that an import reaches.
    fn import(&self, name: &str) -> Result<f64, Failure> {
        let url = self.catalogues.copy_of("template", name)?;
        let server = Running::server(&url, self.folder, false)?;
        let started = Instant::now();
        let import = upload(&server, File::open(&self.file)?)?;
        finished(&server, &import)?;
        Ok(self.rate(started))
    }

    /// What imports take from those who read a cached product, and from memory.
    fn beside_readers(&self) -> Result<Vec<String>, Failure> {
        let url = self.catalogues.copy_of("template", "read")?;
        let server = Running::server(&url, self.folder, false)?;
        let script = Load::script(self.folder, "done.lua", "")?;
        let mut beginning = String::new();
        File::open(&self.file)?
            .take(64 * 1024)
            .read_to_string(&mut beginning)?;
        // The first product, which the readers read.
        let first: Vec<&str> = beginning.split_inclusive("\r\n").take(2).collect();
        finished(&server, &upload(&server, io::Cursor::new(first.concat()))?)?;
        let slug = first.get(1).and_then(|row| row.split(',').nth(2));
        let path = format!("/api/products/{}", slug.ok_or("a row without a slug")?);
        let readers = Load::of("readers", path.clone(), &script);
        let alone = readers.run(&server, &path, READERS, 5)?.requests_a_second;
        let import = upload(&server, File::open(&self.file)?)?;
        let beside = readers.run(&server, &path, READERS, 10)?.requests_a_second;
        if finished_yet(&server, &import)?.is_some() {
            return Err("the import ended before the measurement".into());
        }
        finished(&server, &import)?;
        let read = format!(
            "{READERS} readers of a cached product: {alone:.0} requests a second, {beside:.0} beside an import: {:.2}",
            beside / alone
        );
        // Now the index has all products, so that what grows is the import's.
        Usage::forget_peak(&server)?;
        let rest = Usage::memory(&server)?;
        let started = Instant::now();
        finished(&server, &upload(&server, File::open(&self.file)?)?)?;
        let unchanged = self.rate(started);
        let above = Usage::peak_memory(&server)?.saturating_sub(rest) / 1_000_000;
        Ok(vec![
            read,
            format!("the same file again: {unchanged:.0} rows a second, {above} MB above rest"),
        ])
    }
}

/// The program of the server with a database.
fn command(url: &str, folder: &Path) -> Result<Command, Failure> {
    let mut command = Command::new(sibling("eggypro")?);
    command
        .env("POSTGRES_URL", url)
        .env("EGGYPRO_DATA_DIR", folder.join("data"))
        .env("ADMIN_SECRET_KEY", ADMIN_SECRET)
        .env("RUST_LOG", "warn")
        .stdout(Stdio::null());
    Ok(command)
}

/// Begins an import. Returns its path.
fn upload(server: &Running, mut file: impl Read + Sized + Measured) -> Result<String, Failure> {
    let mut stream = TcpStream::connect(("127.0.0.1", server.port))?;
    write!(
        stream,
        "POST /api/imports HTTP/1.1\r\nHost: bench\r\nConnection: close\r\nAuthorization: Bearer {ADMIN_SECRET}\r\n\
         Content-Type: text/csv\r\nContent-Length: {}\r\n\r\n",
        file.size()?
    )?;
    io::copy(&mut file, &mut stream)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let head = answer.to_ascii_lowercase();
    let location = head
        .lines()
        .find_map(|line| line.strip_prefix("location: "));
    match location {
        Some(path) => Ok(path.trim().to_owned()),
        None => Err(answer.into()),
    }
}

trait Measured {
    fn size(&self) -> io::Result<u64>;
}

impl Measured for File {
    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }
}

impl Measured for io::Cursor<String> {
    fn size(&self) -> io::Result<u64> {
        Ok(self.get_ref().len() as u64)
    }
}

/// Waits for the end of an import.
fn finished(server: &Running, import: &str) -> Result<(), Failure> {
    loop {
        if let Some(status) = finished_yet(server, import)? {
            return match status.contains("\"status\":\"done\"") && status.contains("\"failed\":0,")
            {
                true => Ok(()),
                false => Err(status.into()),
            };
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// The answer of an import that has ended.
fn finished_yet(server: &Running, import: &str) -> Result<Option<String>, Failure> {
    let mut stream = TcpStream::connect(("127.0.0.1", server.port))?;
    write!(
        stream,
        "GET {import} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\nAuthorization: Bearer {ADMIN_SECRET}\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok((!answer.contains("\"status\":\"running\"")).then_some(answer))
}
