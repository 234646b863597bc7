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
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Priced {
        #[serde(with = "crate::decimal")]
        price: Decimal,
        #[serde(with = "crate::decimal::option", default)]
        list_price: Option<Decimal>,
    }

    #[test]
    fn digits_are_kept() {
        for (json, price) in [
            (r#"{"price":39.90}"#, "39.90"),
            (r#"{"price":999999.99}"#, "999999.99"),
            (r#"{"price":0.1,"list_price":null}"#, "0.1"),
            (r#"{"price":4e1}"#, "40"),
        ] {
            let priced: Priced = serde_json::from_str(json).unwrap();
            assert_eq!(priced.price, price.parse().unwrap(), "{json}");
            assert_eq!(priced.list_price, None);
        }
        let priced = Priced {
            price: "39.90".parse().unwrap(),
            list_price: Some("1234567890.12345".parse().unwrap()),
        };
        let json = serde_json::to_string(&priced).unwrap();
        assert_eq!(json, r#"{"price":39.90,"list_price":1234567890.12345}"#);
        assert_eq!(serde_json::from_str::<Priced>(&json).unwrap(), priced);
    }

    #[test]
    fn other_values_are_refused() {
        for json in [
            r#"{"price":"39.90"}"#,
            r#"{"price":null}"#,
            r#"{"price":{}}"#,
        ] {
            assert!(serde_json::from_str::<Priced>(json).is_err(), "{json}");
        }
    }
}
