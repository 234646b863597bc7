//! Numbers with the marks of any country. A number that can be read in two ways is refused.

use std::fmt;

use eggypro_domain::Decimal;

use super::guard::exact;

/// Maximum length of a number, in bytes.
const MAX_LENGTH: usize = 64;

/// How a file writes its numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Numbers {
    /// The decimal mark, `.` or `,`, if it is known.
    pub(crate) decimal_mark: Option<char>,
}

impl Numbers {
    /// The decimal mark of a cell, if it has a number that can be read in one way only.
    pub(crate) fn mark_of(cell: &str) -> Option<char> {
        match Reading::of(cell)? {
            Reading::Exact { mark, .. } => mark,
            Reading::Ambiguous { .. } => None,
        }
    }
}

/// A decimal number, with or without a currency.
pub(crate) fn decimal(cell: &str, numbers: Numbers) -> Result<Decimal, String> {
    let reading = Reading::of(cell).ok_or(NOT_A_NUMBER)?;
    match reading.digits(numbers) {
        Ok(digits) => parsed(&digits),
        Err((grouped, fraction)) => Err(ambiguous(&grouped, &fraction)),
    }
}

/// A whole number.
pub(crate) fn whole(cell: &str, numbers: Numbers) -> Result<i64, String> {
    let reading = Reading::of(cell).ok_or("This is not a whole number, such as 1200")?;
    let digits = match reading.digits(numbers) {
        Ok(digits) => digits,
        // Only one reading of `1,200` is whole, but both of `1,000`.
        Err((grouped, fraction)) => match fraction.ends_with("000") {
            true => return Err(ambiguous(&grouped, &fraction)),
            false => grouped,
        },
    };
    let number = parsed(&digits)?.normalize();
    match number.scale() {
        0 => number.try_into().map_err(|_| TOO_LONG.to_owned()),
        _ => Err("This must be a whole number".to_owned()),
    }
}

const NOT_A_NUMBER: &str = "This is not a number, such as 1234.50";
const TOO_LONG: &str = "This number has too many digits";

fn ambiguous(grouped: impl fmt::Display, fraction: impl fmt::Display) -> String {
    format!("This can mean {grouped} or {fraction}: write {grouped}.00 or {fraction}0")
}

fn parsed(digits: &str) -> Result<Decimal, String> {
    Decimal::from_str_exact(digits).map_err(|_| TOO_LONG.to_owned())
}

/// What a number can mean, in digits with a `.`.
#[derive(Debug, PartialEq, Eq)]
enum Reading {
    Exact {
        digits: String,
        mark: Option<char>,
    },
    /// The only mark can be a decimal mark or separate thousands.
    Ambiguous {
        mark: char,
        fraction: String,
        grouped: String,
    },
}

impl Reading {
    /// The digits, or the two that are possible: with thousands, and as a fraction.
    fn digits(self, numbers: Numbers) -> Result<String, (String, String)> {
        match self {
            Self::Exact { digits, .. } => Ok(digits),
            Self::Ambiguous {
                mark,
                fraction,
                grouped,
            } => match numbers.decimal_mark {
                Some(known) if known == mark => Ok(fraction),
                Some(_) => Ok(grouped),
                None => Err((grouped, fraction)),
            },
        }
    }

    fn of(cell: &str) -> Option<Self> {
        if cell.len() > MAX_LENGTH {
            return None;
        }
        let (is_negative, number) = without_sign_and_currency(exact(cell).trim());
        let sign = if is_negative { "-" } else { "" };
        let Some((mark, before, after)) = split(number) else {
            let digits = format!("{sign}{}", ungrouped(number)?);
            return Some(Self::Exact { digits, mark: None });
        };
        if !after.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let before = match before {
            "" if after.is_empty() => return None,
            "" => "0".to_owned(),
            _ => ungrouped(before)?,
        };
        let fraction = format!("{sign}{before}.{after}");
        let is_group = number.len() <= "123.456".len() && !before.starts_with('0');
        if after.len() == 3 && is_group {
            let grouped = format!("{sign}{before}{after}");
            return Some(Self::Ambiguous {
                mark,
                fraction,
                grouped,
            });
        }
        let digits = fraction.trim_end_matches('.').to_owned();
        let mark = (!after.is_empty()).then_some(mark);
        Some(Self::Exact { digits, mark })
    }
}

/// Splits a number at its decimal mark: the last of two different marks, or the only mark. A mark that is repeated
/// separates thousands.
fn split(number: &str) -> Option<(char, &str, &str)> {
    let at = number.rfind(['.', ','])?;
    let (before, rest) = number.split_at(at);
    let mut rest = rest.chars();
    let mark = rest.next()?;
    let is_repeated = before.contains(mark);
    (!is_repeated).then_some((mark, before, rest.as_str()))
}

/// The digits of a whole number, without the marks between thousands.
fn ungrouped(number: &str) -> Option<String> {
    let mut separators = number
        .chars()
        .filter(|character| !character.is_ascii_digit());
    let Some(separator) = separators.next() else {
        return (!number.is_empty()).then(|| number.to_owned());
    };
    let is_separator = matches!(separator, '.' | ',' | '\'' | '’') || separator.is_whitespace();
    if !is_separator || separators.any(|other| other != separator) {
        return None;
    }
    let mut groups = number.split(separator);
    let first = groups
        .next()
        .is_some_and(|group| matches!(group.len(), 1..=3));
    (first && groups.all(|group| group.len() == 3)).then(|| number.replace(separator, ""))
}

/// A number without its sign, and without a currency before or after it.
fn without_sign_and_currency(number: &str) -> (bool, &str) {
    match without_sign(number) {
        (true, unsigned) => (true, without_currency(unsigned)),
        (false, _) => without_sign(without_currency(number)),
    }
}

fn without_sign(number: &str) -> (bool, &str) {
    match number.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, number),
    }
}

fn without_currency(number: &str) -> &str {
    let is_sign =
        |character: char| matches!(character, '$' | '£' | '¥' | '¢' | '\u{20a0}'..='\u{20cf}');
    if let Some(rest) = number.strip_prefix(is_sign) {
        return rest.trim_start();
    }
    if let Some(rest) = number.strip_suffix(is_sign) {
        return rest.trim_end();
    }
    // The codes of ISO 4217.
    let is_code =
        |code: &str| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if let Some((code, rest)) = number.split_at_checked(3)
        && is_code(code)
    {
        return rest.trim_start();
    }
    match number.split_at_checked(number.len().saturating_sub(3)) {
        Some((rest, code)) if is_code(code) => rest.trim_end(),
        _ => number,
    }
}

#[cfg(test)]
mod tests;
