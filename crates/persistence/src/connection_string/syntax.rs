//! Parses the two forms of a connection string like libpq, but refuses mistakes that libpq would take for a host.

use percent_encoding::percent_decode_str;

use super::{InvalidConnectionString as Invalid, dialects};

/// A parameter and its value, decoded.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) value: String,
}

impl Parameter {
    pub(super) fn new(name: &str, value: &str) -> Self {
        Self {
            name: name.to_owned(),
            value: value.to_owned(),
        }
    }
}

/// The parameters in their order. The names of the first `safe_names` can't be parts of a secret that was not escaped.
pub(super) struct Read {
    pub(super) parameters: Vec<Parameter>,
    pub(super) safe_names: usize,
}

/// Parses either form.
pub(super) fn read(text: &str) -> Result<Read, Invalid> {
    if text.chars().any(char::is_control) {
        return Err(Invalid::ControlCharacter);
    }
    for scheme in ["postgresql://", "postgres://"] {
        if let Some(rest) = text.strip_prefix(scheme) {
            return read_url(rest);
        }
    }
    if is_of_other_client(text) {
        return Err(Invalid::Foreign);
    }
    match text.split_once('=') {
        // An unknown word may be a lone secret.
        Some((name, _)) if dialects::is_known(name.trim()) => read_pairs(text),
        _ => Err(Invalid::Form),
    }
}

/// Parses the part after `postgresql://`.
fn read_url(rest: &str) -> Result<Read, Invalid> {
    let mut parameters = vec![];
    let mut add = |name: &str, value: &str| {
        if !value.is_empty() {
            parameters.push(Parameter::new(name, &decoded(value)?));
        }
        Ok(())
    };
    let end_of_user = rest
        .find(['@', '/'])
        .filter(|at| rest[*at..].starts_with('@'));
    let (credentials, location) = match end_of_user {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => ("", rest),
    };
    let (hosts_and_path, query) = location.split_once('?').unwrap_or((location, ""));
    let (hosts, path) = hosts_and_path
        .split_once('/')
        .unwrap_or((hosts_and_path, ""));
    if hosts.contains('@') {
        return Err(Invalid::AtSign);
    }
    if path.contains('@') {
        return Err(if end_of_user.is_some() {
            Invalid::AtSign
        } else {
            Invalid::Slash
        });
    }
    let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
    add("user", user)?;
    add("password", password)?;
    let (hosts, ports) = read_hosts(hosts)?;
    add("host", &hosts)?;
    add("port", &ports)?;
    add("dbname", path)?;
    let before = parameters.len();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or(Invalid::Unfinished)?;
        parameters.push(Parameter::new(&decoded(name)?, &decoded(value)?));
    }
    // Without an `@`, the host and port may be a user and the beginning of a password. With an `@` in the query, a
    // password may extend up to it.
    let may_hold_password = query.contains('@') || (end_of_user.is_none() && !ports.is_empty());
    let safe_names = match may_hold_password {
        true => before,
        false => safe_names(&parameters, before),
    };
    Ok(Read {
        parameters,
        safe_names,
    })
}

/// Parses hosts with optional ports into libpq's lists of hosts and ports.
fn read_hosts(text: &str) -> Result<(String, String), Invalid> {
    let (mut hosts, mut ports) = (vec![], vec![]);
    for entry in text.split(',') {
        let (host, port) = match entry.strip_prefix('[') {
            Some(address) => {
                let (address, rest) = address.split_once(']').ok_or(Invalid::Brackets)?;
                if !address.contains(':') || !(rest.is_empty() || rest.starts_with(':')) {
                    return Err(Invalid::Brackets);
                }
                (address, rest.strip_prefix(':').unwrap_or(""))
            }
            None => entry.split_once(':').unwrap_or((entry, "")),
        };
        if host.contains(char::is_whitespace) {
            return Err(Invalid::Blank);
        }
        hosts.push(host);
        ports.push(port);
    }
    let ports = if ports.iter().all(|port| port.is_empty()) {
        String::new()
    } else {
        ports.join(",")
    };
    Ok((hosts.join(","), ports))
}

fn decoded(text: &str) -> Result<String, Invalid> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('%') {
        let digits = after.as_bytes().get(..2).ok_or(Invalid::Percent)?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(Invalid::Percent);
        }
        rest = after.get(2..).unwrap_or("");
    }
    let decoded = percent_decode_str(text)
        .decode_utf8()
        .map_err(|_| Invalid::Percent)?;
    if decoded.contains(char::is_control) {
        return Err(Invalid::ControlCharacter);
    }
    Ok(decoded.into_owned())
}

/// Parses the form `host=localhost dbname=shop`. A value in quotes may have blanks, and a backslash escapes the next
/// character.
fn read_pairs(text: &str) -> Result<Read, Invalid> {
    let mut parameters = vec![];
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (name, value) = rest.split_once('=').ok_or(Invalid::Unfinished)?;
        let (name, written) = (name.trim_end(), value.trim_start());
        if name.contains(char::is_whitespace) {
            return Err(Invalid::Unfinished);
        }
        let (value, after) = read_value(written)?;
        let is_list = || {
            value
                .split_once(';')
                .is_some_and(|(_, rest)| rest.contains('='))
        };
        // The form of .NET, whose next pairs would become a part of this value.
        if !written.starts_with('\'') && !is_secret(name) && is_list() {
            return Err(Invalid::Foreign);
        }
        parameters.push(Parameter::new(name, &value));
        rest = after.trim_start();
    }
    // With a user and no password, another pair may be the password. An `@` comes from a truncated URL.
    let has = |wanted: &str| parameters.iter().any(|parameter| parameter.name == wanted);
    let safe_names = match text.contains('@') || has("user") && !has("password") {
        true => 0,
        false => safe_names(&parameters, 0),
    };
    Ok(Read {
        parameters,
        safe_names,
    })
}

/// Parses a value. Also returns the text after it.
fn read_value(text: &str) -> Result<(String, &str), Invalid> {
    let is_quoted = text.starts_with('\'');
    let mut value = String::new();
    let mut characters = text.char_indices().skip(usize::from(is_quoted));
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => value.extend(characters.next().map(|(_, next)| next)),
            '\'' if is_quoted => return Ok((value, &text[at + 1..])),
            ' ' if !is_quoted => return Ok((value, &text[at..])),
            character => value.push(character),
        }
    }
    if is_quoted {
        return Err(Invalid::Unfinished);
    }
    Ok((value, ""))
}

/// Number of leading names that can't be parts of a secret. A name after a password, or after a user with an appended
/// password, may be the rest of a password that has a blank or an `&`.
fn safe_names(parameters: &[Parameter], first: usize) -> usize {
    let others = parameters.iter().skip(first);
    let mut others = others.map(|parameter| (&parameter.name, &parameter.value));
    let secret = others.position(|(name, value)| {
        is_secret(name) || value.starts_with('=') || name == "user" && value.contains(':')
    });
    secret.map_or(parameters.len(), |index| first + index + 1)
}

/// Whether a parameter of this name holds a secret. Includes names of other clients.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["pass", "pwd", "secret"]
        .iter()
        .any(|word| name.contains(word))
}

/// Whether a text is in the form of Java, or of .NET (`Server=host;Database=shop`).
fn is_of_other_client(text: &str) -> bool {
    let is_pair = |part: &str| {
        let name = part.split_once('=').map(|(name, _)| name.trim());
        name.is_some_and(|name| !dialects::is_known(name))
    };
    text.starts_with("jdbc:")
        || text
            .split_once(';')
            .is_some_and(|(first, _)| is_pair(first))
}
