//! Invalid keys are refused, and some of them count as guesses.

use std::time::{Duration, Instant};

use super::*;

/// Waits for a status, with one try every 100 ms. A change in the database takes effect within that time, and more tries
/// would count as wrong credentials.
async fn until(user: &User, status: u16) {
    let deadline = Instant::now() + Duration::from_secs(5);
    let mut times = tokio::time::interval(Duration::from_millis(100));
    times.tick().await;
    loop {
        times.tick().await;
        if call(user).await == status {
            return;
        }
        assert!(Instant::now() < deadline, "not {status}");
    }
}

#[tokio::test]
async fn invalid_keys_are_refused() {
    let shop = TestShop::start_with(|settings| settings.rates.max_wrong_credentials = 5).await;
    let (made, holder) = make(&shop, &[]).await;
    let secret = made["secret"].as_str().unwrap();
    assert_eq!(call(&holder).await, 200);
    // An expired key does not count as a guess.
    shop.database
        .execute("UPDATE api_keys SET expires_at = now()");
    until(&holder, 401).await;
    for _ in 0..10 {
        let answer = holder.get("/api/auth/admin").await.expect_problem(401);
        assert!(
            answer.json()["detail"]
                .as_str()
                .unwrap()
                .contains("expired")
        );
    }
    shop.database
        .execute("UPDATE api_keys SET expires_at = NULL");
    until(&holder, 200).await;
    // A key with the right id and a wrong secret counts as a guess.
    shop.database
        .execute("UPDATE api_keys SET digest = sha256('another')");
    until(&holder, 401).await;
    let known = format!("UPDATE api_keys SET digest = sha256('{secret}')");
    shop.database.execute(&known);
    // A success clears the count.
    until(&holder, 200).await;
    // A malformed key is refused without asking the database, whose table is gone.
    shop.database.execute("ALTER TABLE api_keys RENAME TO away");
    let mistyped = secret
        .replace("egg_", "egg_x")
        .chars()
        .take(55)
        .collect::<String>();
    for status in [401, 401, 401, 401, 401, 429] {
        assert_eq!(call(&shop.bearer(&mistyped)).await, status);
    }
    assert_eq!(call(&shop.admin()).await, 429, "even with the right secret");
}

#[tokio::test]
async fn a_locked_address_causes_no_look_up() {
    let shop = TestShop::start_with(|settings| settings.rates.max_wrong_credentials = 2).await;
    let (made, holder) = make(&shop, &[]).await;
    for status in [401, 401, 429] {
        assert_eq!(call(&shop.bearer("wrong")).await, status);
    }
    // Without the table, a look-up would fail.
    shop.database.execute("ALTER TABLE api_keys RENAME TO away");
    assert_eq!(call(&holder).await, 429, "{}", made["id"]);
}
