//! Titles, codes, food facts and variants of products.

use eggypro_tests::{TestShop, a_product};
use serde_json::{Value, json};

const BAR: &str = "/api/products/bar";

fn a_food(changes: Value) -> Value {
    let mut food = a_product(json!({
        "name": "Bar", "price": 39.9,
        "title": "Crème Brûlée", "sku": "EP-1", "gtin": "4006381333931", "list_price": 44.9,
        "net_content": { "value": 0.75, "unit": "kg" },
        "food": {
            "allergens": ["milk", "eggs"], "may_contain": ["nuts"], "diets": ["vegetarian"],
            "nutrition": {
                "basis": "100 g", "serving_size": 30, "energy_kj": 1540, "energy_kcal": 368, "fat": 0.4,
                "protein": 82.0, "salt": 2.15
            },
            "origin_country": "DE", "storage": "Keep dry."
        },
        "group": "bars", "options": { "Size": "750 g", "Flavour": "Crème" },
        "images": ["https://example.com/a.jpg", "https://example.com/b.jpg"],
        "media": [{ "alt_text": "The bag" }],
        "seo": { "title": "Bars" }
    }));
    for (name, value) in changes.as_object().into_iter().flatten() {
        food[name] = value.clone();
    }
    food
}

#[tokio::test]
async fn facts_are_shown_as_written() {
    let shop = TestShop::start().await;
    let made = shop.admin().post("/api/products", &a_food(json!({}))).await;
    let made = made.expect(201).json();
    assert_eq!(made["title"], "Crème Brûlée");
    assert_eq!(
        (&made["sku"], &made["gtin"]),
        (&json!("EP-1"), &json!("4006381333931"))
    );
    assert_eq!(
        (&made["brand"], &made["currency"]),
        (&json!("EggyPro"), &json!("EUR"))
    );
    assert_eq!(made["unit_price"], json!({ "price": 53.2, "per": "1 kg" }));
    assert_eq!(made["net_content"], json!({ "value": 0.75, "unit": "kg" }));
    assert_eq!(made["food"]["allergens"], json!(["eggs", "milk"]));
    assert_eq!(made["food"]["nutrition"]["salt"], json!(2.15));
    assert_eq!(made["food"]["nutrition"]["fibre"], Value::Null);
    let text = shop.anonymous().get(BAR).await.text();
    assert!(
        text.contains(r#""options":{"Flavour":"Crème","Size":"750 g"}"#),
        "{text}"
    );
    assert!(text.contains(r#""protein":82,"#), "{text}");
    assert_eq!(made["media"][0]["alt_text"], "The bag");
    assert_eq!(made["media"][1]["alt_text"], Value::Null);
    assert_eq!(made["seo"], json!({ "title": "Bars", "description": null }));
    // The log shows numbers as numbers.
    let patch = json!({ "food": { "nutrition": { "salt": 3 } } });
    let patched = shop.admin().patch(BAR, &patch).await.expect(200).json();
    assert_eq!(patched["food"]["nutrition"]["protein"], json!(82));
    let change = shop.admin().get("/api/changes?limit=1").await.json();
    let diff = &change["data"][0]["diff"]["food"];
    assert_eq!(diff[0]["nutrition"]["salt"], json!(2.15));
    assert_eq!(diff[1]["nutrition"]["salt"], json!(3));
}

#[tokio::test]
async fn clients_of_the_specification_notice_nothing() {
    let shop = TestShop::start().await;
    let plain = shop.create_product(json!({ "name": "Bar" })).await;
    assert_eq!(plain["title"], "Bar");
    for member in [
        "sku",
        "gtin",
        "list_price",
        "net_content",
        "unit_price",
        "food",
        "group",
    ] {
        assert_eq!(plain[member], Value::Null, "{member}");
    }
    let admin = shop.admin();
    let facts = a_food(json!({}));
    admin.put(BAR, &facts).await.expect(200);
    // A replacement without facts empties them.
    let emptied = admin.put(BAR, &a_product(json!({ "name": "Bar" }))).await;
    let mut emptied = emptied.expect(200).json();
    let mut plain = plain;
    for product in [&mut emptied, &mut plain] {
        for member in [
            "version",
            "updated_at",
            "price",
            "images",
            "media",
            "rating",
        ] {
            product.as_object_mut().unwrap().remove(member);
        }
    }
    assert_eq!(emptied, plain);
}

#[tokio::test]
async fn every_broken_fact_is_named_at_once() {
    let shop = TestShop::start().await;
    let broken = a_food(json!({
        "gtin": "4006381333932", "sku": "EP 1", "list_price": 39.9, "title": "a\u{200b}",
        "food": {
            "allergens": ["eggs", "cake"], "diets": ["vegan"],
            "nutrition": { "basis": "100 g", "fat": 140, "protein": -1, "sugars": 4, "carbohydrate": 3 }
        },
        "net_content": { "value": 0, "unit": "kg" },
        "options": { "a": "1", "b": "1", "c": "1", "d": "1" },
        "media": [{}, {}, {}]
    }));
    let refused = shop
        .admin()
        .post("/api/products", &broken)
        .await
        .expect_problem(422);
    let mut fields: Vec<String> = refused.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["field"].as_str().unwrap().to_owned())
        .collect();
    fields.sort();
    assert_eq!(
        fields,
        [
            "food.allergens[1]",
            "food.diets",
            "food.nutrition.fat",
            "food.nutrition.protein",
            "food.nutrition.sugars",
            "gtin",
            "list_price",
            "media",
            "net_content.value",
            "options",
            "sku",
            "title"
        ]
    );
    // Together with what the product has.
    shop.admin()
        .post("/api/products", &a_food(json!({})))
        .await
        .expect(201);
    let broken = json!({ "price": 50, "food": { "diets": ["vegan"] }, "media": [{}, {}, {}] });
    let refused = shop.admin().patch(BAR, &broken).await.expect_problem(422);
    assert_eq!(refused.errors().len(), 3, "{:?}", refused.errors());
    // Both kinds of errors at once.
    let broken = json!({ "gtin": "1", "food": { "nutrition": { "fat": 140 } }, "list_price": 1 });
    let refused = shop.admin().patch(BAR, &broken).await.expect_problem(422);
    assert_eq!(refused.errors().len(), 3, "{:?}", refused.errors());
    let many: serde_json::Map<String, Value> =
        (0..7).map(|name| (name.to_string(), Value::Null)).collect();
    let refused = shop
        .admin()
        .patch(BAR, &json!({ "options": many }))
        .await
        .expect_problem(422);
    assert_eq!(refused.errors(), ["options: Options has too many members"]);
    let unknown = json!({ "food": { "colour": "white", "nutrition": { "iron": 1 } } });
    let refused = shop.admin().patch(BAR, &unknown).await.expect_problem(422);
    assert!(
        refused.text().contains("food.nutrition.iron"),
        "{}",
        refused.text()
    );
}

#[tokio::test]
async fn codes_and_variants_that_clash_are_conflicts() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    admin
        .post("/api/products", &a_food(json!({})))
        .await
        .expect(201);
    for (changes, kind) in [
        (json!({ "gtin": null, "sku": "ep-1" }), "sku-taken"),
        (
            json!({ "sku": null, "gtin": "04006381333931" }),
            "gtin-taken",
        ),
        (json!({ "sku": null, "gtin": null }), "variant-clash"),
        (
            json!({ "sku": null, "gtin": null, "options": { "Size": "1 kg" } }),
            "variant-clash",
        ),
    ] {
        let mut other = a_food(changes);
        other["name"] = json!("Other");
        let refused = admin
            .post("/api/products", &other)
            .await
            .expect_problem(409);
        let refused = refused.json();
        assert!(
            refused["type"].as_str().unwrap().ends_with(kind),
            "{refused}"
        );
    }
    let listed = shop.anonymous().get("/api/products").await;
    assert_eq!(listed.names(), ["Bar"]);
}

#[tokio::test]
async fn products_are_found_by_their_facts() {
    let shop = TestShop::start().await;
    shop.admin()
        .post("/api/products", &a_food(json!({})))
        .await
        .expect(201);
    shop.create_product(json!({ "name": "Plain" })).await;
    let client = shop.anonymous();
    // Nobody has said what is in it.
    let silent = json!({ "food": { "may_contain": ["nuts"] } });
    shop.admin()
        .patch("/api/products/plain", &silent)
        .await
        .expect(200);
    for (query, names) in [
        ("?allergenFree=gluten,fish&diet=vegetarian", vec!["Bar"]),
        ("?allergenFree=milk", vec![]),
        ("?minProtein=82", vec!["Bar"]),
        ("?minProtein=82.01", vec![]),
        ("?group=bars", vec!["Bar"]),
        ("?sort=protein-price-asc", vec!["Bar", "Plain"]),
        ("?sort=unit-price-asc", vec!["Bar", "Plain"]),
        ("?sort=protein-desc", vec!["Bar", "Plain"]),
        ("?search=cr%C3%88me", vec!["Bar"]),
        // What separates texts in the index is in none of them.
        ("?search=%1f", vec![]),
        ("/search?q=ep-1", vec!["Bar"]),
        ("/search?q=04006381333931", vec!["Bar"]),
        ("/search?q=creme", vec!["Bar"]),
    ] {
        let found = client
            .get(&format!("/api/products{query}"))
            .await
            .expect(200);
        assert_eq!(found.names(), names, "{query}");
        let total = &found.json()["pagination"]["total"];
        assert_eq!(*total, names.len(), "{query}");
    }
    for query in [
        "allergenFree=cake",
        "diet=cake",
        "minProtein=101",
        "group=A%20b",
    ] {
        let refused = client.get(&format!("/api/products?{query}")).await;
        refused.expect_problem(400);
    }
    let page = client
        .get("/api/products?facets=diet,allergen")
        .await
        .json();
    assert_eq!(
        page["facets"]["diet"],
        json!([{ "name": "vegetarian", "count": 1 }])
    );
    assert_eq!(
        page["facets"]["allergen"],
        json!([{ "name": "eggs", "count": 0 }, { "name": "milk", "count": 0 }])
    );
    let suggested = client.get("/api/products/suggest?q=br%C3%BBl").await.json();
    assert_eq!(suggested["data"][0]["title"], "Crème Brûlée");
}

#[tokio::test]
async fn facts_that_a_hand_has_broken_stop_nothing_else() {
    let shop = TestShop::start().await;
    shop.admin()
        .post("/api/products", &a_food(json!({})))
        .await
        .expect(201);
    shop.create_product(json!({ "name": "Plain" })).await;
    shop.database.execute(
        "UPDATE products SET gtin = '2000000000008', food = '{\"allergens\": [\"egg\"]}', options = '{\"Size\": \"1\"}', \
         variant_group = 'Foo Bar', net_content_value = 1.5, net_content_unit = 'piece' WHERE slug = 'bar'",
    );
    let bar = shop.anonymous().get(BAR).await.expect(200).json();
    for member in ["gtin", "food", "group", "net_content"] {
        assert_eq!(bar[member], Value::Null, "{member}");
    }
    assert_eq!(bar["options"], json!({}));
    let listed = shop.anonymous().get("/api/products").await.expect(200);
    assert_eq!(listed.names().len(), 2);
    // A patch takes what is null back to its default.
    let reset = json!({ "media": null, "options": null, "food": null });
    let reset = shop.admin().patch(BAR, &reset).await.expect(200).json();
    assert_eq!(reset["media"][0]["alt_text"], Value::Null);
}

#[tokio::test]
async fn a_sku_may_look_like_the_gtin_of_another_product() {
    let shop = TestShop::start().await;
    for (name, code) in [
        ("First", json!({ "sku": "04006381333931" })),
        ("Second", json!({ "gtin": "4006381333931" })),
    ] {
        let mut product = a_product(json!({ "name": name }));
        for (member, value) in code.as_object().into_iter().flatten() {
            product[member] = value.clone();
        }
        shop.admin()
            .post("/api/products", &product)
            .await
            .expect(201);
    }
    let check = json!({});
    let report = shop.admin().post("/api/search/check", &check).await;
    assert_eq!(report.expect(200).json()["mismatches"], 0);
}
