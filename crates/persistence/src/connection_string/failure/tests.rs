use super::*;

fn failure(said: &str) -> ConnectFailure {
    ConnectFailure::of(&ConnectionError::BadConnection(said.to_owned()))
}

#[test]
fn transient_failures_are_distinguished_from_permanent_ones() {
    const AT: &str = "connection to server at \"db\" (192.0.2.1), port 5432 failed: ";
    for said in [
        "Connection refused",
        "timeout expired",
        "FATAL:  the database system is starting up",
        "FATAL:  the database system is in recovery mode",
        "FATAL:  sorry, too many clients already",
        "FATAL:  das Datenbanksystem startet",
        "server closed the connection unexpectedly",
    ] {
        assert!(failure(&format!("{AT}{said}")).is_transient(), "{said}");
    }
    assert!(failure("could not translate host name \"db\" to address").is_transient());
    for said in [
        "FATAL:  password authentication failed for user \"shop\"",
        "FATAL:  database \"shop\" does not exist",
        "FATAL:  pg_hba.conf rejects connection for host \"192.0.2.2\"",
        "FATAL:  role \"shop\" is not permitted to log in",
        "FATAL:  Tenant or user not found",
        "FATAL:  SSL required",
        "FATAL:  unsupported startup parameter: options",
        "channel binding required, but server did not offer an authentication method that supports it",
        "server does not support SSL, but SSL was required",
        "server certificate for \"a\" does not match host name \"b\"",
    ] {
        assert!(!failure(&format!("{AT}{said}")).is_transient(), "{said}");
    }
    for said in [
        "missing \"=\" after \"db\" in connection info string",
        "invalid port number: \"port\"",
        "could not match 2 port numbers to 3 hosts",
    ] {
        assert_eq!(failure(said), ConnectFailure::Address, "{said}");
    }
}

#[test]
fn refusals_are_classified_in_any_language() {
    for (said, of_nobody, expected) in [
        (
            "FEHLER: Benutzer »shop« falsch\n",
            "FEHLER: Benutzer »nobody« falsch\n",
            true,
        ),
        (
            "FATAL:  роль \"nobo\" не существует",
            "FATAL:  роль \"nobody\" не существует",
            true,
        ),
        (
            "das Datenbanksystem startet",
            "das Datenbanksystem startet",
            false,
        ),
        ("Datenbank »shop« fehlt", "Benutzer »nobody« falsch", false),
        ("Benutzer »shop« falsch", "zu viele Verbindungen", false),
        (
            "Benutzer »shop« falsch, auch hier",
            "Benutzer »nobody« falsch",
            false,
        ),
    ] {
        assert_eq!(is_same(said, of_nobody, "nobody"), expected, "{said}");
    }
}

#[test]
fn messages_of_libpq_are_not_passed_on() {
    let failure = failure("connection to server at \"S3cretPass\" failed: timeout expired");
    assert!(!format!("{failure} {failure:?}").contains("S3cret"));
}
