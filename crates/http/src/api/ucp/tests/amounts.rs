use iso_currency::Currency;
use serde_json::json;

use super::super::filters::Narrowing;
use super::super::minor_units::{highest_price, lowest_price, minor_units};
use super::super::request::{Context, Filters, PageRequest};
use crate::state::Storefront;

#[test]
fn amounts_have_the_minor_units_of_their_currency() {
    for (amount, currency, expected) in [
        ("39.9", Currency::EUR, 3990),
        ("0.01", Currency::EUR, 1),
        ("999999.99", Currency::EUR, 99_999_999),
        ("19.995", Currency::EUR, 2000),
        ("19.9949", Currency::EUR, 1999),
        ("39.9", Currency::JPY, 40),
        ("39.5", Currency::JPY, 40),
        ("40.5", Currency::JPY, 41),
        ("39.49", Currency::JPY, 39),
        ("0.01", Currency::JPY, 0),
        ("39.9", Currency::KWD, 39_900),
        ("12.3456", Currency::KWD, 12_346),
    ] {
        let units = minor_units(amount.parse().unwrap(), currency);
        assert_eq!(units, expected, "{amount} {currency:?}");
    }
}

#[test]
fn bounds_hold_for_the_prices_as_they_are_shown() {
    for currency in [Currency::EUR, Currency::JPY, Currency::KWD] {
        for bound in [0_u64, 1, 39, 40, 3990, 39_900] {
            let (least, most) = (
                lowest_price(bound.into(), currency),
                highest_price(bound.into(), currency),
            );
            for price in [
                "0.01", "0.04", "0.39", "0.4", "38.5", "39.49", "39.5", "39.9",
            ] {
                let price = price.parse().unwrap();
                let shown = minor_units(price, currency);
                assert_eq!(
                    price >= least,
                    shown >= bound,
                    "{price} {bound} {currency:?}"
                );
                assert_eq!(
                    price <= most,
                    shown <= bound,
                    "{price} {bound} {currency:?}"
                );
            }
        }
    }
}

fn narrowing(filters: serde_json::Value, currency: Option<&str>) -> Option<Narrowing> {
    let filters: Filters = serde_json::from_value(filters).unwrap();
    let context = Context {
        currency: currency.map(str::to_owned),
    };
    Narrowing::of(Some(&filters), Some(&context), &Storefront::default()).ok()
}

#[test]
fn price_filters_are_in_minor_units_of_the_shop() {
    let filters = json!({ "price": { "min": 1990, "max": 3990 }, "unknown": 1 });
    for currency in [None, Some("EUR"), Some("eur")] {
        let narrowing = narrowing(filters.clone(), currency).unwrap();
        assert_eq!(narrowing.filter.min_price, "19.90".parse().ok());
        assert_eq!(narrowing.filter.max_price, "39.90".parse().ok());
        assert!(narrowing.is_given && narrowing.messages.is_empty());
    }
    let ignored = narrowing(filters, Some("USD")).unwrap();
    assert_eq!(ignored.filter.min_price, None);
    assert!(ignored.is_given);
    assert_eq!(ignored.messages.len(), 1);
    assert!(narrowing(json!({ "price": { "min": -1 } }), None).is_none());
}

#[test]
fn categories_that_are_no_slugs_match_nothing() {
    for (categories, slugs, selects_nothing) in [
        (json!([]), 0, false),
        (json!(null), 0, false),
        (json!(["Egg Powders"]), 0, true),
        (json!(["powders", "Egg Powders", "powders"]), 1, false),
    ] {
        let narrowing = narrowing(json!({ "categories": categories }), None).unwrap();
        assert_eq!(narrowing.filter.categories.len(), slugs);
        assert_eq!(narrowing.selects_nothing, selects_nothing);
        assert_eq!(narrowing.is_given, slugs > 0 || selects_nothing);
    }
    let many = vec!["a"; 51];
    assert!(narrowing(json!({ "categories": many }), None).is_none());
}

#[test]
fn limits_of_pages_are_clamped() {
    for (limit, size) in [
        (json!(null), 10),
        (json!(0), 1),
        (json!(-5), 1),
        (json!(1), 1),
        (json!(7.9), 7),
        (json!(100), 25),
        (json!(101), 25),
        (json!(1e300), 25),
        (json!(u64::MAX), 25),
    ] {
        let page: PageRequest = serde_json::from_value(json!({ "limit": limit })).unwrap();
        assert_eq!(page.size().get(), size, "{limit}");
    }
}
