use super::super::options::{Signals, effective, options};
use super::{chosen, variant};
use eggypro_domain::products::Product;

/// Cocoa in both sizes, of which the big one is sold out, and mint in one.
fn variants() -> Vec<Product> {
    vec![
        variant(1, 3, &[("Flavour", "Cocoa"), ("Size", "1 kg")]),
        variant(2, 0, &[("Flavour", "Cocoa"), ("Size", "2 kg")]),
        variant(3, 5, &[("Size", "1 kg"), ("Flavour", "Mint")]),
    ]
}

#[test]
fn options_list_their_values_once() {
    assert_eq!(
        options(&variants()),
        [
            ("Flavour", vec!["Cocoa", "Mint"]),
            ("Size", vec!["1 kg", "2 kg"]),
        ]
    );
    assert!(options(&[variant(1, 1, &[])]).is_empty());
}

#[test]
fn the_last_preference_is_dropped_first() {
    let (mint, small, big) = (("Flavour", "Mint"), ("Size", "1 kg"), ("Size", "2 kg"));
    let (nowhere, foreign) = (("Size", "9 kg"), ("Colour", "Red"));
    for (asked, preferences, held) in [
        (vec![], vec!["Size"], vec![]),
        (vec![mint], vec![], vec![mint]),
        (vec![mint, small], vec!["Size"], vec![mint, small]),
        (vec![mint, big], vec!["Flavour", "Size"], vec![mint]),
        (vec![big, mint], vec!["Flavour", "Size"], vec![mint]),
        (vec![mint, big], vec!["Size", "Flavour"], vec![big]),
        // Without preferences, the first selection is kept.
        (vec![mint, big], vec![], vec![mint]),
        // A selection without a preference is dropped before one with a preference.
        (vec![mint, big], vec!["size"], vec![big]),
        // What no variant has is not worth another selection.
        (vec![nowhere, mint], vec!["Size", "Flavour"], vec![mint]),
        (vec![foreign, mint], vec!["Colour"], vec![mint]),
        (vec![nowhere, foreign], vec!["Size"], vec![]),
        // Names have the spelling of the shop.
        (vec![("SIZE", "1 kg")], vec![], vec![small]),
    ] {
        let preferences: Vec<String> = preferences.into_iter().map(str::to_owned).collect();
        let effective = effective(&variants(), &chosen(&asked), &preferences);
        assert_eq!(effective, chosen(&held), "{asked:?} {preferences:?}");
    }
}

#[test]
fn signals_are_relative_to_the_other_selections() {
    let (in_stock, sold_out, nowhere) = ((true, true), (false, true), (false, false));
    for (selected, expected) in [
        (vec![], [in_stock, in_stock, in_stock, sold_out]),
        (
            vec![("Flavour", "Cocoa"), ("Size", "1 kg")],
            [in_stock, in_stock, in_stock, sold_out],
        ),
        (
            vec![("Flavour", "Mint")],
            [in_stock, in_stock, in_stock, nowhere],
        ),
        (
            vec![("Size", "2 kg")],
            [sold_out, nowhere, in_stock, sold_out],
        ),
    ] {
        let selected = chosen(&selected);
        let values = [
            ("Flavour", "Cocoa"),
            ("Flavour", "Mint"),
            ("Size", "1 kg"),
            ("Size", "2 kg"),
        ];
        let signals = values.map(|(name, value)| {
            let signals = Signals::of(name, value, &variants(), &selected);
            (signals.available, signals.exists)
        });
        assert_eq!(signals, expected, "{selected:?}");
    }
}
