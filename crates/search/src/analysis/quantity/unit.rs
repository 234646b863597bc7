//! Numbers with a unit.

use eggypro_domain::Decimal;

/// Splits a text into its leading number and the rest.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    let is_part = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',');
    let end = text
        .bytes()
        .position(|byte| !is_part(byte))
        .unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// A quantity in grams or millilitres, as one word.
pub(super) fn in_base_unit(number: &str, unit: &str) -> Option<String> {
    let (base, factor) = base_unit(unit)?;
    let number = match number.split_once(',') {
        Some((thousands, rest)) if rest.len() == 3 && thousands != "0" => {
            format!("{thousands}{rest}")
        }
        _ => number.replace(',', "."),
    };
    let amount = number.parse::<Decimal>().ok()?.checked_mul(factor)?;
    Some(format!("{}{base}", amount.normalize()))
}

pub(super) fn base_unit(unit: &str) -> Option<(&'static str, Decimal)> {
    Some(match unit {
        "mg" => ("g", Decimal::new(1, 3)),
        "g" | "gr" | "gram" | "grams" | "gramm" | "gramme" | "grammes" => ("g", Decimal::ONE),
        "kg" | "kilo" | "kilos" | "kilogram" | "kilograms" => ("g", Decimal::ONE_THOUSAND),
        "ml" | "millilitre" | "millilitres" | "milliliter" | "milliliters" => ("ml", Decimal::ONE),
        "cl" => ("ml", Decimal::TEN),
        "l" | "lt" | "ltr" | "litre" | "litres" | "liter" | "liters" => {
            ("ml", Decimal::ONE_THOUSAND)
        }
        _ => return None,
    })
}
