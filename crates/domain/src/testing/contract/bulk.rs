use super::{Stores, named, slug, valid};
use crate::Slug;
use crate::products::{
    Atomicity, Expected, NewProduct, OperationError, Product, ProductChanges, ProductError,
    ProductId, ProductOperation, Revision, Written,
};
use crate::stock::{MovementReason, NewMovement, StockChange, StockError};

fn create(name: &str) -> ProductOperation {
    let product = named(name);
    ProductOperation::Create(product.slug().unwrap(), valid(product))
}

fn rename(product: &Slug, name: &str, expected: Expected) -> ProductOperation {
    let changes = ProductChanges {
        name: Some(name.into()),
        ..ProductChanges::default()
    };
    ProductOperation::Update(product.clone(), valid(changes), expected)
}

fn sell(product: &Slug, pieces: i64) -> ProductOperation {
    let change = StockChange::By((-pieces).try_into().unwrap());
    let movement = NewMovement::new(change, MovementReason::Sale);
    ProductOperation::Move(product.clone(), valid(movement))
}

fn outdated() -> Expected {
    Expected::OneOf(vec![Revision {
        id: ProductId(1),
        version: 999,
    }])
}

/// Short names of results.
fn told(results: &[Result<Written, OperationError>]) -> Vec<&'static str> {
    results
        .iter()
        .map(|result| match result {
            Ok(Written::Product(_)) => "written",
            Ok(Written::Removed) => "removed",
            Ok(Written::Moved(_)) => "moved",
            Err(OperationError::Product(ProductError::NotFound)) => "not found",
            Err(OperationError::Product(ProductError::Changed(_))) => "changed",
            Err(OperationError::Product(ProductError::SlugTaken(_))) => "taken",
            Err(OperationError::Stock(StockError::Insufficient(_))) => "insufficient",
            Err(_) => "other",
        })
        .collect()
}

impl Stores {
    async fn two_products(&self) -> [Product; 2] {
        let stocked = |name: &str| NewProduct {
            stock_quantity: 5,
            ..named(name)
        };
        [
            self.create(stocked("Bar")).await,
            self.create(stocked("Cake")).await,
        ]
    }

    /// Operations of which those at the odd positions fail.
    fn mixed(&self, [bar, cake]: &[Product; 2]) -> Vec<ProductOperation> {
        vec![
            create("Egg"),
            create("Bar"),
            rename(&bar.slug, "Bar 2", Expected::OneOf(vec![bar.revision()])),
            rename(&bar.slug, "Bar 3", outdated()),
            sell(&bar.slug, 2),
            sell(&bar.slug, 4),
            ProductOperation::Remove(cake.slug.clone(), Expected::Any),
            rename(&cake.slug, "Cake 2", Expected::Any),
        ]
    }
}

const MIXED: [&str; 8] = [
    "written",
    "taken",
    "written",
    "changed",
    "moved",
    "insufficient",
    "removed",
    "not found",
];

pub async fn operations_are_made_together_or_not_at_all(stores: Stores) {
    let products = stores.two_products().await;
    let [bar, cake] = &products;
    let mixed = stores.mixed(&products);
    let results = stores
        .products
        .write_all(mixed, Atomicity::AllOrNothing)
        .await;
    assert_eq!(told(&results.unwrap()), MIXED);
    assert_eq!(&stores.find(bar).await, bar);
    assert_eq!(&stores.find(cake).await, cake);
    assert_eq!(stores.products.find(&slug("egg")).await.unwrap(), None);

    // Later operations see earlier ones.
    let all = vec![
        create("Egg"),
        rename(&slug("egg"), "Egg 2", Expected::Any),
        sell(&bar.slug, 2),
        sell(&bar.slug, 3),
        ProductOperation::Remove(cake.slug.clone(), Expected::OneOf(vec![cake.revision()])),
    ];
    let results = stores
        .products
        .write_all(all, Atomicity::AllOrNothing)
        .await;
    let results = results.unwrap();
    let expected = ["written", "written", "moved", "moved", "removed"];
    assert_eq!(told(&results), expected);
    let egg = stores.products.find(&slug("egg")).await.unwrap().unwrap();
    assert_eq!((egg.name.as_str(), egg.version), ("Egg 2", 2));
    assert_eq!(
        results[1].as_ref().unwrap(),
        &Written::Product(Box::new(egg))
    );
    assert_eq!(stores.find(bar).await.stock_quantity, 0);
    assert_eq!(stores.products.find(&cake.slug).await.unwrap(), None);
}

pub async fn operations_stand_for_themselves(stores: Stores) {
    let products = stores.two_products().await;
    let [bar, cake] = &products;
    let mixed = stores.mixed(&products);
    let results = stores
        .products
        .write_all(mixed, Atomicity::EachForItself)
        .await;
    assert_eq!(told(&results.unwrap()), MIXED);
    let bar = stores.find(bar).await;
    assert_eq!(
        (bar.name.as_str(), bar.stock_quantity, bar.version),
        ("Bar 2", 3, 3)
    );
    assert_eq!(stores.products.find(&cake.slug).await.unwrap(), None);
    assert!(stores.products.find(&slug("egg")).await.unwrap().is_some());
    let names = stores.filtered(Default::default()).await;
    assert_eq!(names, ["Bar 2", "Egg"]);
}
