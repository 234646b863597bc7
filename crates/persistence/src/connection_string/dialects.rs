//! Translates parameters of other clients and providers to libpq's.

use std::net::IpAddr;
use std::path::PathBuf;

use super::InvalidConnectionString as Invalid;
use super::syntax::{Parameter, Read};

/// The parameters of libpq up to version 18 (its documentation, section Parameter Key Words). An older libpq refuses
/// those that it does not know.
const LIBPQ: [&str; 51] = [
    "application_name",
    "channel_binding",
    "client_encoding",
    "connect_timeout",
    "dbname",
    "fallback_application_name",
    "gssdelegation",
    "gssencmode",
    "gsslib",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "krbsrvname",
    "load_balance_hosts",
    "max_protocol_version",
    "min_protocol_version",
    "oauth_client_id",
    "oauth_client_secret",
    "oauth_issuer",
    "oauth_scope",
    "options",
    "passfile",
    "password",
    "port",
    "replication",
    "require_auth",
    "requirepeer",
    "requiressl",
    "scram_client_key",
    "scram_server_key",
    "service",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "sslcert",
    "sslcertmode",
    "sslcompression",
    "sslcrl",
    "sslcrldir",
    "sslkey",
    "sslkeylogfile",
    "sslmode",
    "sslnegotiation",
    "sslpassword",
    "sslrootcert",
    "sslsni",
    "target_session_attrs",
    "tcp_user_timeout",
    "user",
];

/// Other clients' names of the user and the password. Errors may name them, since no part of a secret looks like these.
const OF_OTHERS: [&str; 3] = ["passwd", "pwd", "username"];

/// Whether some version of libpq has a parameter of this name.
pub(super) fn is_known(name: &str) -> bool {
    LIBPQ.contains(&name)
}

/// Whether this is a name with a value, and not a lone secret that ends in `=`, as Base64 does.
fn looks_like_name(name: &str, value: &str) -> bool {
    let is_word = name
        .bytes()
        .all(|byte| byte.is_ascii_alphabetic() || byte == b'_' || byte == b'-');
    is_word && !value.is_empty() && !value.starts_with('=')
}

/// Whether libpq can use a value. Covers only parameters that libpq checks late.
fn is_possible(name: &str, value: &str) -> bool {
    match name {
        "keepalives"
        | "keepalives_idle"
        | "keepalives_interval"
        | "keepalives_count"
        | "tcp_user_timeout" => value.parse::<i32>().is_ok(),
        "hostaddr" => value
            .split(',')
            .all(|address| address.is_empty() || address.parse::<IpAddr>().is_ok()),
        // This crate needs UTF-8, and a replication connection can't run its statements.
        "client_encoding" => {
            ["utf8", "utf-8", "unicode", "auto"].contains(&value.to_ascii_lowercase().as_str())
        }
        "replication" => ["false", "off", "no", "0"].contains(&value),
        _ => true,
    }
}

/// Parameters for libpq, and settings from other clients' parameters.
pub(super) struct Translated {
    pub(super) parameters: Vec<Parameter>,
    pub(super) schema: Option<String>,
    pub(super) is_through_pooler: bool,
    pub(super) left_out: Vec<String>,
    /// Whether Prisma's `sslaccept=strict` requires checked certificates.
    is_strict: bool,
}

impl Translated {
    pub(super) fn of(read: Read) -> Result<Self, Invalid> {
        let mut this = Self {
            parameters: vec![],
            schema: None,
            is_through_pooler: false,
            left_out: vec![],
            is_strict: false,
        };
        // Ports are checked first: an invalid port may be the beginning of a password whose end looks like parameters.
        let ports = read.parameters.iter().rev();
        check_ports(ports.filter(|parameter| parameter.name == "port"))?;
        for (index, parameter) in read.parameters.into_iter().enumerate() {
            let is_safe = index < read.safe_names;
            this.take(parameter, is_safe)?;
        }
        this.check_port_count()?;
        this.trust_this_machine()?;
        if this.is_through_pooler
            && this
                .schema
                .as_deref()
                .is_some_and(|schema| schema != "public")
        {
            return Err(Invalid::SchemaThroughPooler);
        }
        Ok(this)
    }

    /// The value of a parameter. The last one counts.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let parameter = self
            .parameters
            .iter()
            .rev()
            .find(|known| known.name == name);
        parameter.map(|parameter| parameter.value.as_str())
    }

    fn take(
        &mut self,
        Parameter { name, value }: Parameter,
        is_safe_name: bool,
    ) -> Result<(), Invalid> {
        match (name.as_str(), value.as_str()) {
            // Settings of other clients' statement caches, pools and TLS, and marks of providers.
            (
                "supa"
                | "workaround"
                | "connection_limit"
                | "pool_timeout"
                | "statement_cache_size"
                | "uselibpqcompat",
                _,
            )
            | ("sslaccept", "accept_invalid_certs") => self.left_out.push(name),
            ("connect_timeout", seconds) if seconds.parse::<i32>().is_err() => {
                self.left_out.push(name);
            }
            ("pgbouncer", "true") => self.is_through_pooler = true,
            ("pgbouncer", _) => self.left_out.push(name),
            ("schema", _) => self.schema = Some(value).filter(|schema| !schema.is_empty()),
            ("sslaccept", "strict") => self.is_strict = true,
            ("ssl", "true" | "1" | "require" | "no-verify") | ("sslmode", "no-verify") => {
                self.set("sslmode", "require");
            }
            ("ssl", "false" | "0") => self.set("sslmode", "disable"),
            ("ssl" | "sslaccept", _) => return Err(Invalid::Value(name)),
            (known, _) if !is_known(known) => {
                let is_safe_name =
                    OF_OTHERS.contains(&known) || is_safe_name && looks_like_name(known, &value);
                return Err(Invalid::Unknown(Some(name).filter(|_| is_safe_name)));
            }
            (_, "") => {}
            // libpq itself checks these only when it connects.
            (known, value) if !is_possible(known, value) => return Err(Invalid::Value(name)),
            (known, value) => self.set(known, value),
        }
        Ok(())
    }

    fn set(&mut self, name: &str, value: &str) {
        self.parameters.push(Parameter::new(name, value));
    }

    /// Replaces `sslrootcert=system` by the system's certificate file, since libpq before 16 takes it for a file name.
    /// Requires `verify-full`, as libpq since 16 does.
    fn trust_this_machine(&mut self) -> Result<(), Invalid> {
        if self.is_strict {
            self.set("sslmode", "verify-full");
            if self.value("sslrootcert").is_none() {
                self.set("sslrootcert", "system");
            }
        }
        if self.value("sslrootcert") != Some("system") {
            return Ok(());
        }
        if self
            .value("sslmode")
            .is_some_and(|mode| mode != "verify-full")
        {
            return Err(Invalid::WeakMode);
        }
        let file = openssl_probe::probe().cert_file;
        let file = file.as_ref().and_then(|file| file.to_str());
        let file = file.ok_or(Invalid::NoCertificates)?.to_owned();
        self.set("sslmode", "verify-full");
        self.set("sslrootcert", &file);
        Ok(())
    }

    /// The files without which libpq refuses to connect, each with the name of its parameter. The file is `None` for a root
    /// certificate that is needed but not named. libpq ignores other files that are missing.
    pub(super) fn files(&self) -> Vec<(&'static str, Option<PathBuf>)> {
        let (mode, mut files) = (self.value("sslmode"), vec![]);
        if matches!(mode, Some("verify-ca" | "verify-full")) {
            files.push(("sslrootcert", self.value("sslrootcert").map(PathBuf::from)));
        }
        let certificate = self.value("sslcert").map(PathBuf::from);
        if mode != Some("disable") && certificate.is_some_and(|file| file.is_file()) {
            // A name with a colon is a key of an OpenSSL engine.
            let key = self.value("sslkey").filter(|key| !key.contains(':'));
            files.extend(key.map(|key| ("sslkey", Some(PathBuf::from(key)))));
        }
        files
    }

    /// Checks that there is one port for all hosts, or one for each.
    fn check_port_count(&self) -> Result<(), Invalid> {
        let Some(ports) = self.value("port") else {
            return Ok(());
        };
        let hosts = self.value("hostaddr").or_else(|| self.value("host"));
        let hosts = hosts.map_or(1, |hosts| hosts.split(',').count());
        match ports.split(',').count() {
            1 => Ok(()),
            ports if ports == hosts => Ok(()),
            _ => Err(Invalid::Combination),
        }
    }
}

fn check_ports<'a>(mut parameters: impl Iterator<Item = &'a Parameter>) -> Result<(), Invalid> {
    let is_port = |port: &str| port.is_empty() || port.parse().is_ok_and(|port: u16| port > 0);
    match parameters.all(|parameter| parameter.value.split(',').all(is_port)) {
        true => Ok(()),
        false => Err(Invalid::Port),
    }
}
