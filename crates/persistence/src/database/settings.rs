use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

/// How to reach PostgreSQL and how long to wait for it.
#[derive(Debug, Clone)]
pub struct DatabaseSettings {
    /// The connection string, a URL or libpq's `key=value` form; its `sslmode` decides on TLS.
    pub url: SecretString,
    /// How many connections and threads there are at most. Default four for each core of this machine, at most 20: more
    /// only wait for each other.
    pub pool_size: u32,
    /// How many connections are kept without work. Default 2.
    pub min_idle: u32,
    /// How long a spare connection is kept. Default 30 s.
    pub idle_timeout: Duration,
    /// How long any connection is kept. Default 15 min.
    pub max_lifetime: Duration,
    /// Whether a connection is a session of its own. Behind a pooler that gives each transaction another one it is not:
    /// then no statement is prepared by name and no setting is made, and the role must have those. Default true.
    pub has_sessions: bool,
    /// How long the pool tries to make a connection before it counts as failed. It waits up to half of that between two
    /// tries, so this bounds how long after an outage the database is used again. Default 1 s.
    pub connection_timeout: Duration,
    /// How long one job waits for a connection. Default 1.5 s.
    pub wait_for_connection: Duration,
    /// How many jobs wait at most. Default 1 000.
    pub queue_length: usize,
    /// When a caller is told that the database did not answer. Default 4 s.
    pub deadline: Duration,
    /// When PostgreSQL gives up a statement. Default 3 s.
    pub statement_timeout: Duration,
    /// When PostgreSQL gives up waiting for a lock. Default 1 s.
    pub lock_timeout: Duration,
    /// When PostgreSQL ends a session that sits in a transaction. Default 10 s.
    pub idle_in_transaction_timeout: Duration,
}

impl DatabaseSettings {
    /// The defaults for a database at this address.
    pub fn new(url: SecretString) -> Self {
        Self {
            url,
            pool_size: four_a_core(),
            min_idle: 2,
            idle_timeout: Duration::from_secs(30),
            max_lifetime: Duration::from_secs(15 * 60),
            has_sessions: true,
            connection_timeout: Duration::from_secs(1),
            wait_for_connection: Duration::from_millis(1_500),
            queue_length: 1_000,
            deadline: Duration::from_secs(4),
            statement_timeout: Duration::from_secs(3),
            lock_timeout: Duration::from_secs(1),
            idle_in_transaction_timeout: Duration::from_secs(10),
        }
    }
}

/// The connection string with bounds on what libpq would otherwise wait for without end; what it sets itself stays.
///
/// `gssencmode` is off since a process that ends while libpq talks to Kerberos can be aborted in there.
pub(crate) fn bounded(url: &SecretString) -> String {
    const DEFAULTS: [(&str, &str); 7] = [
        ("connect_timeout", "2"),
        ("keepalives_idle", "15"),
        ("keepalives_interval", "5"),
        ("keepalives_count", "3"),
        // Keepalives rest while data wait for an acknowledgement, as they do when a host is gone.
        ("tcp_user_timeout", "10000"),
        ("gssencmode", "disable"),
        ("application_name", "eggypro"),
    ];
    let mut url = url.expose_secret().to_owned();
    let is_url = url.starts_with("postgres://") || url.starts_with("postgresql://");
    for (name, value) in DEFAULTS {
        if !url.contains(&format!("{name}=")) {
            let has_query = location(&url).contains('?');
            let separator = match (is_url, has_query) {
                (false, _) => ' ',
                (true, false) => '?',
                (true, true) => '&',
            };
            url.extend([&*separator.to_string(), name, "=", value]);
        }
    }
    url
}

fn four_a_core() -> u32 {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    u32::try_from(cores * 4).unwrap_or(20).clamp(4, 20)
}

/// What stands behind the user and password of a URL, either of which may hold a question mark.
fn location(url: &str) -> &str {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
    match (authority.find('@'), authority.find('/')) {
        (Some(at), slash) if slash.is_none_or(|slash| at < slash) => &authority[at..],
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_added_unless_set() {
        let url = bounded(&"postgres://u:p@h/d?sslmode=require&connect_timeout=9".into());
        assert!(url.starts_with(
            "postgres://u:p@h/d?sslmode=require&connect_timeout=9&keepalives_idle=15&"
        ));
        assert!(bounded(&"postgres://h/d".into()).starts_with("postgres://h/d?connect_timeout=2&"));
        assert!(
            bounded(&"host=h dbname=d".into()).starts_with("host=h dbname=d connect_timeout=2 ")
        );
    }

    #[test]
    fn question_marks_and_at_signs_are_told_apart() {
        for (url, start) in [
            (
                "postgres://u:p?@h/d",
                "postgres://u:p?@h/d?connect_timeout=2&",
            ),
            (
                "postgres://h/d?user=a@b",
                "postgres://h/d?user=a@b&connect_timeout=2&",
            ),
            (
                "postgres:///d?host=/a",
                "postgres:///d?host=/a&connect_timeout=2&",
            ),
        ] {
            assert!(
                bounded(&url.into()).starts_with(start),
                "{}",
                bounded(&url.into())
            );
        }
    }

    #[test]
    fn the_address_is_not_printed() {
        let settings = DatabaseSettings::new("postgres://u:hush@h/d".into());
        assert!(!format!("{settings:?}").contains("hush"));
    }
}
