use super::*;
use proptest::prelude::*;

fn message(text: &str) -> String {
    match text.parse::<Price>() {
        Ok(price) => price.to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn parses_json_numbers() {
    for (text, expected) in [
        ("39.90", "39.90"),
        ("39.9", "39.90"),
        ("40", "40.00"),
        ("4e1", "40.00"),
        ("4.5E+1", "45.00"),
        ("450e-1", "45.00"),
        ("1.500", "1.50"),
        ("0.01", "0.01"),
        ("999999.99", "999999.99"),
    ] {
        assert_eq!(message(text), expected, "{text}");
    }
}

#[test]
fn names_the_broken_rule() {
    for (text, expected) in [
        ("0", "Price must be positive"),
        ("-0.0", "Price must be positive"),
        ("-1", "Price must be positive"),
        ("-1e40", "Price must be positive"),
        (
            "-99999999999999999999999999999999999999",
            "Price must be positive",
        ),
        ("1000000", "Price too high"),
        ("999999.991", "Price too high"),
        ("1e30", "Price too high"),
        ("1e999999999999", "Price too high"),
        ("99999999999999999999999999999999999999", "Price too high"),
        ("1.005", "Price must have at most two decimals"),
        ("1e-30", "Price must have at most two decimals"),
        (
            "0.00000000000000000000000000000000000001",
            "Price must have at most two decimals",
        ),
        ("NaN", "Price must be a number"),
        ("inf", "Price must be a number"),
        ("1_000", "Price must be a number"),
        ("+1", "Price must be a number"),
        ("1.2.3", "Price must be a number"),
        ("-", "Price must be a number"),
        ("", "Price must be a number"),
    ] {
        assert_eq!(message(text), expected, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_a_price_or_an_error(text in ".*") {
        let _ = text.parse::<Price>();
        let _ = parse_amount(&text);
    }

    #[test]
    fn any_digits_are_a_price_or_an_error(text in "-?[0-9]{0,40}(\\.[0-9]{0,40})?([eE][+-]?[0-9]{0,12})?") {
        let _ = text.parse::<Price>();
    }

    #[test]
    fn cents_round_trip(cents in 1_i64..=99_999_999) {
        let text = format!("{}.{:02}", cents / 100, cents % 100);
        prop_assert_eq!(message(&text), text);
    }
}

#[test]
fn a_price_is_a_decimal() {
    let price: Price = "39.90".parse().unwrap();
    assert_eq!(Decimal::from(price), Decimal::new(3990, 2));
}
