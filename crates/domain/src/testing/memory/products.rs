use std::cmp::Ordering;
use std::collections::HashSet;

use async_trait::async_trait;

use super::facets;
use super::{InMemoryShop, State, StoredProduct};
use crate::categories::CategoryId;
use crate::products::{
    Cursor, Expected, Highlight, NewProduct, Page, Product, ProductChanges, ProductError,
    ProductFilter, ProductId, ProductQuery, ProductRepository, ProductSearch, ProductSort, Rating,
    SearchCursor, SearchError, SearchHit, SearchPage, SearchText, Start, Suggestion, Total,
};
use crate::reviews::Review;
use crate::{Slug, StoreError, Valid};

#[async_trait]
impl ProductRepository for InMemoryShop {
    async fn list(&self, query: &ProductQuery) -> Result<Page<Product>, StoreError> {
        Ok(page_of(self.state().matching(&query.filter), query))
    }

    /// Finds products that contain every word; those with more of them in the name come first.
    async fn search(&self, search: &ProductSearch) -> Result<SearchPage, SearchError> {
        let words: Vec<String> = words(search.text.as_str()).collect();
        let mut found: Vec<(usize, Product)> = self
            .state()
            .matching(&search.filter)
            .into_iter()
            .filter(|product| {
                let text = format!(
                    "{} {} {} {} {}",
                    product.name,
                    product.description,
                    product.details,
                    product.ingredients.join(" "),
                    product
                        .categories
                        .iter()
                        .map(|category| category.name.as_str())
                        .collect::<String>(),
                )
                .to_lowercase();
                !words.is_empty() && words.iter().all(|word| text.contains(word))
            })
            .map(|product| {
                let name = product.name.to_lowercase();
                (
                    words.iter().filter(|word| name.contains(*word)).count(),
                    product,
                )
            })
            .collect();
        match search.sort {
            Some(sort) => found.sort_by(|(_, left), (_, right)| {
                in_order(
                    sort,
                    &Cursor::after(sort, left),
                    &Cursor::after(sort, right),
                )
            }),
            None => found.sort_by(|(a, left), (b, right)| b.cmp(a).then(left.id.cmp(&right.id))),
        }
        let total = Total::of_bounded_count(found.len().try_into().unwrap_or(u32::MAX));
        let facets = facets::count(found.iter().map(|(_, product)| product), search.facets);
        let sorted_by = search.sort.map_or("relevance", ProductSort::as_str);
        let mut shown = match &search.start {
            Start::Offset(offset) => {
                let before = found.drain(..found.len().min(*offset as usize));
                before.map(|(_, product)| product.id.0).collect()
            }
            Start::After(cursor) => shown_before(cursor, sorted_by)?,
        };
        found.retain(|(_, product)| !shown.contains(&product.id.0));
        let limit = search.limit.get() as usize;
        let has_more = found.len() > limit;
        found.truncate(limit);
        shown.extend(found.iter().map(|(_, product)| product.id.0));
        let hits = found.into_iter().map(|(_, product)| SearchHit {
            highlight: Highlight {
                name: mark(&product.name, &words),
                description: mark(&product.description, &words),
            },
            product,
        });
        let shown = shown.iter().map(i32::to_string).collect::<Vec<_>>();
        let next = || SearchCursor(format!("{sorted_by} {}", shown.join(" ")));
        Ok(SearchPage {
            hits: hits.collect(),
            next: has_more.then(next),
            total,
            facets,
        })
    }

    async fn suggest(&self, text: &SearchText, limit: u8) -> Result<Vec<Suggestion>, StoreError> {
        let text = slug::slugify(text.as_str());
        let mut products = self.state().matching(&ProductFilter::default());
        let begins = |name: &str| format!("-{}", slug::slugify(name)).contains(&format!("-{text}"));
        products.retain(|product| !text.is_empty() && begins(&product.name));
        products.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
        let suggestions = products.into_iter().take(limit.into());
        Ok(suggestions
            .map(|product| Suggestion {
                name: product.name,
                slug: product.slug,
                price: product.price,
                image: product.images.into_iter().next(),
            })
            .collect())
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
        let product = Product {
            id: ProductId(id),
            name: new.name,
            slug,
            description: new.description,
            details: new.details,
            price: new.price,
            images: new.images,
            media: vec![],
            ingredients: new.ingredients,
            stock_quantity: new.stock_quantity.try_into().unwrap_or(i32::MAX),
            is_active: new.is_active,
            categories: vec![],
            rating: Rating::default(),
            version: 1,
            created_at: now,
            updated_at: now,
        };
        let stored = StoredProduct {
            product,
            categories,
        };
        let shown = state.shown(&stored);
        state.former_slugs.remove(&shown.slug);
        state.products.push(stored);
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
        apply(changes, &mut stored.product);
        stored.product.version += 1;
        stored.product.updated_at = now;
        state.discard_taken_out(&images);
        Ok(state.shown(&state.products[at]))
    }

    async fn remove(&self, slug: &Slug, expected: Expected) -> Result<(), ProductError> {
        let mut state = self.state();
        let at = position(&state, slug, &expected)?;
        let removed = state.products.remove(at);
        state.discard_images_of(&removed.product);
        let is_of_it = |review: &Review| review.product_id == removed.product.id;
        state.reviews.retain(|review| !is_of_it(review));
        Ok(())
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

fn apply(changes: ProductChanges, product: &mut Product) {
    fn set<T>(target: &mut T, value: Option<T>) {
        if let Some(value) = value {
            *target = value;
        }
    }
    set(&mut product.name, changes.name);
    set(&mut product.slug, changes.slug);
    set(&mut product.description, changes.description);
    set(&mut product.details, changes.details);
    set(&mut product.price, changes.price);
    set(&mut product.images, changes.images);
    set(&mut product.ingredients, changes.ingredients);
    set(
        &mut product.stock_quantity,
        changes
            .stock_quantity
            .and_then(|stock| stock.try_into().ok()),
    );
    set(&mut product.is_active, changes.is_active);
}

fn in_order(sort: ProductSort, a: &Cursor, b: &Cursor) -> Ordering {
    let ascending = a.key.cmp(&b.key).then(a.id.cmp(&b.id));
    if sort.is_descending() {
        ascending.reverse()
    } else {
        ascending
    }
}

fn page_of(products: Vec<Product>, query: &ProductQuery) -> Page<Product> {
    let facets = facets::count(&products, query.facets);
    let mut rows: Vec<(Cursor, Product)> = products
        .into_iter()
        .map(|product| (Cursor::after(query.sort, &product), product))
        .collect();
    rows.sort_by(|(a, _), (b, _)| in_order(query.sort, a, b));
    let counted = Total::of_bounded_count(rows.len().try_into().unwrap_or(u32::MAX));
    let total = query.known_total.unwrap_or(counted);
    match &query.start {
        Start::Offset(offset) => {
            rows.drain(..rows.len().min(*offset as usize));
        }
        Start::After(cursor) => {
            rows.retain(|(place, _)| in_order(query.sort, place, cursor) == Ordering::Greater)
        }
    }
    let limit = query.limit.get() as usize;
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows
        .last()
        .filter(|_| has_more)
        .map(|(cursor, _)| cursor.clone());
    Page {
        items: rows.into_iter().map(|(_, product)| product).collect(),
        total,
        next,
        facets,
    }
}

/// The ids of all that a search has shown before this place.
fn shown_before(cursor: &SearchCursor, sorted_by: &str) -> Result<Vec<i32>, SearchError> {
    let ids = cursor.0.strip_prefix(sorted_by);
    let ids = ids.map(|ids| ids.split_whitespace().map(str::parse));
    let ids = ids.and_then(|ids| ids.collect::<Result<_, _>>().ok());
    ids.ok_or(SearchError::UnknownCursor)
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// Escapes a text as HTML and marks the words that begin with one of these.
fn mark(text: &str, words: &[String]) -> String {
    text.split_inclusive(|c: char| !c.is_alphanumeric())
        .map(|piece| {
            let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
            let rest = piece[word.len()..]
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;");
            let is_hit = words
                .iter()
                .any(|wanted| word.to_lowercase().starts_with(wanted));
            if is_hit {
                format!("<mark>{word}</mark>{rest}")
            } else {
                format!("{word}{rest}")
            }
        })
        .collect()
}
