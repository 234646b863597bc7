//! Exact decimals in JSON: numbers that are never converted to a float.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::value::RawValue;

use crate::Field;

/// Reads the digits of a JSON number as they are written.
fn parse<E: de::Error>(digits: &str) -> Result<Decimal, E> {
    let decimal = Decimal::from_str_exact(digits).or_else(|_| Decimal::from_scientific(digits));
    decimal.map_err(|_| E::custom(format_args!("{digits} is not an exact decimal number")))
}

pub(crate) fn serialize<S: Serializer>(
    decimal: &Decimal,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let digits = RawValue::from_string(decimal.to_string()).map_err(ser::Error::custom)?;
    digits.serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let digits = Box::<RawValue>::deserialize(deserializer)?;
    parse(digits.get())
}

/// The same for numbers that may be null.
pub(crate) mod option {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(
        decimal: &Option<Decimal>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match decimal {
            Some(decimal) => super::serialize(decimal, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Decimal>, D::Error> {
        let digits = Box::<RawValue>::deserialize(deserializer)?;
        match digits.get() {
            "null" => Ok(None),
            digits => parse(digits).map(Some),
        }
    }
}

/// Writes a number of a merge patch. Fields to keep are skipped before.
pub(crate) fn serialize_field<S: Serializer>(
    field: &Field<Decimal>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match field {
        Field::Set(decimal) => serialize(decimal, serializer),
        Field::Keep | Field::Clear => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests;
