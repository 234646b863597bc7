//! Net contents: `750 g`, `1,5 l`.

use std::fmt::Write;

use eggypro_domain::products::{ContentUnit, NetContent};

use super::guard::text;
use super::number::{Numbers, decimal};

/// A quantity with its unit.
pub(crate) fn content(cell: &str, numbers: Numbers) -> Result<NetContent, String> {
    let text = text(cell);
    let start = text.trim_end_matches(char::is_alphabetic).len();
    let (value, unit) = text.split_at(start);
    let unit = match unit.to_lowercase().as_str() {
        "pieces" => Ok(ContentUnit::Piece),
        unit => unit.parse::<ContentUnit>(),
    };
    let unit = unit.map_err(|error| error.to_string())?;
    NetContent::new(decimal(value, numbers)?, unit).map_err(|error| error.to_string())
}

/// Writes a quantity with its unit. Three decimals get a zero, since three digits after a mark can also be thousands.
pub(crate) fn write_content(content: NetContent, cell: &mut String) {
    let mut value = content.value();
    if value.scale() == 3 {
        value.rescale(4);
    }
    let unit = content.unit().as_str();
    // Writing to a text can't fail.
    let _ = write!(cell, "{value} {unit}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cell: &str) -> Result<String, String> {
        content(cell, Numbers::default()).map(|content| {
            let mut cell = String::new();
            write_content(content, &mut cell);
            cell
        })
    }

    #[test]
    fn contents_have_units() {
        for (cell, expected) in [
            ("750 g", "750 g"),
            ("750g", "750 g"),
            (" 1,5 L ", "1.5 l"),
            ("1.2340 kg", "1.2340 kg"),
            ("0.333 l", "0.3330 l"),
            ("1 000,5 ml", "1000.5 ml"),
            ("10 pieces", "10 piece"),
            ("1 piece", "1 piece"),
        ] {
            assert_eq!(read(cell).as_deref(), Ok(expected), "{cell}");
        }
        for cell in [
            "",
            "750",
            "g",
            "750 oz",
            "1,234 kg",
            "0 g",
            "1.5 piece",
            "1.23456 g",
        ] {
            assert!(read(cell).is_err(), "{cell}");
        }
    }
}
