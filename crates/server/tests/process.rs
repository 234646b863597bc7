//! The binary: its commands, its signals, its private PostgreSQL.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that can't go on has failed, or says why it is skipped"
)]

#[path = "process/languages.rs"]
mod languages;
#[path = "process/running.rs"]
mod running;

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant};

use eggypro_persistence::testing::TestDatabase;
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, User, geteuid};
use reqwest::blocking::{Client, get};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use self::running::{Running, command, eggypro, folder};

/// A product of the demonstration catalogue.
const PRODUCT: &str = "/api/products/eggypro-vanilla-protein-powder-1kg";

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

fn has_private_postgres(directory: &Path) -> bool {
    directory.join("postgres/data/postmaster.pid").exists()
}

#[test]
fn all_problems_of_the_environment_are_reported_before_anything_is_opened() {
    let folder = folder();
    for arguments in [&[][..], &["check-env"], &["migrate"], &["seed"]] {
        let mut broken = eggypro();
        broken
            .args(arguments)
            .env("EGGYPRO_DATA_DIR", folder.path().join("data"));
        broken
            .env("APP_ENV", "production")
            .env("PORT", "many")
            .env("ADMIN_SECRET_KEY", "hush-hush");
        let output = broken.output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let said = text(&output);
        for line in [
            "PORT must be a port, 0 to 65535",
            "ADMIN_SECRET_KEY must have at least 32 characters",
            "POSTGRES_URL is required",
            "CLOUDINARY_API_SECRET is required",
        ] {
            assert!(said.lines().any(|said| said == line), "{line:?} in {said}");
        }
        assert!(!said.contains("hush"));
        assert!(!folder.path().join("data").exists());
    }
    assert_eq!(
        eggypro().arg("check-env").output().unwrap().status.code(),
        Some(0)
    );
}

#[test]
fn help_and_openapi_are_printed() {
    let help = text(&eggypro().arg("--help").output().unwrap());
    for command in ["serve", "migrate", "check-env", "seed", "openapi"] {
        assert!(help.contains(command), "{help}");
    }
    let document = eggypro().arg("openapi").output().unwrap();
    let document: serde_json::Value = serde_json::from_slice(&document.stdout).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
}

#[test]
fn migrations_come_before_serving() {
    let database = TestDatabase::blank();
    let on_database = |arguments: &[&str]| {
        let mut command = eggypro();
        command
            .args(arguments)
            .env("POSTGRES_URL", database.url().expose_secret());
        command.env("ADMIN_SECRET_KEY", "0123456789abcdef0123456789abcdef");
        command
    };
    let refused = on_database(&["serve"])
        .env("MIGRATE_ON_START", "false")
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        text(&refused).contains("run `eggypro migrate`"),
        "{}",
        text(&refused)
    );
    let migrators: Vec<Child> = (0..4)
        .map(|_| {
            on_database(&["migrate"])
                .stdout(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut migrator in migrators {
        assert!(migrator.wait().unwrap().success());
    }
    let again = on_database(&["migrate"]).output().unwrap();
    assert!(
        text(&again).contains("every migration already"),
        "{}",
        text(&again)
    );
    let server = Running::start(on_database(&["serve"]).env("MIGRATE_ON_START", "false"));
    assert!(server.secret.is_none());
    assert_eq!(server.get("/api/health/ready"), 200);
    assert_eq!(server.stop(Signal::SIGTERM), Some(0));
}

#[test]
fn the_demonstration_catalogue_is_loaded_once() {
    let (database, folder) = (TestDatabase::migrated(), folder());
    let on_database = |arguments: &[&str]| {
        let mut command = eggypro();
        command
            .args(arguments)
            .env("POSTGRES_URL", database.url().expose_secret());
        command.env("EGGYPRO_DATA_DIR", folder.path());
        command
    };
    let seed = |arguments: &[&str]| {
        let output = on_database(arguments).output().unwrap();
        assert!(output.status.success(), "{}", text(&output));
        text(&output)
    };
    assert!(seed(&["seed"]).contains("24 products and 5 categories loaded."));
    assert!(seed(&["seed"]).contains("0 products and 0 categories loaded."));
    assert!(seed(&["seed", "--products", "30"]).contains("30 generated products are there."));
    let server = Running::start(&mut on_database(&[]));
    let product: Value = get(format!(
        "{}/api/products/mini-coconut-bites-20-pack",
        server.address
    ))
    .unwrap()
    .json()
    .unwrap();
    let picture = &product["media"][0];
    assert_eq!(
        (&picture["width"], &picture["height"]),
        (&json!(800), &json!(800))
    );
    assert!(
        picture["alt_text"].as_str().unwrap().contains("coconut"),
        "{picture}"
    );
    let file = get(picture["url"].as_str().unwrap()).unwrap();
    assert_eq!(file.headers()["content-type"], "image/png");
    let feed = get(format!("{}/feeds/google.xml", server.address)).unwrap();
    assert_eq!(feed.text().unwrap().matches("<item>").count(), 24);
    let page = get(format!("{}/api/products?limit=1", server.address))
        .unwrap()
        .text()
        .unwrap();
    assert!(page.contains("\"total\":54,"), "{page}");
    server.stop(Signal::SIGTERM);
}

#[test]
fn unused_images_are_listed_and_swept() {
    let (database, folder) = (TestDatabase::migrated(), folder());
    let images = folder.path().join("images/eggypro-products");
    for name in ["shown", "unused", "new"] {
        fs::create_dir_all(images.join(name)).unwrap();
        fs::write(images.join(name).join("original.png"), "").unwrap();
        let id = format!("eggypro-products/{name}");
        let age = if name == "new" { 1 } else { 30 };
        database.execute(&format!(
            "INSERT INTO images (public_id, url, format, width, height, bytes, created_at) \
             VALUES ('{id}', 'https://a.example/{id}', 'png', 1, 1, 1, now() - interval '{age} hours')"
        ));
    }
    database.execute(
        "INSERT INTO products (name, slug, description, details, price, ingredients, images) \
         VALUES ('Eggs', 'eggs', 'd', 'd', 1, '{Egg}', '{https://a.example/w_400/eggypro-products/shown.jpg}')",
    );
    let sweep = |arguments: &[&str]| {
        let mut command = eggypro();
        command
            .args(["images", "sweep"])
            .args(arguments)
            .env("POSTGRES_URL", database.url().expose_secret())
            .env("EGGYPRO_DATA_DIR", folder.path());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", text(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let left = || {
        let mut names: Vec<_> = fs::read_dir(&images)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    assert_eq!(
        sweep(&["--dry-run"]),
        "eggypro-products/unused\n1 images are shown by no product. Nothing was removed.\n"
    );
    assert_eq!(left(), ["new", "shown", "unused"]);
    assert_eq!(sweep(&[]), "1 images removed, 0 kept for another try.\n");
    assert_eq!(left(), ["new", "shown"]);
    assert_eq!(
        sweep(&["--min-age", "0"]),
        "1 images removed, 0 kept for another try.\n"
    );
    assert_eq!(left(), ["shown"]);
}

#[test]
fn an_unreachable_database_is_reported_without_its_password() {
    let mut command = eggypro();
    command.arg("migrate");
    command.env("POSTGRES_URL", "postgresql://eggypro:hush@127.0.0.1:1/shop");
    command.env("ADMIN_SECRET_KEY", "x".repeat(32));
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output).contains("the database can't be reached"),
        "{}",
        text(&output)
    );
    assert!(!text(&output).contains("hush"));
}

#[test]
fn a_private_postgres_starts_and_stops_with_the_server() {
    let folder = folder();
    let data: PathBuf = folder.path().join("data");
    let start = || Running::start(eggypro().env("EGGYPRO_DATA_DIR", &data));
    let server = start();
    assert_eq!(server.get("/api/health/ready"), 200);
    let secret = server.secret.clone().unwrap();
    assert_eq!(secret.len(), 64);
    let listed = Client::new().get(format!("{}/api/products?status=all", server.address));
    assert_eq!(listed.bearer_auth(&secret).send().unwrap().status(), 200);

    // A server without JWT_SECRET has no sessions and reports that.
    let begun = Client::new()
        .post(format!("{}/api/auth/admin", server.address))
        .bearer_auth(&secret)
        .send()
        .unwrap();
    let begun: serde_json::Value = serde_json::from_str(&begun.text().unwrap()).unwrap();
    assert_eq!(
        (&begun["token"], &begun["expires_at"]),
        (&serde_json::Value::Null, &serde_json::Value::Null)
    );
    assert_eq!(begun["user"]["id"], "admin");

    // A seed beside the server shares its PostgreSQL and does not stop it.
    let seeded = eggypro()
        .env("EGGYPRO_DATA_DIR", &data)
        .arg("seed")
        .output()
        .unwrap();
    assert!(seeded.status.success(), "{}", text(&seeded));
    assert_eq!(server.get(PRODUCT), 200);
    assert_eq!(server.stop(Signal::SIGTERM), Some(0));
    assert!(!has_private_postgres(&data));

    // The data and the secret are the same after a restart, even if the server was killed.
    let server = start();
    assert_eq!(server.secret.as_ref(), Some(&secret));
    assert_eq!(server.get(PRODUCT), 200);
    server.stop(Signal::SIGKILL);
    assert!(has_private_postgres(&data));
    let server = start();
    assert_eq!(server.get(PRODUCT), 200);
    assert_eq!(server.stop(Signal::SIGINT), Some(0));
    assert!(!has_private_postgres(&data));
}

#[test]
fn an_ordinary_user_can_run_a_private_postgres() {
    if !geteuid().is_root() {
        // The test above covers this.
        return;
    }
    let nobody = User::from_name("nobody").unwrap().unwrap();
    // The build folder may be accessible only to root.
    let folder = folder();
    let program = folder.path().join("eggypro");
    fs::copy(env!("CARGO_BIN_EXE_eggypro"), &program).unwrap();
    let home = folder.path().join("home");
    fs::create_dir(&home).unwrap();
    std::os::unix::fs::chown(&home, Some(nobody.uid.as_raw()), Some(nobody.gid.as_raw())).unwrap();
    let mut as_nobody = command(&program);
    as_nobody
        .uid(nobody.uid.as_raw())
        .gid(nobody.gid.as_raw())
        .current_dir(&home);
    // By default the data are in the working folder.
    let server = Running::start(&mut as_nobody);
    assert_eq!(server.get("/api/health/ready"), 200);
    let data = home.join(".eggypro");
    assert!(has_private_postgres(&data));
    assert_eq!(server.stop(Signal::SIGINT), Some(0));
    assert!(!has_private_postgres(&data));
}

#[test]
fn a_signal_in_the_middle_of_a_seed_leaves_no_postgres_behind() {
    let folder = folder();
    let mut seed = eggypro();
    seed.args(["seed", "--products", "1000000"])
        .env("EGGYPRO_DATA_DIR", folder.path());
    let mut process = seed
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while !has_private_postgres(folder.path()) {
        assert!(
            started.elapsed() < Duration::from_secs(60) && process.try_wait().unwrap().is_none()
        );
        std::thread::yield_now();
    }
    kill(Pid::from_raw(process.id() as i32), Signal::SIGINT).unwrap();
    assert_eq!(process.wait().unwrap().code(), Some(1));
    assert!(!has_private_postgres(folder.path()));
}
