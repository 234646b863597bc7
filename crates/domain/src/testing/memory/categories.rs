use async_trait::async_trait;

use super::{InMemoryShop, State};
use crate::categories::{Category, CategoryError, CategoryId, CategoryRepository, NewCategory};
use crate::products::{Expected, StatusFilter};
use crate::{Slug, StoreError, Valid};

#[async_trait]
impl CategoryRepository for InMemoryShop {
    async fn list(&self, status: StatusFilter) -> Result<Vec<Category>, StoreError> {
        let mut categories = self.state().categories.clone();
        categories.retain(|category| status.matches(category.is_active));
        categories.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
        Ok(categories)
    }

    async fn find(&self, slug: &Slug) -> Result<Option<Category>, StoreError> {
        Ok(self
            .state()
            .categories
            .iter()
            .find(|category| category.slug == *slug)
            .cloned())
    }

    async fn create(
        &self,
        slug: Slug,
        category: Valid<NewCategory>,
    ) -> Result<Category, CategoryError> {
        let mut state = self.state();
        if state
            .categories
            .iter()
            .any(|category| category.slug == slug)
        {
            return Err(CategoryError::SlugTaken(slug));
        }
        let (id, created_at) = state.tick();
        let NewCategory {
            name,
            description,
            is_active,
            ..
        } = category.into_inner();
        let category = Category {
            id: CategoryId(id),
            name,
            slug,
            description,
            is_active,
            version: 1,
            created_at,
        };
        state.categories.push(category.clone());
        Ok(category)
    }

    async fn replace(
        &self,
        slug: &Slug,
        category: Valid<NewCategory>,
        expected: Expected<CategoryId>,
    ) -> Result<Category, CategoryError> {
        let new = category.into_inner();
        let mut state = self.state();
        let at = category_position(&state, slug, &expected)?;
        let new_slug = new.slug.unwrap_or_else(|| slug.clone());
        if new_slug != *slug
            && state
                .categories
                .iter()
                .any(|category| category.slug == new_slug)
        {
            return Err(CategoryError::SlugTaken(new_slug));
        }
        let (_, now) = state.tick();
        let category = &mut state.categories[at];
        let before = category.clone();
        category.name = new.name;
        category.slug = new_slug;
        category.description = new.description;
        category.is_active = new.is_active;
        if *category != before {
            category.version += 1;
        }
        let category = category.clone();
        if category.is_shown_differently_from(&before) {
            state.touch_products_of(category.id, now);
        }
        Ok(category)
    }

    async fn remove(
        &self,
        slug: &Slug,
        expected: Expected<CategoryId>,
    ) -> Result<(), CategoryError> {
        let mut state = self.state();
        let at = category_position(&state, slug, &expected)?;
        let category = state.categories.remove(at);
        let (_, now) = state.tick();
        if category.is_active {
            state.touch_products_of(category.id, now);
        }
        for stored in &mut state.products {
            stored.categories.retain(|id| *id != category.id);
        }
        Ok(())
    }
}

fn category_position(
    state: &State,
    slug: &Slug,
    expected: &Expected<CategoryId>,
) -> Result<usize, CategoryError> {
    let mut categories = state.categories.iter();
    let at = categories.position(|category| category.slug == *slug);
    let at = at.ok_or(CategoryError::NotFound)?;
    let current = state.categories[at].revision();
    if expected.holds_for(current) {
        Ok(at)
    } else {
        Err(CategoryError::Changed(current))
    }
}
