use serde_json::{Value, json};

use super::super::{lookup, product, search};
use super::{parsed, refused, shop};
use crate::state::Api;

async fn searched(api: &Api, request: Value) -> Value {
    parsed(search::find(api, &serde_json::from_value(request).unwrap()).await)
}

async fn looked_up(api: &Api, request: Value) -> Value {
    parsed(lookup::read(api, &serde_json::from_value(request).unwrap()).await)
}

async fn detailed(api: &Api, request: Value) -> Value {
    parsed(product::read(api, &serde_json::from_value(request).unwrap()).await)
}

/// The values of a member of all objects in a list.
fn all<'a>(list: &'a Value, member: &str) -> Vec<&'a str> {
    let list = list.as_array().unwrap().iter();
    list.map(|item| item[member].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn a_search_shows_a_group_once() {
    let api = shop().await;
    let found = searched(&api, json!({ "query": "egg" })).await;
    let capability = json!({ "dev.ucp.shopping.catalog.search": [{ "version": "2026-04-08" }] });
    assert_eq!(found["ucp"]["capabilities"], capability);
    assert_eq!(all(&found["products"], "id"), ["prod_1", "prod_g_yolk"]);
    assert_eq!(
        all(&found["products"][1]["variants"], "id"),
        ["var_3", "var_4"]
    );
    assert_eq!(found["pagination"], json!({ "has_next_page": false }));
    assert_eq!(found.get("messages"), None);
    let nothing = searched(&api, json!({ "query": "nowhere" })).await;
    assert_eq!(nothing["products"], json!([]));
}

#[actix_web::test]
async fn filters_leave_out_variants() {
    let api = shop().await;
    let cheap = json!({ "filters": { "price": { "max": 3990 } } });
    let found = searched(&api, cheap).await;
    assert_eq!(all(&found["products"], "id"), ["prod_g_yolk", "prod_1"]);
    assert_eq!(all(&found["products"][0]["variants"], "id"), ["var_4"]);
    let nothing = json!({ "query": "egg", "filters": { "categories": ["Egg Powders"] } });
    assert_eq!(searched(&api, nothing).await["products"], json!([]));
    let dear = json!({ "price": { "min": 5000 } });
    let ids = ["prod_1", "prod_g_yolk", "var_4"];
    let found = looked_up(&api, json!({ "ids": ids, "filters": dear })).await;
    // Another variant represents the group.
    assert_eq!(all(&found["products"], "id"), ["prod_g_yolk"]);
    assert_eq!(all(&found["products"][0]["variants"], "id"), ["var_3"]);
    let found = detailed(&api, json!({ "id": "prod_g_yolk", "filters": dear })).await;
    assert_eq!(all(&found["product"]["variants"], "id"), ["var_3"]);
    let missing = detailed(&api, json!({ "id": "var_4", "filters": dear })).await;
    assert_eq!(missing["ucp"]["status"], "error");
}

#[actix_web::test]
async fn pages_follow_their_cursors() {
    let api = shop().await;
    for request in [
        json!({ "query": "egg", "pagination": { "limit": 1 } }),
        json!({ "filters": { "price": { "min": 1 } }, "pagination": { "limit": 1 } }),
    ] {
        let mut page = searched(&api, request.clone()).await;
        let mut pages = 1;
        while page["pagination"]["has_next_page"] == true {
            let mut next = request.clone();
            next["pagination"]["cursor"] = page["pagination"]["cursor"].clone();
            page = searched(&api, next).await;
            pages += 1;
        }
        assert_eq!(pages, 3, "{request}");
    }
    for request in [
        json!({}),
        json!({ "query": " ", "filters": { "categories": [], "colour": "red" } }),
        json!({ "query": "a".repeat(201) }),
    ] {
        let request = serde_json::from_value(request).unwrap();
        assert_eq!(
            refused(search::find(&api, &request).await),
            "invalid_request"
        );
    }
    let broken = json!({ "query": "egg", "pagination": { "cursor": "broken" } });
    let broken = serde_json::from_value(broken).unwrap();
    assert_eq!(refused(search::find(&api, &broken).await), "invalid_cursor");
}

#[actix_web::test]
async fn a_lookup_tells_which_id_named_what() {
    let api = shop().await;
    for (id, inputs) in [
        ("prod_1", vec![("var_1", "featured")]),
        ("var_1", vec![("var_1", "exact")]),
        ("ep-1", vec![("var_1", "exact")]),
        ("4006381333931", vec![("var_1", "exact")]),
        ("egg-white", vec![("var_1", "featured")]),
        // The one in stock represents the group.
        ("prod_g_yolk", vec![("var_4", "featured")]),
        ("yolk", vec![("var_4", "featured")]),
        ("prod_3", vec![("var_3", "featured")]),
        ("egg-big", vec![("var_3", "exact")]),
        ("prod_99", vec![]),
        ("", vec![]),
    ] {
        let found = looked_up(&api, json!({ "ids": [id, id] })).await;
        let products = found["products"].as_array().unwrap();
        let variants = products
            .iter()
            .flat_map(|of| of["variants"].as_array().unwrap());
        let shown: Vec<_> = variants
            .map(|variant| {
                assert_eq!(variant["inputs"].as_array().unwrap().len(), 1);
                assert_eq!(variant["inputs"][0]["id"], id);
                let level = variant["inputs"][0]["match"].as_str().unwrap();
                (variant["id"].as_str().unwrap(), level)
            })
            .collect();
        assert_eq!(shown, inputs, "{id}");
        let unknown = json!([{ "type": "info", "code": "not_found", "content": id }]);
        let expected = inputs.is_empty().then_some(&unknown);
        assert_eq!(found.get("messages"), expected, "{id}");
    }
    let ids = ["var_3", "yolk", "prod_g_yolk", "EP-1", "nowhere"];
    let found = looked_up(&api, json!({ "ids": ids })).await;
    assert_eq!(all(&found["products"], "id"), ["prod_g_yolk", "prod_1"]);
    let variants = &found["products"][0]["variants"];
    assert_eq!(all(variants, "id"), ["var_3", "var_4"]);
    assert_eq!(all(&variants[1]["inputs"], "id"), ["yolk", "prod_g_yolk"]);
    let range = &found["products"][0]["price_range"];
    assert_eq!(
        (&range["min"]["amount"], &range["max"]["amount"]),
        (&json!(3500), &json!(6000))
    );
}

#[actix_web::test]
async fn a_lookup_takes_a_hundred_ids() {
    let api = shop().await;
    let ids = |count: usize| -> Vec<String> { (0..count).map(|id| format!("prod_{id}")).collect() };
    let repeated = [ids(100), ids(100)].concat();
    assert_eq!(
        looked_up(&api, json!({ "ids": repeated })).await["messages"]
            .as_array()
            .unwrap()
            .len(),
        97
    );
    for (ids, code) in [(ids(101), "request_too_large"), (ids(0), "invalid_request")] {
        let request = serde_json::from_value(json!({ "ids": ids })).unwrap();
        assert_eq!(refused(lookup::read(&api, &request).await), code);
    }
}

#[actix_web::test]
async fn a_product_shows_what_is_selected() {
    let api = shop().await;
    let (small, big) = (
        json!([{ "name": "Size", "label": "1 kg" }]),
        json!([{ "name": "Size", "label": "2 kg" }]),
    );
    for (request, selected, variant) in [
        (json!({ "id": "prod_g_yolk" }), &small, "var_4"),
        (
            json!({ "id": "prod_g_yolk", "selected": big }),
            &big,
            "var_3",
        ),
        (json!({ "id": "var_3" }), &big, "var_3"),
        (json!({ "id": "var_3", "selected": small }), &big, "var_3"),
    ] {
        let found = detailed(&api, request.clone()).await;
        assert_eq!(found["product"]["selected"], *selected, "{request}");
        assert_eq!(
            all(&found["product"]["variants"], "id"),
            [variant],
            "{request}"
        );
        let values = json!([
            { "label": "2 kg", "available": false, "exists": true },
            { "label": "1 kg", "available": true, "exists": true },
        ]);
        assert_eq!(
            found["product"]["options"][0]["values"], values,
            "{request}"
        );
    }
    let twice = json!({ "id": "prod_1", "selected": [small[0], small[0]] });
    for request in [json!({ "id": "" }), twice] {
        let request = serde_json::from_value(request).unwrap();
        assert_eq!(
            refused(product::read(&api, &request).await),
            "invalid_request"
        );
    }
}

#[actix_web::test]
async fn an_unknown_product_is_an_error_in_the_answer() {
    let api = shop().await;
    let missing = detailed(&api, json!({ "id": "prod_99" })).await;
    assert_eq!(
        missing,
        json!({
            "ucp": {
                "version": "2026-04-08",
                "status": "error",
                "capabilities": { "dev.ucp.shopping.catalog.lookup": [{ "version": "2026-04-08" }] },
            },
            "messages": [{
                "type": "error",
                "code": "not_found",
                "content": "Product not found: prod_99",
                "severity": "unrecoverable",
            }],
        })
    );
}
