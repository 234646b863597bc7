use super::*;

#[test]
fn gtins_are_read() {
    for cell in [
        "4006381333931",
        " 4006381333931 ",
        "=\"4006381333931\"",
        "'=\"4006381333931\"",
    ] {
        assert_eq!(gtin(cell).unwrap().as_str(), "4006381333931", "{cell}");
    }
}

#[test]
fn shortened_numbers_are_refused_with_a_hint() {
    let hint =
        "A spreadsheet has changed this number. Format the column as text and enter the GTIN again";
    for cell in [
        "4.00638E+12",
        "4,00638E+12",
        "4E+12",
        "4.00638e+12",
        " 4.00638E+12",
    ] {
        assert_eq!(gtin(cell), Err(hint.to_owned()), "{cell}");
        assert_eq!(sku(cell), Err(hint.replace("GTIN", "SKU")), "{cell}");
    }
    let hint = "GTIN must have 8, 12, 13 or 14 digits. If a spreadsheet has removed zeros at its start, format the \
                    column as text and enter the GTIN again";
    assert_eq!(gtin("12345678901"), Err(hint.to_owned()));
}

#[test]
fn other_texts_are_refused() {
    for (cell, expected) in [
        ("", "GTIN must have 8, 12, 13 or 14 digits"),
        ("4006381333932", "GTIN must end with the check digit 1"),
        (
            "4006381333931.0",
            "A spreadsheet has changed this number. Format the column as text and enter the GTIN again",
        ),
        (
            "4006381333931,00",
            "A spreadsheet has changed this number. Format the column as text and enter the GTIN again",
        ),
        ("E+1", "GTIN must have 8, 12, 13 or 14 digits"),
    ] {
        assert_eq!(gtin(cell), Err(expected.to_owned()), "{cell}");
    }
    assert_eq!(gtin("'4006381333931"), gtin("4006381333931"));
    assert!(sku("a b").is_err());
}

#[test]
fn numbers_with_decimals_are_no_skus() {
    let hint = "A program has made a decimal number of this. Format the column as text and enter the SKU again; if the \
                    SKU is right, write ' before it";
    for cell in ["1001.0", " 1001.0 ", "1001.00", "1001,0", "0.0"] {
        assert_eq!(sku(cell), Err(hint.to_owned()), "{cell}");
    }
    for (cell, expected) in [
        ("V1.0", "V1.0"),
        ("1.0.0", "1.0.0"),
        ("1001.5", "1001.5"),
        ("1001.", "1001."),
        (".0", ".0"),
        ("'1001.0", "1001.0"),
        ("=\"1001.0\"", "1001.0"),
    ] {
        assert_eq!(sku(cell).unwrap().as_str(), expected, "{cell}");
    }
    let mut cell = String::new();
    for (text, expected) in [("1001.0", "'1001.0"), ("V1.0", "V1.0"), ("1001", "1001")] {
        cell.clear();
        write_sku(&text.parse().unwrap(), &mut cell);
        assert_eq!(cell, expected);
    }
}

#[test]
fn other_codes_are_refused() {
    assert_eq!(sku("4E12").unwrap().as_str(), "4E12");
    assert_eq!(sku("'-A").unwrap().as_str(), "-A");
    assert_eq!(slug(" eggs ").unwrap().as_str(), "eggs");
    assert!(slug("Eggs").is_err());
}
