//! Runs the tour of the README.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

use std::fs;
use std::process::Command;

use eggypro_persistence::testing::TestDatabase;
use secrecy::ExposeSecret;
use serde_json::Value;

#[path = "process/running.rs"]
#[expect(dead_code, reason = "shared with other tests")]
mod running;

use running::{Running, eggypro, folder};

const README: &str = include_str!("../../../README.md");

/// The code blocks of a language in the tour.
fn blocks(language: &str) -> Vec<&'static str> {
    let tour = README.split("\n## A tour with curl\n").nth(1).unwrap();
    let tour = tour.split("\n## ").next().unwrap();
    let fence = format!("```{language}\n");
    let begun = tour.split(fence.as_str()).skip(1);
    begun
        .map(|rest| rest.split("```").next().unwrap())
        .collect()
}

#[test]
fn the_tour_works_as_written() {
    let database = TestDatabase::migrated();
    let (data, here) = (folder(), folder());
    let with_data = |command: &mut Command| {
        command
            .env("POSTGRES_URL", database.url().expose_secret())
            .env("EGGYPRO_DATA_DIR", data.path());
    };
    let mut seed = eggypro();
    with_data(&mut seed);
    assert!(seed.args(["seed", "--yes"]).status().unwrap().success());
    let mut serve = eggypro();
    with_data(&mut serve);
    let server = Running::start(&mut serve);

    // Each step's output ends with a line that no answer contains.
    let mut script = "set -eu\n".to_owned();
    for step in blocks("sh") {
        let step = step.replace("http://127.0.0.1:8080", &server.address);
        script += &format!("{step}\necho\necho '=== step'\n");
    }
    let secret = server.secret.as_ref().unwrap();
    let find =
        "SECRET=$(cat .eggypro/admin-secret 2>/dev/null || cat /var/lib/eggypro/admin-secret)";
    assert!(script.contains(find));
    let script = script.replace(find, &format!("SECRET={secret}"));
    fs::write(here.path().join(".curlrc"), "silent\n").unwrap();
    let taken = Command::new("bash")
        .env("CURL_HOME", here.path())
        .args(["-c", &script])
        .current_dir(here.path())
        .output()
        .unwrap();
    let (said, errors) = (
        String::from_utf8_lossy(&taken.stdout).into_owned(),
        String::from_utf8_lossy(&taken.stderr).into_owned(),
    );
    assert!(taken.status.success(), "{errors}\n{said}");
    assert!(
        !said.contains("internal-error") && !said.contains("\"not-json\""),
        "{said}"
    );
    assert!(!said.contains("Unknown query parameter"), "{said}");

    // Each answer in the README occurs in the output, except for its request id.
    for shown in blocks("json") {
        let mut shown: Value = serde_json::from_str(shown).unwrap();
        shown.as_object_mut().unwrap().remove("request_id");
        let is_given = said.lines().any(|line| {
            let given = serde_json::from_str::<Value>(line);
            given.is_ok_and(|mut given| {
                given
                    .as_object_mut()
                    .map(|members| members.remove("request_id"));
                given == shown
            })
        });
        assert!(is_given, "{shown:#}\n{said}");
    }
    fs::remove_dir_all(here.path()).unwrap();
}
