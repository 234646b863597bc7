use super::InMemoryShop;
use crate::StoreError;
use crate::products::{Atomicity, OperationError, ProductOperation, ProductRepository, Written};
use crate::stock::StockRepository;

impl InMemoryShop {
    async fn write(&self, operation: ProductOperation) -> Result<Written, OperationError> {
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
        let before = {
            let state = self.state();
            (
                state.products.clone(),
                state.reviews.clone(),
                state.images.clone(),
                state.former_slugs.clone(),
                state.movements.clone(),
            )
        };
        let mut results = vec![];
        for operation in operations {
            results.push(self.write(operation).await);
        }
        if atomicity == Atomicity::AllOrNothing && results.iter().any(Result::is_err) {
            let mut state = self.state();
            (
                state.products,
                state.reviews,
                state.images,
                state.former_slugs,
                state.movements,
            ) = before;
        }
        Ok(results)
    }
}
