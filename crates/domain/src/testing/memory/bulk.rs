use std::collections::HashMap;

use super::{InMemoryShop, State, StoredProduct, images};
use crate::products::{
    Atomicity, OperationError, ProductId, ProductOperation, ProductRepository, Written,
};
use crate::reviews::Review;
use crate::stock::{Movement, StockRepository};
use crate::{Slug, StoreError};

/// What is undone when writes fail together.
#[derive(Debug)]
pub(super) struct Snapshot {
    products: Vec<StoredProduct>,
    reviews: Vec<Review>,
    images: Vec<images::Record>,
    former_slugs: HashMap<Slug, ProductId>,
    movements: Vec<(ProductId, Movement)>,
}

impl Snapshot {
    pub(super) fn of(state: &State) -> Self {
        Self {
            products: state.products.clone(),
            reviews: state.reviews.clone(),
            images: state.images.clone(),
            former_slugs: state.former_slugs.clone(),
            movements: state.movements.clone(),
        }
    }

    pub(super) fn restore(self, state: &mut State) {
        state.products = self.products;
        state.reviews = self.reviews;
        state.images = self.images;
        state.former_slugs = self.former_slugs;
        state.movements = self.movements;
    }
}

impl InMemoryShop {
    pub(super) async fn write(
        &self,
        operation: ProductOperation,
    ) -> Result<Written, OperationError> {
        Ok(match operation {
            ProductOperation::Create(slug, product) => {
                Written::Product(Box::new(self.create(slug, product).await?))
            }
            ProductOperation::Update(slug, changes, expected) => {
                let product = ProductRepository::update(self, &slug, changes, expected).await?;
                Written::Product(Box::new(product))
            }
            ProductOperation::Remove(slug, expected) => {
                self.remove(&slug, expected).await?;
                Written::Removed
            }
            ProductOperation::Move(slug, movement) => {
                Written::Moved(self.make(&slug, movement).await?)
            }
        })
    }

    pub(super) async fn write_operations(
        &self,
        operations: Vec<ProductOperation>,
        atomicity: Atomicity,
    ) -> Result<Vec<Result<Written, OperationError>>, StoreError> {
        let before = Snapshot::of(&self.state());
        let mut results = vec![];
        for operation in operations {
            results.push(self.write(operation).await);
        }
        let is_undone = match atomicity {
            Atomicity::AllOrNothing => results.iter().any(Result::is_err),
            Atomicity::EachForItself => false,
            Atomicity::Rehearsal => true,
        };
        if is_undone {
            before.restore(&mut self.state());
        }
        Ok(results)
    }
}
