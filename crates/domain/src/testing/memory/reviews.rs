use async_trait::async_trait;
use time::Duration;

use super::{InMemoryShop, State};
use crate::products::{Product, Start, Total};
use crate::reviews::{
    Decision, NewReview, Review, ReviewCursor, ReviewError, ReviewId, ReviewPage, ReviewQuery,
    ReviewRepository, ReviewSort, ReviewedProduct, Stars,
};
use crate::{Slug, StoreError, Valid};

impl State {
    fn reviewed(&self, slug: &Slug, of_inactive: bool) -> Result<&Product, ReviewError> {
        let mut products = self.products.iter().map(|stored| &stored.product);
        products
            .find(|product| product.slug == *slug && (product.is_active || of_inactive))
            .ok_or(ReviewError::ProductNotFound)
    }

    fn product_of(&self, review: &Review) -> Option<ReviewedProduct> {
        let mut products = self.products.iter().map(|stored| &stored.product);
        let product = products.find(|product| product.id == review.product_id)?;
        Some(ReviewedProduct {
            id: product.id,
            slug: product.slug.clone(),
            name: product.name.clone(),
        })
    }

    /// Recounts verified reviews. Increments the version of products whose rating changes.
    fn count_stars(&mut self) {
        let now = self.now();
        for stored in &mut self.products {
            let product = &mut stored.product;
            let mut stars = [0; 5];
            for review in &self.reviews {
                if review.product_id == product.id && review.is_verified {
                    stars[usize::from(review.rating.get()) - 1] += 1;
                }
            }
            if product.rating.distribution != stars {
                product.rating.distribution = stars;
                product.version += 1;
                product.updated_at = now;
            }
        }
    }
}

#[async_trait]
impl ReviewRepository for InMemoryShop {
    async fn list(&self, query: &ReviewQuery) -> Result<ReviewPage, ReviewError> {
        let state = self.state();
        let product = query.product.as_ref();
        let product = product.map(|slug| state.reviewed(slug, query.of_inactive));
        let product = product.transpose()?.map(|product| product.id);
        let mut items = state.reviews.clone();
        items.retain(|review| {
            product.is_none_or(|product| review.product_id == product)
                && query
                    .verified
                    .wanted()
                    .is_none_or(|wanted| review.is_verified == wanted)
                && query.rating.is_none_or(|rating| review.rating == rating)
        });
        let in_order = |a: &ReviewCursor, b: &ReviewCursor| {
            let newest = (b.created_at, b.id).cmp(&(a.created_at, a.id));
            match query.sort {
                ReviewSort::Newest => newest,
                ReviewSort::Oldest => newest.reverse(),
                ReviewSort::RatingDesc => b.rating.cmp(&a.rating).then(newest),
                ReviewSort::RatingAsc => a.rating.cmp(&b.rating).then(newest),
            }
        };
        items.sort_by(|a, b| in_order(&ReviewCursor::after(a), &ReviewCursor::after(b)));
        let total = Total::from_bounded_count(items.len().try_into().unwrap_or(u32::MAX));
        match &query.start {
            Start::Offset(offset) => drop(items.drain(..items.len().min(*offset as usize))),
            Start::After(cursor) => {
                items.retain(|review| in_order(&ReviewCursor::after(review), cursor).is_gt());
            }
        }
        let has_more = items.len() > query.limit.get() as usize;
        items.truncate(query.limit.get() as usize);
        let next = items.last().filter(|_| has_more).map(ReviewCursor::after);
        let with_product = |review: Review| state.product_of(&review).map(|of| (review, of));
        Ok(ReviewPage {
            items: items.into_iter().filter_map(with_product).collect(),
            total,
            next,
        })
    }

    async fn create(
        &self,
        product: &Slug,
        review: Valid<NewReview>,
    ) -> Result<Review, ReviewError> {
        let new = review.into_inner();
        let mut state = self.state();
        let product_id = state.reviewed(product, false)?.id;
        let (id, created_at) = state.tick();
        let is_same = |other: &Review| {
            other.product_id == product_id
                && other.reviewer_name == new.reviewer_name
                && other.comment == new.comment
                && other.created_at > created_at - Duration::days(1)
        };
        if state.reviews.iter().any(is_same) {
            return Err(ReviewError::Duplicate);
        }
        let rating = Stars::try_from(new.rating);
        let review = Review {
            id: ReviewId(id),
            product_id,
            reviewer_name: new.reviewer_name,
            reviewer_image_url: new.reviewer_image_url,
            rating: rating.map_err(|error| StoreError::Unexpected(Box::new(error)))?,
            comment: new.comment,
            image_url: new.image_url,
            video_url: new.video_url,
            is_verified: false,
            created_at,
        };
        state.reviews.push(review.clone());
        Ok(review)
    }

    async fn set_verified(
        &self,
        review: ReviewId,
        is_verified: bool,
    ) -> Result<Review, ReviewError> {
        let mut state = self.state();
        let mut reviews = state.reviews.iter_mut();
        let found = reviews.find(|other| other.id == review);
        let found = found.ok_or(ReviewError::NotFound)?;
        found.is_verified = is_verified;
        let review = found.clone();
        state.tick();
        state.count_stars();
        Ok(review)
    }

    async fn decide(
        &self,
        reviews: &[ReviewId],
        decision: Decision,
    ) -> Result<Vec<bool>, StoreError> {
        let mut state = self.state();
        let mut was_there = vec![];
        for id in reviews {
            let at = state.reviews.iter().position(|review| review.id == *id);
            was_there.push(at.is_some());
            let Some(at) = at else { continue };
            match decision {
                Decision::Verify => state.reviews[at].is_verified = true,
                Decision::Unverify => state.reviews[at].is_verified = false,
                Decision::Delete => drop(state.reviews.remove(at)),
            }
        }
        state.tick();
        state.count_stars();
        Ok(was_there)
    }
}
