//! The two forms of a connection string, as libpq reads them; stricter where it would take a slip for a host.

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

/// What was read, in its order, and from where on a name may be a piece of a secret that was not written as it should be.
pub(super) struct Read {
    pub(super) parameters: Vec<Parameter>,
    pub(super) sure_names: usize,
}

/// Reads either form.
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
        // Another word may be a secret that stands there alone.
        Some((name, _)) if dialects::is_known(name.trim()) => read_pairs(text),
        _ => Err(Invalid::Form),
    }
}

/// What stands behind `postgresql://`.
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
    // Without an `@`, what looks like host and port may be a user and the beginning of a password; with one in the query, a
    // password reaches as far as this.
    let may_hold_password = query.contains('@') || (end_of_user.is_none() && !ports.is_empty());
    let sure_names = match may_hold_password {
        true => before,
        false => sure_names(&parameters, before),
    };
    Ok(Read {
        parameters,
        sure_names,
    })
}

/// Several hosts, each with a port or without, as libpq's lists of either.
fn read_hosts(text: &str) -> Result<(String, String), Invalid> {
    let (mut hosts, mut ports) = (vec![], vec![]);
    for place in text.split(',') {
        let (host, port) = match place.strip_prefix('[') {
            Some(address) => {
                let (address, rest) = address.split_once(']').ok_or(Invalid::Brackets)?;
                if !address.contains(':') || !(rest.is_empty() || rest.starts_with(':')) {
                    return Err(Invalid::Brackets);
                }
                (address, rest.strip_prefix(':').unwrap_or(""))
            }
            None => place.split_once(':').unwrap_or((place, "")),
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

/// The form `host=localhost dbname=shop`, where a value in quotes may have blanks, and a backslash takes what follows as
/// it is.
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
        // .NET's form, whose next pairs would count as a part of this value.
        if !written.starts_with('\'') && !is_secret(name) && is_list() {
            return Err(Invalid::Foreign);
        }
        parameters.push(Parameter::new(name, &value));
        rest = after.trim_start();
    }
    // Where a user stands alone, another pair may be the password; an `@` is from a URL that was cut somewhere.
    let has = |wanted: &str| parameters.iter().any(|parameter| parameter.name == wanted);
    let sure_names = match text.contains('@') || has("user") && !has("password") {
        true => 0,
        false => sure_names(&parameters, 0),
    };
    Ok(Read {
        parameters,
        sure_names,
    })
}

/// A value, and what follows it.
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

/// How many names are no piece of a secret: what follows a password, or a user who has it beside him, may be its end, where it
/// has a blank or an `&`.
fn sure_names(parameters: &[Parameter], first: usize) -> usize {
    let others = parameters.iter().skip(first);
    let mut others = others.map(|parameter| (&parameter.name, &parameter.value));
    let secret = others.position(|(name, value)| {
        is_secret(name) || value.starts_with('=') || name == "user" && value.contains(':')
    });
    secret.map_or(parameters.len(), |place| first + place + 1)
}

/// Whether the value of a parameter of this name is a secret, with names that only other clients know.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["pass", "pwd", "secret"]
        .iter()
        .any(|word| name.contains(word))
}

/// Java's form, or that of .NET: `Server=host;Database=shop`.
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
