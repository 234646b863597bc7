//! Memory of many uploads at once.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]
#![cfg(target_os = "linux")]

#[path = "process/running.rs"]
#[expect(dead_code, reason = "shared with another test")]
mod running;

use std::fs;
use std::thread;
use std::time::Duration;

use eggypro_imaging::testing::noise;
use eggypro_persistence::testing::TestDatabase;
use nix::sys::signal::Signal;
use reqwest::blocking::Client;
use reqwest::blocking::multipart::{Form, Part};
use secrecy::ExposeSecret;

use self::running::{Running, eggypro, folder};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn twenty_large_uploads_at_once_take_little_memory() {
    const MEGABYTE: usize = 1024 * 1024;
    let (database, folder) = (TestDatabase::migrated(), folder());
    let server = Running::start(
        eggypro()
            .env("POSTGRES_URL", database.url().expose_secret())
            .env("EGGYPRO_DATA_DIR", folder.path())
            .env("ADMIN_SECRET_KEY", SECRET),
    );
    let file = noise(1_860, 1_860);
    assert!(
        (9 * MEGABYTE..=10 * MEGABYTE).contains(&file.len()),
        "{}",
        file.len()
    );
    let client = Client::builder()
        .timeout(Duration::from_secs(120))
        .build()
        .unwrap();
    let uploads = (0..20).map(|_| {
        let (client, file) = (client.clone(), file.clone());
        let url = format!("{}/api/images", server.address);
        thread::spawn(move || {
            let form = Form::new().part("file", Part::bytes(file.to_vec()));
            let answer = client.post(url).bearer_auth(SECRET).multipart(form).send();
            answer.unwrap().status().as_u16()
        })
    });
    for upload in uploads.collect::<Vec<_>>() {
        assert_eq!(upload.join().unwrap(), 201);
    }
    let status = fs::read_to_string(format!("/proc/{}/status", server.process.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak: usize = peak
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert!(peak < 300 * 1024, "{peak} KiB");
    server.stop(Signal::SIGTERM);
}
