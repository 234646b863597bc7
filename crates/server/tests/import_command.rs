//! The command `eggypro import`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

#[path = "process/running.rs"]
#[expect(dead_code, reason = "shared with another test")]
mod running;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use eggypro_persistence::testing::TestDatabase;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use secrecy::ExposeSecret;
use tempfile::TempDir;

use self::running::{Running, eggypro, folder};

const HEADER: &str = "sku,name,price,description,details,ingredients\n";
const WHITE: &str = "EP-1,Egg white,4.50,White,Pure white,Egg white\n";
const YOLK: &str = "EP-2,Egg yolk,2.90,Yolk,Pure yolk,Egg yolk\n";
const PRICELESS: &str = "EP-3,Whole egg,cheap,Egg,Whole egg,Egg\n";

/// A database and a folder for files.
struct Shop {
    database: TestDatabase,
    folder: TempDir,
}

/// What a command has printed, and how it has ended.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Said {
    /// The output, if the command has ended with this code.
    fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.err);
        self
    }
}

impl Shop {
    fn new() -> Self {
        Self {
            database: TestDatabase::migrated(),
            folder: folder(),
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = eggypro();
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("POSTGRES_URL", self.database.url().expose_secret())
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Said {
        self.command(arguments).output().unwrap().into()
    }

    /// Imports rows under the header.
    fn import(&self, rows: &[&str], options: &[&str]) -> Said {
        self.write("products.csv", &[&[HEADER], rows].concat().concat());
        self.run(&[&["import", "products.csv"], options].concat())
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    fn count(&self, query: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = BigInt)]
            count: i64,
        }
        let query = format!("SELECT count(*) AS count FROM {query}");
        let count: Count = sql_query(query)
            .get_result(&mut self.database.connect())
            .unwrap();
        count.count
    }
}

#[test]
fn an_export_can_be_imported_without_a_change() {
    let shop = Shop::new();
    shop.run(&["seed", "--products", "20"]).expect(0);
    let changes = shop.count("changes");
    for file in ["products.csv", "products.ndjson"] {
        shop.run(&["export", file]).expect(0);
        let said = shop.run(&["import", file]).expect(0);
        let unchanged = "20 rows: 0 created, 0 updated, 20 unchanged, 0 refused.\n";
        assert_eq!(said.out, unchanged);
        assert_eq!(said.err, "");
    }
    assert_eq!(shop.count("changes"), changes);
}

#[test]
fn refused_rows_are_told_and_written_to_a_file() {
    let shop = Shop::new();
    let rows = [WHITE, PRICELESS, YOLK];
    let said = shop.import(&rows, &["--errors", "refused.csv"]).expect(3);
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(lines.len(), 3, "{}", said.out);
    assert_eq!(
        lines[0],
        "3 rows: 2 created, 0 updated, 0 unchanged, 1 refused."
    );
    assert!(
        lines[1].starts_with("row 3, column price: ") && lines[1].ends_with(" (cheap)"),
        "{}",
        lines[1]
    );
    assert_eq!(lines[2], "The refused rows are in refused.csv.");
    assert_eq!(said.err, "1 of 3 rows were refused.\n");
    assert_eq!(shop.count("products"), 2);

    // The file has its own rows with their errors. Mended, it can be imported.
    let refused = shop.read("refused.csv");
    assert_eq!(refused.lines().count(), 2, "{refused}");
    assert!(
        refused.lines().next().unwrap().contains("error"),
        "{refused}"
    );
    assert!(
        refused.contains("EP-3") && refused.contains("price: "),
        "{refused}"
    );
    shop.write("refused.csv", &refused.replace("cheap", "3.10"));
    let said = shop.run(&["import", "refused.csv"]).expect(0);
    assert!(said.out.starts_with("1 rows: 1 created,"), "{}", said.out);
    assert_eq!(fs::read_dir(shop.folder.path()).unwrap().count(), 2);
}

#[test]
fn changes_name_the_command_line_and_their_import() {
    let shop = Shop::new();
    shop.import(&[WHITE], &[]).expect(0);
    let named = "changes, imports WHERE changes.actor_kind = 'system' AND changes.actor_id = 'command line' \
         AND changes.reason = 'import ' || imports.id::text AND changes.resource = 'product'";
    assert_eq!(shop.count(named), 1);
    assert_eq!(shop.count("import_chunks"), 0);
}

#[test]
fn modes_refuse_rows() {
    let shop = Shop::new();
    let said = shop.import(&[WHITE], &["--mode", "update"]).expect(3);
    assert!(said.out.contains("row 2, column sku: "), "{}", said.out);
    shop.import(&[WHITE], &["--mode", "create"]).expect(0);
    let said = shop.import(&[WHITE, YOLK], &["--mode", "create"]).expect(3);
    assert!(said.out.contains("1 created"), "{}", said.out);
    // Wrong usage.
    let said = shop.import(&[WHITE], &["--mode", "replace"]).expect(2);
    assert!(said.err.contains("upsert, create, update"), "{}", said.err);
}

#[test]
fn a_dry_run_tells_differences_and_writes_nothing() {
    let shop = Shop::new();
    shop.import(&[WHITE], &[]).expect(0);
    let dearer = WHITE.replace("4.50", "4.90");
    let said = shop.import(&[&dearer, YOLK], &["--dry-run"]).expect(0);
    for part in [
        "2 rows: 1 would be created, 1 would be updated, 0 unchanged, 0 refused.\n",
        "\nrow 2 egg-white: price 4.5",
        " -> 4.9",
        "\nrow 3 egg-yolk: would be created\n",
        "\nrow 3 egg-yolk: sku \"EP-2\"\n",
    ] {
        assert!(said.out.contains(part), "{part:?} in {}", said.out);
    }
    assert_eq!(shop.count("products WHERE price = 4.50"), 1);
    assert_eq!(shop.count("products"), 1);
    let said = shop.import(&[PRICELESS], &["--dry-run"]).expect(3);
    assert_eq!(said.err, "1 of 1 rows would be refused.\n");
}

#[test]
fn standard_input_is_read() {
    let shop = Shop::new();
    let mut command = shop.command(&["import", "-", "--format", "csv"]);
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let mut input = process.stdin.take().unwrap();
    // More than one chunk.
    let comment = "x".repeat(900);
    let mut text = HEADER.to_owned();
    for number in 0..1_500 {
        writeln!(text, "S-{number},Egg {number},1,{comment},Egg,Egg").unwrap();
    }
    input.write_all(text.as_bytes()).unwrap();
    drop(input);
    let said = Said::from(process.wait_with_output().unwrap()).expect(0);
    assert!(
        said.out.starts_with("1500 rows: 1500 created,"),
        "{}",
        said.out
    );
}

#[test]
fn a_file_that_cannot_be_imported_changes_nothing() {
    let shop = Shop::new();
    shop.write("array.json", "[{\"name\": \"Egg\"}]");
    shop.write("empty.csv", "");
    for (file, reason) in [
        ("array.json", "This looks like a JSON array."),
        ("empty.csv", "The file is empty."),
    ] {
        let said = shop.run(&["import", file]).expect(1);
        assert_eq!(said.out, "", "{file}");
        assert!(
            said.err.starts_with(reason) && said.err.ends_with(" Nothing was written.\n"),
            "{file}: {}",
            said.err
        );
    }
    assert_eq!(shop.count("imports WHERE status = 'failed'"), 2);
    for (file, reason) in [
        ("missing.csv", "missing.csv can't be read: No such file"),
        (".", ". can't be read: is a directory"),
    ] {
        let said = shop.run(&["import", file]).expect(1);
        assert!(said.err.starts_with(reason), "{file}: {}", said.err);
    }
    let nowhere = ["--errors", "nowhere/refused.csv"];
    let said = shop.import(&[WHITE], &nowhere).expect(1);
    assert!(
        said.err.starts_with("nowhere/refused.csv can't be written"),
        "{}",
        said.err
    );
    assert_eq!(shop.count("imports"), 2);
    assert_eq!(shop.count("products"), 0);
}

/// A file with this many products, more than are imported in a moment.
fn long_file(shop: &Shop, rows: u32) {
    let mut text = HEADER.to_owned();
    for number in 0..rows {
        writeln!(text, "L-{number},Egg {number},1,Egg,Egg,Egg").unwrap();
    }
    shop.write("long.csv", &text);
}

#[test]
fn a_signal_cancels_the_import() {
    let shop = Shop::new();
    long_file(&shop, 50_000);
    let mut command = shop.command(&["import", "long.csv"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let process = command.spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while shop.count("products") == 0 {
        assert!(Instant::now() < deadline, "no row was written");
    }
    kill(Pid::from_raw(process.id() as i32), Signal::SIGINT).unwrap();
    let said = Said::from(process.wait_with_output().unwrap()).expect(1);
    let products = shop.count("products");
    assert!(products < 50_000);
    assert!(
        said.out
            .starts_with(&format!("{products} of 50000 rows: {products} created,")),
        "{}",
        said.out
    );
    let stay = format!("The import was cancelled. {products} rows were written before and stay.\n");
    assert_eq!(said.err, stay);
    assert_eq!(shop.count("imports WHERE status = 'cancelled'"), 1);
    assert_eq!(shop.count("import_chunks"), 0);
}

#[test]
fn a_running_server_may_do_the_work_and_shows_the_products() {
    let shop = Shop::new();
    let data = shop.folder.path().join("data");
    let mut serve = shop.command(&["serve"]);
    let server = Running::start(serve.env("EGGYPRO_DATA_DIR", &data));
    long_file(&shop, 1_000);
    let said = shop.run(&["import", "long.csv"]).expect(0);
    assert!(
        said.out.starts_with("1000 rows: 1000 created,"),
        "{}",
        said.out
    );
    // The server hears of the changes a moment later.
    let deadline = Instant::now() + Duration::from_secs(10);
    while server.get("/api/products/egg-999") != 200 {
        assert!(Instant::now() < deadline);
    }
}
