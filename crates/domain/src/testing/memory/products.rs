use std::collections::HashSet;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::{InMemoryShop, State, StoredProduct};
use crate::categories::CategoryId;
use crate::products::{
    Atomicity, CategoryRef, Expected, Gtin, NewProduct, OperationError, Product, ProductChanges,
    ProductCodes, ProductError, ProductId, ProductOperation, ProductRepository, Revision, Sku,
    VariantClash, Written,
};
use crate::reviews::Review;
use crate::stock::MovementReason;
use crate::{Slug, StoreError, Valid};

#[async_trait]
impl ProductRepository for InMemoryShop {
    async fn read(&self, revisions: &[Revision]) -> Result<Vec<Product>, StoreError> {
        let state = self.state();
        let is_wanted = |stored: &&StoredProduct| {
            let mut wanted = revisions.iter();
            wanted.any(|revision| revision.id == stored.product.id)
        };
        let products = state.products.iter().filter(is_wanted);
        Ok(products.map(|stored| state.shown(stored)).collect())
    }

    async fn all_categories(
        &self,
        products: &[ProductId],
    ) -> Result<Vec<(ProductId, CategoryRef)>, StoreError> {
        let state = self.state();
        let asked = state.products.iter();
        let asked = asked.filter(|stored| products.contains(&stored.product.id));
        let linked = asked.flat_map(|stored| {
            let categories = state.linked(stored, |_| true).into_iter();
            categories.map(|category| (stored.product.id, category))
        });
        Ok(linked.collect())
    }

    async fn find(&self, slug: &Slug) -> Result<Option<Product>, StoreError> {
        let state = self.state();
        Ok(state
            .products
            .iter()
            .find(|stored| stored.product.slug == *slug)
            .map(|stored| state.shown(stored)))
    }

    async fn find_by_former_slug(&self, slug: &Slug) -> Result<Option<Product>, StoreError> {
        let state = self.state();
        let id = state.former_slugs.get(slug);
        let mut products = state.products.iter();
        let found = products.find(|stored| Some(&stored.product.id) == id);
        Ok(found.map(|stored| state.shown(stored)))
    }

    async fn find_by_codes(
        &self,
        codes: &[ProductCodes],
    ) -> Result<Vec<Option<Product>>, StoreError> {
        let state = self.state();
        let found = codes.iter().map(|codes| {
            let stored = state.find_by_codes(codes)?;
            Some(Product {
                categories: state.linked(stored, |_| true),
                ..state.shown(stored)
            })
        });
        Ok(found.collect())
    }

    async fn create(
        &self,
        slug: Slug,
        product: Valid<NewProduct>,
    ) -> Result<Product, ProductError> {
        let new = product.into_inner();
        let mut state = self.state();
        let categories = state.category_ids(&new.categories)?;
        if state
            .products
            .iter()
            .any(|stored| stored.product.slug == slug)
        {
            return Err(ProductError::SlugTaken(slug));
        }
        let (id, now) = state.tick();
        let mut product = Product::new(
            ProductId(id),
            new.name.clone(),
            slug.clone(),
            new.price,
            now,
        );
        let mut columns = ProductChanges::from(new);
        columns.slug = Some(slug);
        columns.apply_to(&mut product);
        state.refuse_clashes(&product)?;
        let stored = StoredProduct {
            product,
            categories,
        };
        let shown = state.shown(&stored);
        state.former_slugs.remove(&shown.slug);
        state.products.push(stored);
        if shown.stock_quantity != 0 {
            let at = state.products.len() - 1;
            state.record_movement(at, 0, MovementReason::Correction, None);
        }
        Ok(shown)
    }

    async fn update(
        &self,
        slug: &Slug,
        changes: Valid<ProductChanges>,
        expected: Expected,
    ) -> Result<Product, ProductError> {
        let changes = changes.into_inner();
        let mut state = self.state();
        let at = position(&state, slug, &expected)?;
        let before = &state.products[at].product;
        let changes = changes
            .resolved(before)
            .map_err(ProductError::Contradicts)?;
        let mut changed = before.clone();
        changes.clone().apply_to(&mut changed);
        state.refuse_clashes(&changed)?;
        let categories = changes
            .categories
            .as_deref()
            .map(|slugs| state.category_ids(slugs))
            .transpose()?;
        if let Some(new_slug) = changes.slug.clone().filter(|new_slug| new_slug != slug)
            && state
                .products
                .iter()
                .any(|stored| stored.product.slug == new_slug)
        {
            return Err(ProductError::SlugTaken(new_slug));
        }
        let stored = &state.products[at];
        let linked = |ids: &[CategoryId]| ids.iter().copied().collect::<HashSet<_>>();
        let moves = |ids: &Vec<CategoryId>| linked(ids) != linked(&stored.categories);
        if !changes.would_change(&stored.product) && !categories.as_ref().is_some_and(moves) {
            return Ok(state.shown(stored));
        }
        if let Some(new_slug) = changes.slug.clone().filter(|new_slug| new_slug != slug) {
            let id = stored.product.id;
            state.former_slugs.insert(slug.clone(), id);
            state.former_slugs.remove(&new_slug);
        }
        let (_, now) = state.tick();
        let stored = &mut state.products[at];
        stored.categories = categories.unwrap_or_else(|| stored.categories.clone());
        let images = stored.product.images.clone();
        let stock = stored.product.stock_quantity;
        changes.apply_to(&mut stored.product);
        stored.product.version += 1;
        stored.product.updated_at = now;
        if state.products[at].product.stock_quantity != stock {
            state.record_movement(at, stock, MovementReason::Correction, None);
        }
        state.discard_taken_out(&images);
        Ok(state.shown(&state.products[at]))
    }

    async fn switch_due(&self, limit: u32) -> Result<u64, StoreError> {
        let mut state = self.state();
        let now = state.now();
        let is_due = |at: Option<OffsetDateTime>| at.is_some_and(|at| at <= now);
        let products = state.products.iter_mut().map(|stored| &mut stored.product);
        let due =
            products.filter(|product| is_due(product.publish_at) || is_due(product.unpublish_at));
        let mut switched = 0;
        for product in due.take(limit as usize) {
            product.is_active = !is_due(product.unpublish_at);
            product.publish_at.take_if(|at| *at <= now);
            product.unpublish_at.take_if(|at| *at <= now);
            product.version += 1;
            product.updated_at = now;
            switched += 1;
        }
        Ok(switched)
    }

    async fn write_all(
        &self,
        operations: Vec<ProductOperation>,
        atomicity: Atomicity,
    ) -> Result<Vec<Result<Written, OperationError>>, StoreError> {
        self.write_operations(operations, atomicity).await
    }

    async fn remove(&self, slug: &Slug, expected: Expected) -> Result<(), ProductError> {
        let mut state = self.state();
        let at = position(&state, slug, &expected)?;
        let removed = state.products.remove(at);
        state.discard_images_of(&removed.product);
        state.movements.retain(|(id, _)| *id != removed.product.id);
        let is_of_it = |review: &Review| review.product_id == removed.product.id;
        state.reviews.retain(|review| !is_of_it(review));
        Ok(())
    }
}

impl State {
    /// The product of the first code that a product has.
    fn find_by_codes(&self, codes: &ProductCodes) -> Option<&StoredProduct> {
        let find = |is_it: &dyn Fn(&Product) -> bool| {
            let mut products = self.products.iter();
            products.find(|stored| is_it(&stored.product))
        };
        let ProductCodes { sku, gtin, slug } = codes;
        let (sku, gtin) = (
            sku.as_ref().map(Sku::folded),
            gtin.as_ref().map(Gtin::padded),
        );
        let by_sku = || find(&|of| sku.is_some() && of.sku.as_ref().map(Sku::folded) == sku);
        let may_be = |of: &Product| sku.is_none() || of.sku.is_none();
        let has_gtin = |of: &Product| gtin.is_some() && of.gtin.as_ref().map(Gtin::padded) == gtin;
        let by_gtin = || find(&|of| may_be(of) && has_gtin(of));
        let by_slug = || find(&|of| may_be(of) && slug.as_ref() == Some(&of.slug));
        by_sku().or_else(by_gtin).or_else(by_slug)
    }

    /// Checks what must be unique: the SKU, the GTIN, and the options in a group.
    fn refuse_clashes(&self, product: &Product) -> Result<(), ProductError> {
        let others = || {
            let products = self.products.iter().map(|stored| &stored.product);
            products.filter(|other| other.id != product.id)
        };
        let sku = product.sku.as_ref().map(Sku::folded);
        if sku.is_some() && others().any(|other| other.sku.as_ref().map(Sku::folded) == sku) {
            return Err(ProductError::SkuTaken);
        }
        let gtin = product.gtin.as_ref().map(Gtin::padded);
        if gtin.is_some() && others().any(|other| other.gtin.as_ref().map(Gtin::padded) == gtin) {
            return Err(ProductError::GtinTaken);
        }
        let of_group =
            others().filter(|other| product.group.is_some() && other.group == product.group);
        let of_group = of_group.map(|other| (&other.slug, other.options.as_slice()));
        let clash = VariantClash::find(&product.options, of_group);
        clash.map_or(Ok(()), |clash| Err(ProductError::VariantClash(clash)))
    }
}

fn position(state: &State, slug: &Slug, expected: &Expected) -> Result<usize, ProductError> {
    let at = state
        .products
        .iter()
        .position(|stored| stored.product.slug == *slug)
        .ok_or(ProductError::NotFound)?;
    let current = state.products[at].product.revision();
    if expected.holds_for(current) {
        Ok(at)
    } else {
        Err(ProductError::Changed(current))
    }
}
