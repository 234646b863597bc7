use super::*;

fn read(cell: &str) -> Result<String, String> {
    decimal(cell, Numbers::default()).map(|number| number.to_string())
}

#[test]
fn numbers_of_any_country_are_read() {
    for (cell, expected) in [
        ("1234.5", "1234.5"),
        ("1234,5", "1234.5"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\u{a0}234,50", "1234.50"),
        ("1\u{202f}234\u{202f}567,50", "1234567.50"),
        ("1'234.50", "1234.50"),
        ("1’234’567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234.567,8", "1234567.8"),
        ("39,90 €", "39.90"),
        ("€39.90", "39.90"),
        ("€ 39,90", "39.90"),
        ("EUR 39.90", "39.90"),
        ("39,90EUR", "39.90"),
        ("$1,234.50", "1234.50"),
        ("-5", "-5"),
        ("'-5", "-5"),
        ("-€5,50", "-5.50"),
        ("€-5,50", "-5.50"),
        ("\u{2212}5", "-5"),
        (" 40 ", "40"),
        ("0.125", "0.125"),
        ("0,125", "0.125"),
        (".5", "0.5"),
        (",5", "0.5"),
        ("5.", "5"),
        ("1234.567", "1234.567"),
        ("1 234,567", "1234.567"),
        ("1.2340", "1.2340"),
        ("007", "7"),
    ] {
        assert_eq!(read(cell).as_deref(), Ok(expected), "{cell:?}");
    }
}

#[test]
fn other_texts_are_refused() {
    for cell in [
        "",
        " ",
        "a",
        "1a",
        ".",
        ",",
        "-",
        "€",
        "EUR",
        "1..2",
        "1,,2",
        "1.2.3",
        "12,34,567",
        "1,2345,678",
        "1234,567.8",
        "1 2",
        "1 234 56",
        "1.234,567,8",
        "--5",
        "4.00638E+12",
        "1e3",
        "0x10",
        "12.05.2026",
        "1/2",
        "١٢",
        "1_000",
        "€€5",
        "50%",
    ] {
        assert_eq!(read(cell), Err(NOT_A_NUMBER.to_owned()), "{cell:?}");
    }
    assert_eq!(read(&"9".repeat(40)), Err(TOO_LONG.to_owned()));
    assert_eq!(read(&"9".repeat(100_000)), Err(NOT_A_NUMBER.to_owned()));
}

#[test]
fn three_digits_after_the_only_mark_are_ambiguous() {
    let message = "This can mean 1234 or 1.234: write 1234.00 or 1.2340";
    for cell in ["1,234", "1.234", "1,234 €"] {
        assert_eq!(read(cell), Err(message.to_owned()), "{cell}");
    }
    let with = |cell, mark| {
        let numbers = Numbers {
            decimal_mark: Some(mark),
        };
        decimal(cell, numbers).map(|number| number.to_string())
    };
    assert_eq!(with("1,234", ','), Ok("1.234".to_owned()));
    assert_eq!(with("1,234", '.'), Ok("1234".to_owned()));
    assert_eq!(with("1.234", '.'), Ok("1.234".to_owned()));
    assert_eq!(with("1.234", ','), Ok("1234".to_owned()));
    // Other numbers have one meaning, whatever the mark of the file.
    assert_eq!(with("39.90", ','), Ok("39.90".to_owned()));
}

#[test]
fn marks_are_found() {
    for (cell, mark) in [
        ("39.90", Some('.')),
        ("39,90", Some(',')),
        ("1.234,5", Some(',')),
        ("1,234.5", Some('.')),
        ("0,125", Some(',')),
        ("1.234", None),
        ("1.234.567", None),
        ("40", None),
        ("40.", None),
        ("a.b", None),
        ("", None),
    ] {
        assert_eq!(Numbers::mark_of(cell), mark, "{cell}");
    }
}

#[test]
fn whole_numbers_are_read() {
    for (cell, expected) in [
        ("120", 120),
        ("120.0", 120),
        ("120,00", 120),
        ("1,200", 1_200),
        ("1.200", 1_200),
        ("1 200", 1_200),
        ("1,200,000", 1_200_000),
        ("-3", -3),
        ("9223372036854775807", i64::MAX),
    ] {
        assert_eq!(whole(cell, Numbers::default()), Ok(expected), "{cell}");
    }
    assert!(whole("1,000", Numbers::default()).is_err_and(|error| error.contains("1000 or 1.000")));
    for cell in ["", "a", "1.5", "1,5", "9223372036854775808", "1e3"] {
        assert!(whole(cell, Numbers::default()).is_err(), "{cell}");
    }
}

#[test]
fn the_decimal_mark_of_a_file_decides_about_whole_numbers() {
    let numbers = |mark| Numbers {
        decimal_mark: Some(mark),
    };
    assert_eq!(whole("1,000", numbers('.')), Ok(1_000));
    assert_eq!(whole("1.000", numbers(',')), Ok(1_000));
    assert_eq!(whole("12.000", numbers('.')), Ok(12));
    assert!(whole("12.500", numbers('.')).is_err());
}
