use rust_decimal::Decimal;

/// Parses an amount of zero or more, as a bound of a price filter. Returns `None` if the text is not such a number or
/// has too many digits to be exact.
///
/// ```
/// assert!(eggypro_domain::parse_amount("19.5").is_some());
/// assert!(eggypro_domain::parse_amount("-1").is_none());
/// ```
pub fn parse_amount(text: &str) -> Option<Decimal> {
    exact(text).ok().filter(|amount| *amount >= Decimal::ZERO)
}

/// Why a text has no exact decimal value.
pub(super) enum NotExact {
    Syntax,
    TooSmall,
    TooLarge,
}

pub(super) fn exact(text: &str) -> Result<Decimal, NotExact> {
    use rust_decimal::Error;

    // `Decimal` also accepts `1_000` and `+1`, which are not valid in JSON.
    let is_number = text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    if !is_number {
        return Err(NotExact::Syntax);
    }
    let exponent = text.find(['e', 'E']).map(|at| &text[at + 1..]);
    let parsed = match exponent {
        Some(_) => Decimal::from_scientific(text),
        None => Decimal::from_str_exact(text),
    };
    parsed.map_err(|error| match (error, exponent) {
        // The float only distinguishes malformed numbers from numbers that don't fit. Its value is not used.
        _ if text.parse::<f64>().is_err() => NotExact::Syntax,
        (_, Some(exponent)) if exponent.starts_with('-') => NotExact::TooSmall,
        (_, Some(_)) => NotExact::TooLarge,
        (Error::Underflow | Error::ScaleExceedsMaximumPrecision(_), None) => NotExact::TooSmall,
        (_, None) => NotExact::TooLarge,
    })
}
