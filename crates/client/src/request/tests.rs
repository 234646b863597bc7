use super::*;
use crate::operation::{DELETE_IMAGE, READ_PRODUCT, RETRY_DELIVERY};

fn url(operation: &'static Operation, arguments: &[&dyn Display]) -> Result<String, Error> {
    let base = Url::parse("https://shop.example/backend/").unwrap();
    let url = Request::new(operation, arguments).url(&base);
    url.map(|url| url.to_string())
}

#[test]
fn arguments_fill_the_path() {
    let base = "https://shop.example/backend/api";
    for (operation, arguments, expected) in [
        (&READ_PRODUCT, vec!["egg-bar"], "/products/egg-bar"),
        (
            &READ_PRODUCT,
            vec!["a b?c#d%2e"],
            "/products/a%20b%3Fc%23d%252e",
        ),
        (&DELETE_IMAGE, vec!["shop/7f"], "/images/shop/7f"),
        (
            &RETRY_DELIVERY,
            vec!["w", "4.0"],
            "/webhooks/w/deliveries/4.0/retry",
        ),
    ] {
        let arguments: Vec<&dyn Display> = arguments.iter().map(|of| of as &dyn Display).collect();
        let url = url(operation, &arguments).unwrap();
        assert_eq!(url, format!("{base}{expected}"));
    }
}

#[test]
fn an_argument_leads_to_no_other_address() {
    let no_paths = ["", ".", "..", "../keys", "a/../../keys", "a//b", "/a", "a/"];
    for argument in no_paths {
        for operation in [&READ_PRODUCT, &DELETE_IMAGE] {
            let error = url(operation, &[&argument]).unwrap_err();
            let is_refused = matches!(error, Error::InvalidRequest(_));
            assert!(is_refused, "{argument}: {error}");
        }
    }
    for slug in ["eggs/stock", "eggs/images", "search/x"] {
        let error = url(&READ_PRODUCT, &[&slug]).unwrap_err();
        let expected = format!("the request is invalid: {slug:?} is no slug");
        assert_eq!(error.to_string(), expected);
    }
    assert!(url(&RETRY_DELIVERY, &[&"w", &"4.0/retry"]).is_err());
    assert!(url(&RETRY_DELIVERY, &[&"w/deliveries/1.0", &"4.0"]).is_err());
}

#[test]
fn a_query_is_encoded() {
    let base = Url::parse("https://shop.example").unwrap();
    let request = Request::new(&READ_PRODUCT, &[&"a"]).query(|query| {
        query.add("q", Some("50 % & more")).add("limit", None::<u8>);
        query.list("ids", &[1, 2]).list("diet", &[] as &[&str]);
    });
    let url = request.url(&base).unwrap();
    assert_eq!(url.query(), Some("q=50+%25+%26+more&ids=1%2C2"));
}
