//! The command `eggypro keys`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

#[path = "process/running.rs"]
#[expect(dead_code, reason = "shared with another test")]
mod running;

use eggypro_persistence::testing::TestDatabase;
use nix::sys::signal::Signal;
use reqwest::blocking::Client;
use secrecy::ExposeSecret;

use self::running::{Running, eggypro, folder};

#[test]
fn keys_are_managed_on_the_command_line() {
    let (database, folder) = (TestDatabase::migrated(), folder());
    let keys = |arguments: &[&str]| {
        let mut command = eggypro();
        command
            .env("POSTGRES_URL", database.url().expose_secret())
            .env("EGGYPRO_DATA_DIR", folder.path())
            .arg("keys")
            .args(arguments);
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        (
            output.status.success(),
            said,
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let server = Running::start(
        eggypro()
            .env("POSTGRES_URL", database.url().expose_secret())
            .env("EGGYPRO_DATA_DIR", folder.path()),
    );
    let who = |key: &str| {
        let url = format!("{}/api/auth/admin", server.address);
        let answer = Client::new().get(url).bearer_auth(key).send().unwrap();
        (answer.status().as_u16(), answer.text().unwrap())
    };
    let made = |said: &str| -> (String, String) {
        let key = said.lines().last().unwrap().to_owned();
        (key.split('_').nth(1).unwrap().to_owned(), key)
    };
    let (is_made, said, _) = keys(&[
        "create",
        "Warehouse",
        "--permissions",
        "products:read,changes:read",
    ]);
    assert!(is_made);
    let (id, key) = made(&said);
    let (status, caller) = who(&key);
    assert_eq!(status, 200);
    assert!(
        caller.contains(&id) && caller.contains("changes:read"),
        "{caller}"
    );
    let (_, list, _) = keys(&["list"]);
    assert!(list.contains(&id) && list.contains("Warehouse") && !list.contains(&key));

    let (_, said, _) = keys(&["rotate", &id, "--overlap", "60"]);
    let (new_id, new_key) = made(&said);
    assert_eq!((who(&key).0, who(&new_key).0), (200, 200));
    assert!(keys(&["revoke", &new_id]).0);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(5);
    while who(&new_key).0 != 401 {
        assert!(std::time::Instant::now() < deadline);
    }
    for wrong in [
        &["create", "A", "--permissions", "everything"][..],
        &["create", " "],
        &["revoke", "0123456789aZ"],
        &["rotate", &new_id],
    ] {
        let (is_done, _, error) = keys(wrong);
        assert!(!is_done && !error.is_empty(), "{wrong:?}");
    }
    server.stop(Signal::SIGTERM);
    // The server stores the last uses when it ends.
    let (_, list, _) = keys(&["list"]);
    let line = list.lines().find(|line| line.contains(&id)).unwrap();
    assert!(!line.contains("used never"), "{line}");
}
