//! Lists that are read to their end by following the links to the next page, while rows are added and removed.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::collections::HashSet;

use eggypro_tests::{Answer, REVIEWS, TestShop, User, a_review};
use serde_json::{Value, json};

/// The address of the next page from the `Link` header, which must agree with the cursor in the body.
fn next(page: &Answer) -> Option<String> {
    let cursor = page.json()["pagination"]["next_cursor"].clone();
    let link = page.header("link");
    assert_eq!(cursor.is_null(), link.is_empty(), "{link}");
    let address = link.strip_prefix('<')?.strip_suffix(">; rel=\"next\"")?;
    assert!(address.ends_with(&format!("cursor={}", cursor.as_str()?)));
    Some(address.to_owned())
}

/// Follows the links of a list from its first page and returns the ids of all items. `between` is called after each
/// page.
async fn scroll(user: &User, first: &str, mut between: impl AsyncFnMut()) -> Vec<i64> {
    let (mut met, mut address) = (vec![], Some(first.to_owned()));
    while let Some(at) = address {
        let page = user.get(&at).await.expect(200);
        // The second answer may come from the cache.
        assert_eq!(
            user.get(&at).await.expect(200).header("link"),
            page.header("link")
        );
        let items = page.json()["data"].as_array().unwrap().clone();
        met.extend(items.iter().map(|item| item["id"].as_i64().unwrap()));
        address = next(&page);
        between().await;
    }
    met
}

fn assert_once(met: &[i64], kept: &HashSet<i64>, what: &str) {
    let unique: HashSet<i64> = met.iter().copied().collect();
    assert_eq!(unique.len(), met.len(), "{what} repeats");
    assert!(unique.is_superset(kept), "{what} skips");
}

#[tokio::test]
async fn products_appear_once() {
    let shop = TestShop::start().await;
    shop.create_category("Eggs").await;
    let product = |number: usize, name: &str| {
        json!({
            "name": format!("{name} {number}"), "price": number % 3 + 1, "stock_quantity": 5,
            "categories": ["eggs"]
        })
    };
    let mut kept = HashSet::new();
    for number in 0..11 {
        let made = shop.create_product(product(number, "Egg bar")).await;
        kept.insert(made["id"].as_i64().unwrap());
    }
    let filters = "category=eggs&inStock=true&minPrice=1&limit=2";
    let mut lists = vec![format!("/api/products/search?q=egg&{filters}")];
    for sort in [
        "name-asc",
        "name-desc",
        "price-asc",
        "price-desc",
        "newest",
        "rating-desc",
    ] {
        lists.push(format!("/api/products?{filters}&sort={sort}"));
        lists.push(format!("/api/products?search=egg&sort={sort}&{filters}"));
        lists.push(format!("/api/products/search?sort={sort}&{filters}&q=egg"));
    }
    for (turn, list) in lists.iter().enumerate() {
        let mut count = 0;
        let mut last = None;
        let between = async || {
            // Removes the product that was created after the previous page, and creates another one.
            if let Some(slug) = last.take() {
                let gone = format!("/api/products/{slug}?permanent=true");
                shop.admin().delete(&gone).await.expect(204);
            }
            count += 1;
            let made = shop
                .create_product(product(count, &format!("Egg {turn}")))
                .await;
            last = Some(made["slug"].as_str().unwrap().to_owned());
        };
        let met = scroll(&shop.anonymous(), list, between).await;
        assert_once(&met, &kept, list);
    }
}

#[tokio::test]
async fn reviews_appear_once() {
    let shop = TestShop::start_with_eggs().await;
    let mut kept = HashSet::new();
    for number in 0..11 {
        let fields = json!({ "comment": format!("Of {number}."), "rating": number % 5 + 1 });
        let id = shop.review(fields).await.expect(201).json()["id"].clone();
        shop.verify(&id, true).await.expect(200);
        kept.insert(id.as_i64().unwrap());
    }
    let sorts = ["newest", "oldest", "rating-desc", "rating-asc"];
    let lists = sorts.map(|sort| format!("{REVIEWS}?limit=2&sort={sort}"));
    let queue = ["", "&product=eggs"].map(|of| format!("/api/reviews?verified=all&limit=2{of}"));
    for (turn, list) in lists.iter().chain(&queue).enumerate() {
        let mut count = 0;
        let mut last = None;
        let between = async || {
            if let Some(id) = last.take() {
                let gone = format!("/api/reviews/{id}");
                shop.admin().delete(&gone).await.expect(204);
            }
            count += 1;
            let fields = json!({ "comment": format!("{turn} {count}"), "rating": 3 });
            let id: Value = shop.review(fields).await.expect(201).json()["id"].clone();
            shop.verify(&id, true).await.expect(200);
            // The queue grows at its end. Without a limit, the last page would never come.
            if count < 30 {
                last = Some(id);
            }
        };
        let user = if turn < sorts.len() {
            shop.anonymous()
        } else {
            shop.admin()
        };
        let met = scroll(&user, list, between).await;
        assert_once(&met, &kept, list);
        if let Some(id) = last {
            shop.admin()
                .delete(&format!("/api/reviews/{id}"))
                .await
                .expect(204);
        }
    }
}

#[tokio::test]
async fn a_queue_can_be_emptied_while_reading_it() {
    let shop = TestShop::start_with_eggs().await;
    for number in 0..7 {
        let review = a_review(json!({ "comment": format!("Of {number}.") }));
        shop.anonymous().post(REVIEWS, &review).await.expect(201);
    }
    let (moderator, mut met) = (shop.admin(), 0);
    let mut address = Some("/api/reviews?limit=3".to_owned());
    while let Some(at) = address {
        let page = moderator.get(&at).await.expect(200);
        let ids: Vec<Value> = page.json()["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|review| review["id"].clone())
            .collect();
        met += ids.len();
        let decision = json!({ "ids": ids, "decision": "verify" });
        moderator
            .post("/api/reviews/bulk", &decision)
            .await
            .expect(200);
        address = next(&page);
    }
    assert_eq!(met, 7);
}

#[tokio::test]
async fn a_cursor_is_valid_for_its_list_only() {
    let shop = TestShop::start_with_eggs().await;
    for number in 0..4 {
        let name = format!("Eggs {number}");
        shop.create_product(json!({ "name": name })).await;
        let fields = json!({ "comment": format!("Of {number}.") });
        let id = shop.review(fields).await.expect(201).json()["id"].clone();
        shop.verify(&id, true).await.expect(200);
    }
    let admin = shop.admin();
    for (list, others) in [
        (
            "/api/products?limit=1",
            vec![
                "/api/products?sort=newest",
                "/api/products?inStock=true",
                "/api/products/search?q=eggs",
            ],
        ),
        (
            "/api/products/search?q=eggs&limit=1",
            vec![
                "/api/products/search?q=egg",
                "/api/products/search?q=eggs&sort=newest",
                "/api/products",
            ],
        ),
        (
            "/api/products/eggs/reviews?limit=1",
            vec![
                "/api/products/eggs/reviews?rating=5",
                "/api/products/eggs-1/reviews",
            ],
        ),
        (
            "/api/reviews?verified=true&limit=1",
            vec!["/api/reviews", "/api/reviews?verified=true&product=eggs"],
        ),
    ] {
        let page = admin.get(list).await.expect(200).json();
        let cursor = page["pagination"]["next_cursor"].as_str().unwrap();
        for other in others {
            let sign = if other.contains('?') { '&' } else { '?' };
            let refused = admin.get(&format!("{other}{sign}cursor={cursor}")).await;
            let errors = refused.expect_problem(400).errors();
            assert!(
                errors[0].starts_with("cursor: cursor must be the next_cursor"),
                "{other}: {errors:?}"
            );
        }
        let both = admin.get(&format!("{list}&cursor={cursor}&offset=1")).await;
        let errors = both.expect_problem(400).errors();
        assert_eq!(
            errors,
            ["cursor: cursor can't be used together with offset"]
        );
    }
}
