use std::str::FromStr;

/// A key that a client chose for one write: 1 to 255 printable ASCII characters.
///
/// It is read bare, or as a quoted string (RFC 8941, section 3.3.3). Both forms are the same key:
///
/// ```
/// use eggypro_domain::idempotency::IdempotencyKey;
///
/// let bare: IdempotencyKey = "order-1001".parse()?;
/// assert_eq!("\"order-1001\"".parse(), Ok(bare));
/// # Ok::<(), eggypro_domain::idempotency::InvalidIdempotencyKey>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

/// A text is not an [`IdempotencyKey`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a key is 1 to 255 printable ASCII characters, bare or as a quoted string (RFC 8941, 3.3.3)"
)]
pub struct InvalidIdempotencyKey;

impl IdempotencyKey {
    /// Maximum length in characters.
    const MAX_LENGTH: usize = 255;

    /// The characters of the key, without quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for IdempotencyKey {
    type Err = InvalidIdempotencyKey;

    fn from_str(text: &str) -> Result<Self, InvalidIdempotencyKey> {
        let key = match text.strip_prefix('"') {
            Some(quoted) => unquoted(quoted)?,
            None => text.to_owned(),
        };
        let is_printable = key.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        let is_long_enough = (1..=Self::MAX_LENGTH).contains(&key.len());
        (is_printable && is_long_enough)
            .then_some(Self(key))
            .ok_or(InvalidIdempotencyKey)
    }
}

/// The content of a quoted string after its first quote. A backslash escapes a quote or a backslash.
fn unquoted(quoted: &str) -> Result<String, InvalidIdempotencyKey> {
    let mut content = String::with_capacity(quoted.len());
    let mut characters = quoted.chars();
    loop {
        match characters.next().ok_or(InvalidIdempotencyKey)? {
            '"' if characters.as_str().is_empty() => return Ok(content),
            '"' => return Err(InvalidIdempotencyKey),
            '\\' => match characters.next() {
                Some(escaped @ ('"' | '\\')) => content.push(escaped),
                _ => return Err(InvalidIdempotencyKey),
            },
            plain => content.push(plain),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_printable_and_short() {
        let longest = "k".repeat(255);
        for (text, key) in [
            ("a", Some("a")),
            ("order 1001; retry=1", Some("order 1001; retry=1")),
            (longest.as_str(), Some(longest.as_str())),
            (r#""a""#, Some("a")),
            (r#""a\"b\\c""#, Some(r#"a"b\c"#)),
            (r#"a"b"#, Some(r#"a"b"#)),
            ("", None),
            (r#""""#, None),
            (r#""a"#, None),
            (r#"""#, None),
            (r#""a"b"#, None),
            (r#""a\b""#, None),
            (r#""a\"#, None),
            ("a\tb", None),
            ("ä", None),
            ("\"ä\"", None),
        ] {
            let read = text.parse::<IdempotencyKey>().ok();
            assert_eq!(read.as_ref().map(IdempotencyKey::as_str), key, "{text:?}");
        }
        assert!("k".repeat(256).parse::<IdempotencyKey>().is_err());
        let quoted = format!("\"{}\"", "k".repeat(255));
        assert!(quoted.parse::<IdempotencyKey>().is_ok());
    }
}
