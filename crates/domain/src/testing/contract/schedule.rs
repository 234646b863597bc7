use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::{Stores, named, valid};
use crate::products::{
    Expected, NewProduct, Product, ProductChanges, ProductError, ProductFilter, StatusFilter,
    StockFilter,
};

/// Times that have come and that have not, by any clock.
const PAST: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;
const FUTURE: OffsetDateTime = datetime!(2999-12-31 23:59:59.123456 UTC);

impl Stores {
    async fn scheduled(
        &self,
        name: &str,
        is_active: bool,
        publish_at: Option<OffsetDateTime>,
        unpublish_at: Option<OffsetDateTime>,
    ) -> Product {
        self.create(NewProduct {
            is_active,
            publish_at,
            unpublish_at,
            ..named(name)
        })
        .await
    }
}

pub async fn products_are_switched_once_when_their_time_has_come(stores: Stores) {
    let later = stores.scheduled("Later", false, Some(FUTURE), None).await;
    let now = stores
        .scheduled("Now", false, Some(PAST), Some(FUTURE))
        .await;
    let over = stores.scheduled("Over", true, None, Some(PAST)).await;
    let end = PAST + Duration::SECOND;
    let was = stores.scheduled("Was", true, Some(PAST), Some(end)).await;
    assert_eq!(
        (now.publish_at, now.unpublish_at),
        (Some(PAST), Some(FUTURE))
    );
    assert_eq!(stores.products.switch_due(2).await.unwrap(), 2);
    assert_eq!(stores.products.switch_due(2).await.unwrap(), 1);
    assert_eq!(stores.products.switch_due(2).await.unwrap(), 0);
    for (before, is_active, publish_at, unpublish_at, versions) in [
        (&later, false, Some(FUTURE), None, 0),
        (&now, true, None, Some(FUTURE), 1),
        (&over, false, None, None, 1),
        (&was, false, None, None, 1),
    ] {
        let after = stores.find(before).await;
        assert_eq!(after.is_active, is_active, "{}", before.name);
        assert_eq!(
            (after.publish_at, after.unpublish_at),
            (publish_at, unpublish_at)
        );
        assert_eq!(after.version, before.version + versions);
    }
    assert_eq!(stores.filtered(ProductFilter::default()).await, ["Now"]);
}

pub async fn a_product_is_published_before_it_is_unpublished(stores: Stores) {
    let product = stores.scheduled("Bar", false, None, Some(FUTURE)).await;
    let publish = async |at: Option<OffsetDateTime>| {
        let changes = ProductChanges {
            publish_at: Some(at),
            ..ProductChanges::default()
        };
        stores
            .products
            .update(&product.slug, valid(changes), Expected::Any)
            .await
    };
    let late = publish(Some(FUTURE)).await;
    assert!(matches!(late, Err(ProductError::Contradicts(_))));
    let early = publish(Some(FUTURE - Duration::SECOND)).await.unwrap();
    assert_eq!((early.version, early.unpublish_at), (2, Some(FUTURE)));
    assert_eq!(stores.find(&product).await, early);
    assert_eq!(publish(None).await.unwrap().publish_at, None);
}

pub async fn products_with_low_stock_are_found(stores: Stores) {
    for (name, stock, line) in [
        ("Enough", 4, Some(3)),
        ("Low", 3, Some(3)),
        ("Lower", 1, Some(3)),
        ("Out", 0, Some(3)),
        ("Out too", 0, None),
        ("Unwatched", 1, None),
    ] {
        let product = NewProduct {
            stock_quantity: stock,
            low_stock_at: line,
            is_active: name != "Lower",
            ..named(name)
        };
        stores.create(product).await;
    }
    for (levels, expected) in [
        (vec![StockFilter::Low], &["Low", "Lower"][..]),
        (vec![StockFilter::Out], &["Out", "Out too"]),
        (
            StockFilter::ALL.to_vec(),
            &["Low", "Lower", "Out", "Out too"],
        ),
    ] {
        let filter = ProductFilter {
            stock: levels.clone(),
            status: StatusFilter::All,
            ..ProductFilter::default()
        };
        assert_eq!(stores.filtered(filter).await, expected, "{levels:?}");
    }
}
