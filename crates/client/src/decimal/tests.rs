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
