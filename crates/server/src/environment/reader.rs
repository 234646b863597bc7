use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use actix_web::http::header::HeaderValue;
use eggypro_redis::Redis;
use ipnet::IpNet;
use secrecy::SecretString;
use tracing_subscriber::EnvFilter;
use url::Url;

/// Variables that hold a secret. Container platforms provide secrets as files, so the name with the suffix `_FILE` may
/// hold the path of such a file instead.
const SECRETS: [&str; 16] = [
    "ADMIN_SECRET_KEY",
    "CLOUDINARY_API_KEY",
    "CLOUDINARY_API_SECRET",
    "CLOUDINARY_CLOUD_NAME",
    "CLOUDINARY_URL",
    "DATABASE_URL",
    "DATABASE_URL_UNPOOLED",
    "JWT_SECRET",
    "KV_URL",
    "MIGRATION_URL",
    "POSTGRES_LISTEN_URL",
    "POSTGRES_READ_URL",
    "POSTGRES_URL",
    "POSTGRES_URL_NON_POOLING",
    "REDIS_URL",
    "SENTRY_DSN",
];

/// Maximum size of a secret's file, in bytes.
const MAX_SECRET_BYTES: u64 = 64 * 1024;

/// Reads variables and collects their problems. No message contains a value, since any may be a secret.
#[derive(Debug)]
pub(super) struct Reader {
    variables: HashMap<String, String>,
    problems: Vec<String>,
    remarks: Vec<String>,
}

impl Reader {
    /// An empty variable counts as not set, because templates of environments contain empty ones.
    pub(super) fn new(mut variables: HashMap<String, String>) -> Self {
        variables.retain(|_, value| !value.trim().is_empty());
        let mut reader = Self {
            variables,
            problems: vec![],
            remarks: vec![],
        };
        for name in SECRETS {
            reader.take_from_file(name);
        }
        reader
    }

    fn take_from_file(&mut self, name: &str) {
        let file_name = format!("{name}_FILE");
        let Some(path) = self.text(&file_name) else {
            return;
        };
        let mut text = String::new();
        let read = File::open(path).and_then(|file| {
            let mut file = file.take(MAX_SECRET_BYTES);
            file.read_to_string(&mut text)
        });
        let problem = match read {
            _ if self.is_set(name) => format!("{file_name} is set beside {name}: set one of them"),
            Err(_) => format!("{file_name} must name a file of text that can be read"),
            Ok(_) if text.trim().is_empty() => format!("{file_name} names an empty file"),
            Ok(_) => {
                self.variables.insert(name.to_owned(), text);
                return;
            }
        };
        self.problems.push(problem);
    }

    /// The first of these names that is set, or the first name if none is.
    pub(super) fn first_set<const N: usize>(&self, names: [&'static str; N]) -> &'static str {
        let set = names.into_iter().find(|name| self.is_set(name));
        set.unwrap_or(names[0])
    }

    /// Adds a problem of this variable.
    pub(super) fn problem(&mut self, name: &str, problem: &str) {
        self.problems.push(format!("{name} {problem}"));
    }

    /// Adds a warning of a setting that is valid but probably a mistake.
    pub(super) fn remark(&mut self, remark: String) {
        self.remarks.push(remark);
    }

    /// Takes the remarks so far.
    pub(super) fn remarks(&mut self) -> Vec<String> {
        std::mem::take(&mut self.remarks)
    }

    pub(super) fn is_set(&self, name: &str) -> bool {
        self.variables.contains_key(name)
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.variables
            .get(name)
            .map(|value| value.trim().to_owned())
    }

    /// Parses a variable if it is set. A problem is reported after the variable's name.
    pub(super) fn parsed<T, E: fmt::Display>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        match parse(&self.text(name)?) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.problems.push(format!("{name} {problem}"));
                None
            }
        }
    }

    pub(super) fn secret(
        &mut self,
        name: &str,
        check: impl FnOnce(&str) -> Result<(), &'static str>,
    ) -> Option<SecretString> {
        self.parsed(name, |text| check(text).map(|()| text.into()))
    }

    pub(super) fn require(&mut self, name: &str) {
        if !self.is_set(name) {
            self.problems.push(format!("{name} is required"));
        }
    }

    pub(super) fn finish<T>(self, value: T) -> Result<T, Vec<String>> {
        if self.problems.is_empty() {
            Ok(value)
        } else {
            Err(self.problems)
        }
    }
}

pub(super) fn boolean(text: &str) -> Result<bool, &'static str> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("must be exactly true or false"),
    }
}

pub(super) fn positive(text: &str) -> Result<u64, &'static str> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or("must be a whole number from 1")
}

pub(super) fn positive_size(text: &str) -> Result<usize, &'static str> {
    let number = positive(text)?;
    number.try_into().map_err(|_| "is too large")
}

pub(super) fn pool_size(text: &str) -> Result<u32, &'static str> {
    let size = text.parse().ok().filter(|size| (1..=1_000).contains(size));
    size.ok_or("must be a whole number from 1 to 1000")
}

/// A time of at least 1000 milliseconds. A smaller number was probably meant in seconds.
pub(super) fn time(text: &str) -> Result<Duration, &'static str> {
    let milliseconds = text
        .parse()
        .ok()
        .filter(|milliseconds| *milliseconds >= 1_000);
    milliseconds
        .map(Duration::from_millis)
        .ok_or("must be a whole number of milliseconds from 1000")
}

pub(super) fn seconds(text: &str) -> Result<Duration, &'static str> {
    const YEAR: u64 = 366 * 24 * 60 * 60;
    match positive(text) {
        Ok(seconds) if seconds <= YEAR => Ok(Duration::from_secs(seconds)),
        Ok(_) => Err("must be at most a year, in seconds"),
        Err(problem) => Err(problem),
    }
}

/// A time of at least one millisecond.
pub(super) fn short_time(text: &str) -> Result<Duration, &'static str> {
    positive(text).map(Duration::from_millis)
}

/// A time in milliseconds, from 0 to an hour.
pub(super) fn any_time(text: &str) -> Result<Duration, &'static str> {
    let milliseconds = text
        .parse()
        .ok()
        .filter(|milliseconds| *milliseconds <= 3_600_000);
    let time = milliseconds.map(Duration::from_millis);
    time.ok_or("must be a whole number of milliseconds, at most an hour of them")
}

pub(super) fn days(text: &str) -> Result<u16, &'static str> {
    let days = text.parse().ok().filter(|days| (1..=3_650).contains(days));
    days.ok_or("must be a whole number of days, 1 to 3650")
}

pub(super) fn socket_address(text: &str) -> Result<SocketAddr, &'static str> {
    let address = text.parse();
    address.map_err(|_| "must be an IP address with a port, such as 127.0.0.1:9090")
}

pub(super) fn port(text: &str) -> Result<u16, &'static str> {
    text.parse().map_err(|_| "must be a port, 0 to 65535")
}

pub(super) fn host(text: &str) -> Result<String, &'static str> {
    if text == "localhost" || text.parse::<IpAddr>().is_ok() {
        Ok(text.to_owned())
    } else {
        Err("must be an IP address or localhost")
    }
}

pub(super) fn http_url(text: &str) -> Result<(), &'static str> {
    match Url::parse(text) {
        Ok(url) if ["http", "https"].contains(&url.scheme()) && url.has_host() => Ok(()),
        _ => Err("must be a URL that begins with http:// or https://"),
    }
}

/// Checks a URL with the client of Redis, which does not connect yet.
pub(super) fn redis_url(text: &str) -> Result<(), &'static str> {
    let is_url = ["redis://", "rediss://"]
        .iter()
        .any(|scheme| text.starts_with(scheme));
    // The client accepts `#insecure` but then never connects.
    match Redis::at(&text.into()) {
        Ok(_) if is_url && !text.contains('#') => Ok(()),
        _ => Err("must be a URL such as redis://localhost:6379/0, or rediss:// with TLS"),
    }
}

/// The value of the header `Strict-Transport-Security` (RFC 6797, section 6.1), or `off` for none.
pub(super) fn hsts(text: &str) -> Result<Option<HeaderValue>, &'static str> {
    const PROBLEM: &str =
        "must be off, or max-age=SECONDS, with ; includeSubDomains and ; preload if need be";
    if text == "off" {
        return Ok(None);
    }
    let mut directives = text.split(';').map(str::trim);
    let max_age = directives
        .next()
        .and_then(|age| age.strip_prefix("max-age="));
    let is_number = max_age.is_some_and(|age| age.parse::<u32>().is_ok());
    let is_known =
        |name: &str| ["includesubdomains", "preload"].contains(&name.to_ascii_lowercase().as_str());
    if !is_number || !directives.all(is_known) {
        return Err(PROBLEM);
    }
    HeaderValue::from_str(text).map(Some).map_err(|_| PROBLEM)
}

/// An origin as browsers send it: a scheme, a host and a port.
pub(super) fn origin(text: &str) -> Result<String, &'static str> {
    let parsed = Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"));
    let origin = parsed.map(|url| url.origin().ascii_serialization());
    match origin {
        Some(_) if text.contains('*') => {
            Err("must list each origin by its name: a * is taken for no other")
        }
        Some(origin) if origin == text.trim_end_matches('/') => Ok(origin),
        _ => Err("must list origins such as https://shop.example, without a path"),
    }
}

pub(super) fn network(text: &str) -> Result<IpNet, &'static str> {
    let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
    text.parse()
        .ok()
        .or_else(address)
        .ok_or("must list addresses or networks such as 10.0.0.0/8")
}

pub(super) fn list<T, E>(text: &str, parse: fn(&str) -> Result<T, E>) -> Result<Vec<T>, E> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(parse)
        .collect()
}

/// A secret that is never sent.
pub(super) fn long_secret(text: &str) -> Result<(), &'static str> {
    if text.chars().count() < 32 {
        Err("must have at least 32 characters")
    } else {
        Ok(())
    }
}

/// A secret that is sent in a header.
pub(super) fn bearer_secret(text: &str) -> Result<(), &'static str> {
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        long_secret(text)
    } else {
        Err("must consist of visible ASCII characters")
    }
}

pub(super) fn log_filter(text: &str) -> Result<String, &'static str> {
    match EnvFilter::builder().parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("must be a log filter such as info or eggypro_http=debug,info"),
    }
}
