use std::fmt;

use super::{Stores, named, slug, valid};
use crate::Slug;
use crate::products::{Expected, NewProduct, PageSize, Product, ProductChanges, Total};
use crate::stock::{
    Movement, MovementReason, NewMovement, NewMovements, NewReservation, Reservation,
    ReservationStatus, ReservedLine, StockChange, StockError, StockLine,
};

const HIGHEST: i64 = i32::MAX as i64;

fn by(change: i64) -> StockChange {
    StockChange::By(change.try_into().unwrap())
}

fn to(stock: i64, expected: Option<i64>) -> StockChange {
    StockChange::To {
        stock: stock.try_into().unwrap(),
        expected: expected.map(|stock| stock.try_into().unwrap()),
    }
}

fn line(slug: &Slug, change: i64) -> StockLine {
    StockLine {
        slug: slug.clone(),
        change: change.try_into().unwrap(),
    }
}

/// The products that lack stock, with what they have.
fn shortages<T: fmt::Debug>(made: Result<T, StockError>) -> Vec<(Slug, i32)> {
    match made {
        Err(StockError::Insufficient(short)) => {
            let short = short.into_iter();
            short.map(|of| (of.slug, of.available)).collect()
        }
        _ => vec![],
    }
}

impl Stores {
    async fn stocked(&self, name: &str, stock: i64) -> Product {
        self.create(NewProduct {
            stock_quantity: stock,
            ..named(name)
        })
        .await
    }

    async fn make(
        &self,
        product: &Product,
        change: StockChange,
        reason: MovementReason,
    ) -> Result<Movement, StockError> {
        let mut movement = NewMovement::new(change, reason);
        movement.reference = Some("order-1".into());
        self.stock.make(&product.slug, valid(movement)).await
    }

    async fn make_all(&self, lines: Vec<StockLine>) -> Result<Vec<Movement>, StockError> {
        let mut movements = NewMovements::new(MovementReason::Sale, lines);
        movements.reference = Some("order-2".into());
        self.stock.make_all(valid(movements)).await
    }

    async fn hold(&self, lines: &[(&Slug, i64)]) -> Result<Reservation, StockError> {
        let lines = lines.iter().map(|(slug, quantity)| ReservedLine {
            slug: (*slug).clone(),
            quantity: (*quantity).try_into().unwrap(),
        });
        let reservation = NewReservation::new("order-3".into(), lines.collect());
        self.stock.reserve(valid(reservation)).await
    }

    /// The changes of a product's stock, newest first. Their sum must be its stock.
    async fn changes(&self, product: &Product) -> Vec<(i32, MovementReason)> {
        let page = self.stock.list(&product.slug, None, PageSize::MAX);
        let movements = page.await.unwrap().items;
        let sum: i32 = movements.iter().map(|movement| movement.change).sum();
        assert_eq!(sum, self.stock_of(product).await);
        assert_eq!(movements.first().map_or(0, |last| last.balance), sum);
        let changes = movements.into_iter();
        changes
            .map(|movement| (movement.change, movement.reason))
            .collect()
    }

    async fn stock_of(&self, product: &Product) -> i32 {
        self.find(product).await.stock_quantity
    }
}

pub async fn every_change_of_stock_is_a_movement(stores: Stores) {
    use MovementReason::{Correction, Count, Delivery, Sale};
    let product = stores.stocked("Bar", 5).await;
    let sold_out = stores.stocked("Cake", 0).await;
    assert_eq!(stores.changes(&sold_out).await, []);

    let sold = stores.make(&product, by(-2), Sale).await.unwrap();
    assert_eq!((sold.change, sold.balance, sold.reason), (-2, 3, Sale));
    assert_eq!(
        (&sold.slug, sold.reference.as_deref()),
        (&product.slug, Some("order-1"))
    );
    let after = stores.find(&product).await;
    assert_eq!(
        (after.stock_quantity, after.version),
        (3, product.version + 1)
    );

    let counted = stores.make(&product, to(4, Some(3)), Count).await.unwrap();
    assert_eq!((counted.change, counted.balance), (1, 4));
    // A count is recorded even if nothing has changed, but is no version.
    let counted = stores.make(&product, to(4, None), Count).await.unwrap();
    assert_eq!((counted.change, counted.balance), (0, 4));
    assert_eq!(stores.find(&product).await.version, product.version + 2);

    let changes = ProductChanges {
        stock_quantity: Some(9),
        slug: Some(slug("bar-2")),
        ..ProductChanges::default()
    };
    let product = stores
        .products
        .update(&product.slug, valid(changes), Expected::Any);
    let product = product.await.unwrap();
    stores.make(&product, by(1), Delivery).await.unwrap();
    let expected = [
        (1, Delivery),
        (5, Correction),
        (0, Count),
        (1, Count),
        (-2, Sale),
        (5, Correction),
    ];
    assert_eq!(stores.changes(&product).await, expected);

    // Page by page.
    let (mut read, mut before) = (vec![], None);
    loop {
        let limit = PageSize::try_from(4).unwrap();
        let page = stores.stock.list(&product.slug, before, limit).await;
        let page = page.unwrap();
        assert_eq!(page.total, Total::Exactly(6));
        assert!(
            page.items
                .iter()
                .all(|movement| movement.slug == product.slug)
        );
        before = page.items.last().map(|movement| movement.id);
        read.extend(page.items.into_iter().map(|movement| movement.change));
        if !page.has_more {
            break;
        }
    }
    assert_eq!(read, [1, 5, 0, 1, -2, 5]);
    let removed = stores.products.remove(&product.slug, Expected::Any);
    removed.await.unwrap();
    let page = stores.stock.list(&product.slug, None, PageSize::MAX).await;
    assert!(matches!(page, Err(StockError::NotFound(_))));
}

pub async fn what_was_counted_is_recorded_for_every_reason(stores: Stores) {
    let product = stores.stocked("Bar", 5).await;
    for reason in MovementReason::GIVEN {
        let same = stores.make(&product, to(5, Some(5)), reason).await.unwrap();
        assert_eq!((same.change, same.balance, same.reason), (0, 5, reason));
    }
    assert_eq!(stores.find(&product).await, product);
}

pub async fn stock_that_is_not_there_is_not_moved(stores: Stores) {
    use MovementReason::{Count, Sale};
    let product = stores.stocked("Bar", 5).await;
    let short = shortages(stores.make(&product, by(-6), Sale).await);
    assert_eq!(short, [(product.slug.clone(), 5)]);
    let changed = stores.make(&product, to(4, Some(6)), Count).await;
    assert!(matches!(changed, Err(StockError::Changed { available: 5 })));
    let high = stores.make(&product, by(HIGHEST - 4), Sale).await;
    assert!(matches!(high, Err(StockError::TooHigh(slugs)) if slugs == [product.slug.clone()]));
    let mut unknown = product.clone();
    unknown.slug = slug("unknown");
    for change in [by(1), to(1, None)] {
        let missing = stores.make(&unknown, change, Sale).await;
        assert!(matches!(missing, Err(StockError::NotFound(slugs)) if slugs == [slug("unknown")]));
    }
    assert_eq!(stores.find(&product).await, product);
    assert_eq!(stores.changes(&product).await.len(), 1);
    stores.make(&product, by(-5), Sale).await.unwrap();
    stores.make(&product, by(HIGHEST), Sale).await.unwrap();
    assert_eq!(stores.stock_of(&product).await, i32::MAX);
}

pub async fn an_order_takes_all_or_nothing(stores: Stores) {
    let [bar, cake, egg] = [("Bar", 5), ("Cake", 1), ("Egg", 3)];
    let bar = stores.stocked(bar.0, bar.1).await;
    let cake = stores.stocked(cake.0, cake.1).await;
    let egg = stores.stocked(egg.0, egg.1).await;
    let (bar_slug, cake_slug, egg_slug) = (&bar.slug, &cake.slug, &egg.slug);

    // Lines of one product count together.
    let order = vec![
        line(egg_slug, -1),
        line(bar_slug, -4),
        line(cake_slug, -1),
        line(egg_slug, -2),
        line(cake_slug, 1),
    ];
    let made = stores.make_all(order).await.unwrap();
    let made: Vec<_> = made
        .iter()
        .map(|made| {
            (
                &made.slug,
                made.change,
                made.balance,
                made.reference.as_deref(),
            )
        })
        .collect();
    let reference = Some("order-2");
    assert_eq!(
        made,
        [(egg_slug, -3, 0, reference), (bar_slug, -4, 1, reference)]
    );

    let order = vec![line(egg_slug, -1), line(cake_slug, -1), line(bar_slug, -2)];
    let short = shortages(stores.make_all(order).await);
    assert_eq!(short, [(egg_slug.clone(), 0), (bar_slug.clone(), 1)]);
    let order = vec![
        line(&slug("y"), -1),
        line(bar_slug, -9),
        line(&slug("x"), 1),
    ];
    let unknown = stores.make_all(order).await;
    assert!(matches!(unknown, Err(StockError::NotFound(slugs)) if slugs == [slug("y"), slug("x")]));
    let order = vec![
        line(cake_slug, -1),
        line(bar_slug, HIGHEST),
        line(bar_slug, HIGHEST),
    ];
    let high = stores.make_all(order).await;
    assert!(matches!(high, Err(StockError::TooHigh(slugs)) if slugs == [bar_slug.clone()]));
    for (product, stock, movements) in [(&bar, 1, 2), (&cake, 1, 1), (&egg, 0, 2)] {
        assert_eq!(stores.stock_of(product).await, stock);
        assert_eq!(stores.changes(product).await.len(), movements);
    }
}

pub async fn a_reservation_ends_once(stores: Stores) {
    use MovementReason::{Correction, Release, Reservation};
    let bar = stores.stocked("Bar", 5).await;
    let cake = stores.stocked("Cake", 2).await;
    let (bar_slug, cake_slug) = (&bar.slug, &cake.slug);
    let held = stores
        .hold(&[(bar_slug, 2), (cake_slug, 2), (bar_slug, 1)])
        .await;
    let held = held.unwrap();
    let lines: Vec<_> = held
        .lines
        .iter()
        .map(|line| (&line.slug, line.quantity.get()))
        .collect();
    assert_eq!(lines, [(bar_slug, 3), (cake_slug, 2)]);
    assert_eq!(
        (held.status, held.reference.as_str()),
        (ReservationStatus::Held, "order-3")
    );
    assert_eq!(stores.stock.find(held.id).await.unwrap(), held);
    assert_eq!(stores.stock_of(&bar).await, 2);
    let short = stores.hold(&[(bar_slug, 1), (cake_slug, 1)]).await;
    assert!(matches!(short, Err(StockError::Insufficient(short)) if short[0].slug == *cake_slug));
    assert_eq!(stores.stock.release_expired(10).await.unwrap(), 0);

    let released = stores.stock.release(held.id).await.unwrap();
    assert_eq!(released.status, ReservationStatus::Released);
    assert_eq!(stores.stock.find(held.id).await.unwrap(), released);
    let expected = [(3, Release), (-3, Reservation), (5, Correction)];
    assert_eq!(stores.changes(&bar).await, expected);
    for again in [
        stores.stock.release(held.id).await,
        stores.stock.confirm(held.id).await,
    ] {
        let status = ReservationStatus::Released;
        assert!(matches!(again, Err(StockError::ReservationEnded(of)) if of == status));
    }

    let sold = stores.hold(&[(bar_slug, 4)]).await.unwrap();
    let confirmed = stores.stock.confirm(sold.id).await.unwrap();
    assert_eq!(confirmed.status, ReservationStatus::Confirmed);
    for again in [
        stores.stock.release(sold.id).await,
        stores.stock.confirm(sold.id).await,
    ] {
        let status = ReservationStatus::Confirmed;
        assert!(matches!(again, Err(StockError::ReservationEnded(of)) if of == status));
    }
    assert_eq!(stores.stock_of(&bar).await, 1);
    assert_eq!(stores.changes(&bar).await.len(), 4);

    // What a removed product had reserved is gone with it.
    let held = stores.hold(&[(bar_slug, 1), (cake_slug, 1)]).await.unwrap();
    let removed = stores.products.remove(cake_slug, Expected::Any);
    removed.await.unwrap();
    stores.stock.release(held.id).await.unwrap();
    assert_eq!(stores.stock_of(&bar).await, 1);
    let unknown = stores
        .stock
        .find(crate::stock::ReservationId::random())
        .await;
    assert!(matches!(unknown, Err(StockError::ReservationNotFound)));
}
