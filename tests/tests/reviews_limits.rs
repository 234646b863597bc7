//! Limits of reviews: their number and their texts.

use eggypro_domain::nfc;
use eggypro_tests::{REVIEWS, TestShop, a_review};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

#[tokio::test]
async fn an_address_may_write_ten_reviews() {
    let shop = TestShop::start_with(|settings| {
        settings.rates.max_anonymous_writes = 10;
    })
    .await;
    shop.create_product(json!({ "name": "Eggs" })).await;
    let anonymous = shop.anonymous();
    // Neither another user agent nor another spelling of the path helps.
    let send = async |number: usize, path: &str| {
        let request = anonymous.request("POST", path);
        let review = a_review(json!({ "comment": number.to_string() }));
        let request = request.header("User-Agent", format!("agent {number}"));
        anonymous.send(request.json(&review)).await
    };
    for number in 0..10 {
        let review = send(number, REVIEWS).await.expect(201);
        assert_eq!(review.header("ratelimit-limit"), "10");
        assert_eq!(
            review.header("ratelimit-remaining"),
            (9 - number).to_string()
        );
    }
    for path in [
        REVIEWS,
        "/api/products/eggs/%72eviews",
        "/api/%70roducts/eggs/reviews",
    ] {
        let refused = send(10, path).await.expect_problem(429);
        assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0);
    }
    // Reads and the writes of administrators are not limited.
    shop.anonymous().get(REVIEWS).await.expect(200);
    shop.admin()
        .post(REVIEWS, &a_review(json!({ "comment": "eleven" })))
        .await
        .expect(201);
}

#[tokio::test]
async fn anonymous_reviews_have_a_common_limit() {
    let shop = TestShop::start_with(|settings| {
        settings.rates.max_anonymous_writes = 2;
        settings.rates.max_anonymous_writes_of_all = 3;
        settings.http.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    })
    .await;
    shop.create_product(json!({ "name": "Eggs" })).await;
    let anonymous = shop.anonymous();
    let send = async |address: &str, comment: &str| {
        let request = anonymous.request("POST", REVIEWS);
        let review = a_review(json!({ "comment": comment }));
        let request = request.header("X-Forwarded-For", address);
        anonymous.send(request.json(&review)).await
    };
    // Refused reviews do not count for the common limit.
    for number in 3..9 {
        send(&format!("192.0.2.{number}"), "")
            .await
            .expect_problem(422);
    }
    send("192.0.2.1", "one").await.expect(201);
    send("192.0.2.1", "two").await.expect(201);
    // Nor do reviews beyond the limit of an address.
    send("192.0.2.1", "three").await.expect_problem(429);
    send("192.0.2.2", "three").await.expect(201);
    let refused = send("192.0.2.9", "four").await.expect_problem(503);
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0);
    shop.admin()
        .post(REVIEWS, &a_review(json!({ "comment": "four" })))
        .await
        .expect(201);
}

#[tokio::test]
async fn the_body_limit_allows_the_longest_review() {
    let shop = TestShop::start().await;
    shop.create_product(json!({ "name": "Eggs" })).await;
    let send = |body: String| {
        let request = shop.anonymous().request("POST", REVIEWS);
        let request = request
            .header("Content-Type", "application/json")
            .body(body);
        async { shop.anonymous().send(request).await }
    };
    let egg = "\\ud83e\\udd5a";
    let url = format!("http://eggs.example/{}", "\\u0065".repeat(235));
    let review = format!(
        r#"{{ "reviewer_name": "{}", "rating": 5, "comment": "{}", "image_url": "{url}", "video_url": "{url}",
            "reviewer_image_url": "{url}" }}"#,
        egg.repeat(255),
        egg.repeat(5_000),
    );
    let length = review.len();
    send(review.clone()).await.expect(201);
    let padded = |length: usize| format!("{review}{}", " ".repeat(length - review.len()));
    send(padded(72 * 1024)).await.expect_problem(409);
    send(padded(72 * 1024 + 1)).await.expect_problem(413);
    assert!(length > 64 * 1024, "{length}");
}

/// Texts of all scripts and directions, with control characters and combining marks, but without NUL.
fn text(longest: usize) -> impl Strategy<Value = String> {
    let letter = prop_oneof![
        6 => any::<char>(),
        2 => proptest::char::range('a', 'z'),
        1 => proptest::char::range('\u{1}', '\u{1f}'),
        1 => proptest::char::range('\u{300}', '\u{36f}'),
        1 => proptest::char::range('\u{5d0}', '\u{5ea}'),
        1 => proptest::char::range('\u{1f600}', '\u{1f64f}'),
    ];
    let letter = letter.prop_filter("no text has it", |letter| *letter != '\0');
    let text = (proptest::collection::vec(letter, 1..longest), 0..4);
    text.prop_map(|(letters, turn)| {
        // Three of four texts have no control characters, which would be refused.
        let letters = letters.into_iter();
        let kept = letters.filter(|letter| turn == 0 || !letter.is_control());
        kept.collect()
    })
}

#[test]
fn no_text_makes_the_server_fail() {
    const CASES: u32 = 2_000;
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let shop = runtime.block_on(TestShop::start_with_eggs());
    let user = shop.anonymous();
    let taken = std::cell::Cell::new(0);
    let texts = (
        text(40),
        text(300),
        prop::option::weighted(0.1, any::<String>()),
        -1_i64..8,
    );
    let mut runner = TestRunner::new(Config::with_cases(CASES));
    let result = runner.run(&texts, |(name, comment, url, rating)| {
        let body = json!({
            "reviewer_name": name, "comment": comment, "rating": rating, "image_url": url,
        });
        let answer = runtime.block_on(user.post(REVIEWS, &body));
        prop_assert!(
            matches!(answer.status, 201 | 409 | 422),
            "{}",
            answer.text()
        );
        if answer.status == 201 {
            taken.set(taken.get() + 1);
            let review = answer.json();
            prop_assert_eq!(&review["comment"], &*nfc(comment.trim()));
            prop_assert_eq!(&review["reviewer_name"], &*nfc(name.trim()));
        }
        Ok(())
    });
    result.unwrap();
    assert!(taken.get() > CASES / 8, "only {} were taken", taken.get());
}
