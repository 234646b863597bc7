use super::*;
use ContentUnit::{Gram, Kilogram, Litre, Millilitre, Piece};

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn content(value: &str, unit: ContentUnit) -> NetContent {
    NetContent::new(decimal(value), unit).unwrap()
}

fn protein(basis: NutritionBasis, grams: &str) -> Nutrition {
    let mut nutrition = Nutrition::new(basis);
    nutrition.protein = Some(decimal(grams));
    nutrition
}

#[test]
fn units_have_names() {
    for unit in ContentUnit::ALL {
        assert_eq!(unit.as_str().parse(), Ok(unit));
    }
    for name in ["", "G", "gram", "mg", "piece "] {
        assert_eq!(name.parse::<ContentUnit>(), Err(UnknownContentUnit));
    }
    assert_eq!(
        UnknownContentUnit.to_string(),
        "Net content must have one of the units g, kg, ml, l, piece"
    );
}

#[test]
fn valid_contents_lose_zeros_at_the_end() {
    for (value, unit, normal) in [
        ("0.001", Gram, "0.001"),
        ("999999.999", Kilogram, "999999.999"),
        ("1.5000", Litre, "1.5"),
        ("250.0000", Gram, "250"),
        ("12.000", Piece, "12"),
        ("1", Piece, "1"),
        ("999999", Piece, "999999"),
    ] {
        let content = content(value, unit);
        assert_eq!(content.value().to_string(), normal);
        assert_eq!(content.unit(), unit);
    }
}

#[test]
fn invalid_contents_are_refused() {
    use InvalidNetContent::{NotPositive, NotWhole, TooHigh, TooPrecise};

    for (value, unit, error) in [
        ("0", Gram, NotPositive),
        ("0.000", Piece, NotPositive),
        ("-0", Litre, NotPositive),
        ("-0.001", Kilogram, NotPositive),
        ("999999.9991", Millilitre, TooHigh),
        ("1000000", Piece, TooHigh),
        ("79228162514264337593543950335", Gram, TooHigh),
        ("0.0001", Gram, TooPrecise),
        ("0.7505", Litre, TooPrecise),
        ("1.5", Piece, NotWhole),
        ("0.0001", Piece, NotWhole),
    ] {
        let content = NetContent::new(decimal(value), unit);
        assert_eq!(content, Err(error), "{value} {}", unit.as_str());
        assert!(error.to_string().starts_with("Net content"), "{error}");
    }
}

#[test]
fn unit_prices_are_exact() {
    for (value, unit, price, unit_price, per) in [
        ("250", Gram, "4.99", "19.96", "1 kg"),
        ("1", Kilogram, "39.90", "39.90", "1 kg"),
        ("0.75", Litre, "8.90", "11.87", "1 l"),
        // 3 × 330 ml
        ("990", Millilitre, "4.47", "4.52", "1 l"),
        ("12", Piece, "3.59", "0.30", "1 piece"),
        ("1", Piece, "40", "40.00", "1 piece"),
        // half cents
        ("2", Piece, "0.01", "0.01", "1 piece"),
        ("2", Piece, "0.03", "0.02", "1 piece"),
        ("1.6", Kilogram, "1", "0.63", "1 kg"),
        ("800", Gram, "2.02", "2.53", "1 kg"),
        // nearly half cents
        ("999.999", Kilogram, "15", "0.02", "1 kg"),
        ("1000.001", Kilogram, "15", "0.01", "1 kg"),
        // the extremes
        ("0.001", Gram, "999999.99", "999999990000.00", "1 kg"),
        ("999999.999", Kilogram, "0.01", "0.00", "1 kg"),
    ] {
        let price = price.parse().unwrap();
        let actual = content(value, unit).unit_price(price);
        let name = format!("{price} for {value} {}", unit.as_str());
        assert_eq!(actual.price.to_string(), unit_price, "{name}");
        assert_eq!(actual.per.as_str(), per, "{name}");
    }
}

#[test]
fn protein_prices_are_exact() {
    use NutritionBasis::{HundredGrams, HundredMillilitres};

    for (value, unit, price, basis, grams, expected) in [
        ("1", Kilogram, "39.90", HundredGrams, "80", "4.9875"),
        ("250", Gram, "4.99", HundredGrams, "24", "8.3167"),
        (
            "990",
            Millilitre,
            "4.47",
            HundredMillilitres,
            "3.5",
            "12.9004",
        ),
        ("0.75", Litre, "8.90", HundredMillilitres, "10.5", "11.3016"),
        ("1", Kilogram, "16", HundredGrams, "80", "2.0000"),
        // half of the last decimal
        ("1", Kilogram, "0.01", HundredGrams, "16", "0.0063"),
    ] {
        let content = content(value, unit);
        let protein_price = content.protein_price(price.parse().unwrap(), &protein(basis, grams));
        let protein_price = protein_price.map(|price| price.to_string());
        assert_eq!(protein_price.as_deref(), Some(expected), "{value} {grams}");
    }
}

#[test]
fn a_protein_price_needs_protein_and_a_fitting_basis() {
    use NutritionBasis::{HundredGrams, HundredMillilitres};

    let of = |content: NetContent, nutrition: &Nutrition| {
        content.protein_price("9.99".parse().unwrap(), nutrition)
    };
    let kilogram = content("1", Kilogram);
    assert_eq!(of(kilogram, &Nutrition::new(HundredGrams)), None);
    for grams in ["0", "0.00", "-1", "79228162514264337593543950335"] {
        assert_eq!(of(kilogram, &protein(HundredGrams, grams)), None, "{grams}");
    }
    for (unit, basis) in [
        (Gram, HundredMillilitres),
        (Kilogram, HundredMillilitres),
        (Millilitre, HundredGrams),
        (Litre, HundredGrams),
        (Piece, HundredGrams),
        (Piece, HundredMillilitres),
    ] {
        let price = of(content("2", unit), &protein(basis, "24"));
        assert_eq!(price, None, "{}", unit.as_str());
    }
}

#[cfg(feature = "serde")]
#[test]
fn deserializing_enforces_the_rules() {
    use serde_json::{from_value, json, to_value};

    let serialized = json!({ "value": "0.75", "unit": "l" });
    let content = content("0.750", Litre);
    assert_eq!(to_value(content).unwrap(), serialized);
    assert_eq!(from_value::<NetContent>(serialized).unwrap(), content);
    for (value, unit) in [("0", "g"), ("1.5", "piece"), ("1", "oz")] {
        let invalid = json!({ "value": value, "unit": unit });
        assert!(from_value::<NetContent>(invalid).is_err(), "{value} {unit}");
    }
    for unit in ContentUnit::ALL {
        assert_eq!(to_value(unit).unwrap(), unit.as_str());
    }
    for measure in [
        UnitMeasure::Kilogram,
        UnitMeasure::Litre,
        UnitMeasure::Piece,
    ] {
        assert_eq!(to_value(measure).unwrap(), measure.as_str());
    }
}
