//! Times.

use std::fmt::Write;

use eggypro_domain::time::format_description::well_known::{Iso8601, Rfc3339};
use eggypro_domain::time::{Date, OffsetDateTime, UtcOffset};

use super::guard::text;

/// A time as RFC 3339 writes it, or a date, which is its midnight in UTC.
pub(crate) fn time(cell: &str) -> Result<OffsetDateTime, String> {
    let text = text(cell);
    let time = match text.len() {
        10 => Date::parse(&text, &Iso8601::DATE).map(|date| date.midnight().assume_utc()),
        _ => OffsetDateTime::parse(&text, &Rfc3339),
    };
    let time = time.ok().and_then(in_utc);
    time.ok_or_else(|| {
        "This is not a time: write it as 2027-01-05T10:00:00Z or 2027-01-05".to_owned()
    })
}

/// The time in UTC, to the microsecond, as the shop stores times.
pub(crate) fn in_utc(time: OffsetDateTime) -> Option<OffsetDateTime> {
    let time = time.checked_to_offset(UtcOffset::UTC)?;
    time.replace_nanosecond(time.microsecond() * 1_000).ok()
}

/// Writes a time as RFC 3339 does, in UTC, to the microsecond.
pub(crate) fn write_time(time: OffsetDateTime, text: &mut String) {
    let time = time.checked_to_offset(UtcOffset::UTC).unwrap_or(time);
    let (year, month, day) = time.to_calendar_date();
    let (hour, minute, second, microsecond) = time.to_hms_micro();
    let month = u8::from(month);
    // Writing to a text can't fail.
    let _ = write!(
        text,
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
    );
    if microsecond > 0 {
        let fraction = format!("{microsecond:06}");
        let _ = write!(text, ".{}", fraction.trim_end_matches('0'));
    }
    text.push('Z');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written() {
        for (cell, expected) in [
            ("2026-01-05T10:00:00Z", "2026-01-05T10:00:00Z"),
            ("2026-01-05T10:00:00.12Z", "2026-01-05T10:00:00.12Z"),
            (
                "2026-01-05T10:00:00.1234567Z",
                "2026-01-05T10:00:00.123456Z",
            ),
            ("2026-01-05T10:00:00+02:00", "2026-01-05T08:00:00Z"),
            (" 2026-01-05 ", "2026-01-05T00:00:00Z"),
            ("0001-01-01", "0001-01-01T00:00:00Z"),
        ] {
            let mut written = String::new();
            write_time(time(cell).unwrap(), &mut written);
            assert_eq!(written, expected, "{cell}");
        }
        for cell in [
            "",
            "05.01.2026",
            "1/5/2026",
            "2026-13-01",
            "46027",
            "2026-01-05T10:00",
        ] {
            assert!(time(cell).is_err(), "{cell}");
        }
    }
}
