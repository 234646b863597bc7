//! Stock and reservations.

use eggypro_client::reservations::{NewReservation, ReservationStatus};
use eggypro_client::stock::{MovementLine, MovementReason, NewMovement, NewMovements};

use super::*;

#[tokio::test]
async fn stock_moves_and_is_never_oversold() {
    let shop = TestShop::start().await;
    let admin = admin(&shop);
    admin.products().create(&a_product("Eggs")).await.unwrap();
    let sale = NewMovement::by(-3, MovementReason::Sale).reference("order-1");
    let call = admin
        .stock()
        .move_one("eggs", &sale)
        .idempotency_key("order-1");
    let movement = call.await.unwrap();
    assert_eq!((movement.change, movement.balance), (-3, 7));
    // Another process that sends it again gets the first answer.
    let call = admin
        .stock()
        .move_one("eggs", &sale)
        .idempotency_key("order-1");
    assert_eq!(call.await.unwrap(), movement);
    let count = NewMovement::to(48, MovementReason::Count);
    let counted = admin.stock().move_one("eggs", &count).await.unwrap();
    assert_eq!(counted.balance, 48);
    let movements = admin.stock().all_movements("eggs");
    let movements = movements.collect().await.unwrap();
    let sum: i32 = movements.iter().map(|movement| movement.change).sum();
    assert_eq!((movements[0].balance, sum), (48, 48));
}

#[tokio::test]
async fn an_order_is_made_as_a_whole() {
    let shop = TestShop::start().await;
    let admin = admin(&shop);
    for name in ["Eggs", "Bars"] {
        admin.products().create(&a_product(name)).await.unwrap();
    }
    let line = |slug: &str, change| MovementLine {
        slug: slug.to_owned(),
        change,
    };
    let order = NewMovements {
        reason: MovementReason::Sale,
        reference: Some("order-2".to_owned()),
        lines: vec![line("eggs", -11), line("bars", -11)],
    };
    let error = admin.stock().move_all(&order).await.unwrap_err();
    assert!(error.is_insufficient_stock(), "{error}");
    assert_eq!(error.problem().unwrap().shortages.len(), 2);
    let order = NewMovements {
        lines: vec![line("eggs", -1), line("bars", -1)],
        ..order
    };
    let made = admin.stock().move_all(&order).await.unwrap();
    assert_eq!(made.movements.len(), 2);
}

#[tokio::test]
async fn reservations_are_confirmed_and_released() {
    let shop = TestShop::start().await;
    let admin = admin(&shop);
    admin.products().create(&a_product("Eggs")).await.unwrap();
    let new = NewReservation::new("order-1").line("eggs", 4);
    let first = admin.reservations().create(&new).await.unwrap();
    assert_eq!(first.status, ReservationStatus::Held);
    let new = NewReservation::new("order-2").line("eggs", 4);
    let second = admin.reservations().create(&new).await.unwrap();
    assert_ne!(first.id, second.id);
    let error = admin.reservations().create(&new).await.unwrap_err();
    assert!(error.is_insufficient_stock(), "{error}");
    let confirmed = admin.reservations().confirm(&first.id).await.unwrap();
    assert_eq!(confirmed.status, ReservationStatus::Confirmed);
    admin.reservations().release(&second.id).await.unwrap();
    let read = admin.reservations().get(&second.id).await.unwrap();
    assert_eq!(read.status, ReservationStatus::Released);
    assert_eq!(
        admin.products().get("eggs").await.unwrap().stock_quantity,
        6
    );
}
