//! Reservations.

use std::time::{Duration, Instant};

use super::*;

const RESERVATIONS: &str = "/api/reservations";

async fn reserve(user: &User, quantity: i64) -> Value {
    let lines = json!([{ "slug": "bar", "quantity": quantity }]);
    let body = json!({ "reference": "order-1", "lines": lines });
    user.post(RESERVATIONS, &body).await.expect(201).json()
}

fn path_of(reservation: &Value) -> String {
    format!("{RESERVATIONS}/{}", reservation["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_reservation_is_confirmed_or_released() {
    let shop = shop().await;
    let admin = shop.admin();
    let lines = json!([{ "slug": "bar", "quantity": 1 }, { "slug": "bar", "quantity": 2 }]);
    let body = json!({ "reference": "order-1", "expires_in": 60, "lines": lines });
    let answer = admin.post(RESERVATIONS, &body).await.expect(201);
    let held = answer.json();
    assert_eq!(answer.header("location"), path_of(&held));
    assert_eq!(
        (&held["status"], &held["reference"]),
        (&json!("held"), &json!("order-1"))
    );
    assert_eq!(held["lines"], json!([{ "slug": "bar", "quantity": 3 }]));
    assert_eq!(stock(&admin, BAR).await, 2);
    let refused = admin
        .post(RESERVATIONS, &body)
        .await
        .expect_problem(409)
        .json();
    assert_eq!(
        (kind(&refused), &refused["available"]),
        ("insufficient-stock", &json!(2))
    );

    let path = path_of(&held);
    let confirmed = admin
        .post(&format!("{path}/confirm"), &json!(null))
        .await
        .expect(200)
        .json();
    assert_eq!(confirmed["status"], "confirmed");
    assert_eq!(admin.get(&path).await.expect(200).json(), confirmed);
    for end in ["confirm", "release"] {
        let refused = admin
            .post(&format!("{path}/{end}"), &json!(null))
            .await
            .expect_problem(409);
        assert_eq!(kind(&refused.json()), "reservation-ended");
    }
    let path = path_of(&reserve(&admin, 2).await);
    let released = admin
        .post(&format!("{path}/release"), &json!(null))
        .await
        .expect(200)
        .json();
    assert_eq!(released["status"], "released");
    let expected = [
        (2, "release"),
        (-2, "reservation"),
        (-3, "reservation"),
        (5, "correction"),
    ];
    let expected = expected.map(|(change, reason)| (change, reason.to_owned()));
    assert_eq!(changes(&admin, BAR).await, expected);
}

#[tokio::test]
async fn an_expired_reservation_is_released_by_the_server() {
    let shop = shop().await;
    let admin = shop.admin();
    let path = path_of(&reserve(&admin, 4).await);
    let other = path_of(&reserve(&admin, 1).await);
    // The ten seconds that it lasts at least have passed.
    let expired = Instant::now();
    shop.database
        .execute("UPDATE reservations SET expires_at = now() WHERE quantities = '{4}'");
    let refused = admin
        .post(&format!("{path}/confirm"), &json!(null))
        .await
        .expect_problem(409);
    assert_eq!(kind(&refused.json()), "reservation-ended");
    while admin.get(&path).await.expect(200).json()["status"] != "released" {
        assert!(expired.elapsed() < Duration::from_secs(2));
    }
    assert_eq!(stock(&admin, BAR).await, 4);
    assert_eq!(admin.get(&other).await.expect(200).json()["status"], "held");
    let page = admin.get(&format!("{BAR}/stock")).await.expect(200).json();
    let release = &page["data"][0];
    assert_eq!(
        (&release["change"], &release["reference"]),
        (&json!(4), &json!("order-1"))
    );
    assert_eq!(release["actor"]["kind"], "system");
}

#[tokio::test]
async fn bad_reservations_are_named() {
    let shop = shop().await;
    let admin = shop.admin();
    let line = json!({ "slug": "bar", "quantity": 1 });
    let seconds = "expires_in: Expires in must be between 10 and 86400 seconds".to_owned();
    for (body, errors) in [
        (
            json!({ "reference": "o", "expires_in": 0, "lines": [line] }),
            vec![seconds.clone()],
        ),
        (
            json!({ "reference": "o", "expires_in": 86_401, "lines": [line] }),
            vec![seconds],
        ),
        (
            json!({ "lines": [{ "slug": "bar", "quantity": 0 }] }),
            vec![
                "reference: Reference is required".into(),
                "lines[0].quantity: Quantity must be between 1 and 2147483647".into(),
            ],
        ),
        (
            json!({ "reference": "o", "lines": [{ "slug": "bar", "quantity": i32::MAX }, line] }),
            vec!["lines: The lines of bar must not exceed 2147483647 pieces".into()],
        ),
        (
            json!({ "reference": "o", "lines": [line, { "slug": "x", "quantity": 1 }] }),
            vec!["lines[1].slug: Unknown product: x".into()],
        ),
    ] {
        let refused = admin.post(RESERVATIONS, &body).await.expect_problem(422);
        assert_eq!(refused.errors(), errors, "{body}");
    }
    for unknown in ["x", "3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a7"] {
        let path = format!("{RESERVATIONS}/{unknown}");
        admin.get(&path).await.expect_problem(404);
        admin
            .post(&format!("{path}/confirm"), &json!(null))
            .await
            .expect_problem(404);
    }
    assert_eq!(changes(&admin, BAR).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_that_expire_while_half_are_confirmed_each_ends_once() {
    const COUNT: usize = 1_000;
    let shop = TestShop::start().await;
    let url = shop.database.address();
    let other = TestShop::start_with(|settings| settings.database.url = url).await;
    let admins = [shop.admin(), other.admin()];
    shop.create_product(json!({ "name": "Bar", "stock_quantity": COUNT }))
        .await;
    let mut paths = vec![];
    for batch in 0..COUNT / 50 {
        let batch = (0..50).map(|number| reserve(&admins[(batch + number) % 2], 1));
        let batch = futures_util::future::join_all(batch).await;
        paths.extend(batch.iter().map(path_of));
    }
    assert_eq!(stock(&admins[0], BAR).await, 0);
    // They expire one after another, while half are being confirmed.
    shop.database.execute(
        "UPDATE reservations r SET expires_at = now() + o.number * interval '1 millisecond' \
         FROM (SELECT id, row_number() OVER (ORDER BY created_at, id) AS number FROM reservations) o WHERE o.id = r.id",
    );
    let mut confirmed = 0;
    for paths in paths[..COUNT / 2].chunks(10) {
        let confirm = paths.iter().enumerate().map(async |(number, path)| {
            let path = format!("{path}/confirm");
            let status = admins[number % 2].post(&path, &json!(null)).await.status;
            assert!(matches!(status, 200 | 409), "{status}");
            i64::from(status == 200)
        });
        confirmed += futures_util::future::join_all(confirm)
            .await
            .iter()
            .sum::<i64>();
    }
    while stock(&admins[0], BAR).await < COUNT as i64 - confirmed {
        tokio::task::yield_now().await;
    }
    shop.database.execute(&format!(
        "DO $$ BEGIN IF (SELECT count(*) FROM reservations WHERE status = 'confirmed') <> {confirmed} \
         OR EXISTS (SELECT FROM reservations WHERE status = 'held') \
         OR (SELECT sum(change) FROM stock_movements) <> (SELECT sum(stock_quantity) FROM products) \
         THEN RAISE 'it does not add up'; END IF; END $$"
    ));
}
