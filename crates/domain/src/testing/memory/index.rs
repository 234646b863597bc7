//! A catalogue index that scans all products.

use std::cmp::Ordering;

use super::{InMemoryShop, facets};
use crate::StoreError;
use crate::products::{
    Cursor, Found, Gtin, Highlight, Highlighter, Page, Product, ProductFilter, ProductIndex,
    ProductQuery, ProductSearch, ProductSort, Revision, SearchCursor, SearchError, SearchText, Sku,
    Start, Total,
};

impl ProductIndex for InMemoryShop {
    fn is_ready(&self) -> bool {
        true
    }

    fn list(&self, query: &ProductQuery) -> Result<Page<Revision>, StoreError> {
        let state = self.state();
        let facets = facets::count(query.facets, &query.filter, |filter| state.matching(filter));
        Ok(page_of(state.matching(&query.filter), query, facets))
    }

    fn matching(&self, filter: &ProductFilter) -> Result<Vec<Revision>, StoreError> {
        let products = self.state().matching(filter).into_iter();
        let mut revisions: Vec<_> = products.map(|product| product.revision()).collect();
        revisions.sort_unstable_by_key(|revision| revision.id);
        Ok(revisions)
    }

    fn find_by_code(&self, code: &str) -> Result<Option<Revision>, StoreError> {
        let mut active = self.state().matching(&ProductFilter::default()).into_iter();
        let code = code.to_ascii_lowercase();
        let found = active.find(|product| is_named(product, &code));
        Ok(found.map(|product| product.revision()))
    }

    /// Finds products that contain every word. Products with more of the words in their name come first.
    fn search(&self, search: &ProductSearch) -> Result<Found, SearchError> {
        let state = self.state();
        let words: Vec<String> = words(search.text.as_str()).collect();
        let matching = |filter: &ProductFilter| {
            let mut products = state.matching(filter);
            products.retain(|product| {
                is_named(product, search.text.as_str()) || has_all(product, &words)
            });
            products
        };
        let mut found: Vec<(usize, Product)> = matching(&search.filter)
            .into_iter()
            .map(|product| match is_named(&product, search.text.as_str()) {
                true => (usize::MAX, product),
                false => (in_name(&product, &words), product),
            })
            .collect();
        match search.sort {
            Some(sort) => found.sort_by(|(_, left), (_, right)| {
                let of = |product| Cursor::after(sort, product);
                in_order(sort, &of(left), &of(right))
            }),
            None => found.sort_by(|(a, left), (b, right)| b.cmp(a).then(left.id.cmp(&right.id))),
        }
        let total = total(found.len());
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
        let shown = shown.iter().map(i32::to_string).collect::<Vec<_>>();
        let next = || SearchCursor(format!("{sorted_by} {}", shown.join(" ")));
        Ok(Found {
            products: found
                .iter()
                .map(|(_, product)| product.revision())
                .collect(),
            next: has_more.then(next),
            total,
            facets: facets::count(search.facets, &search.filter, matching),
            highlighter: Box::new(Words(words)),
        })
    }

    fn suggest(&self, text: &SearchText, limit: u8) -> Result<Vec<Revision>, StoreError> {
        let text = slug::slugify(text.as_str());
        let mut products = self.state().matching(&ProductFilter::default());
        let begins = |name: &str| format!("-{}", slug::slugify(name)).contains(&format!("-{text}"));
        products.retain(|product| !text.is_empty() && begins(&product.name));
        products.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
        let suggested = products.iter().take(limit.into());
        Ok(suggested.map(Product::revision).collect())
    }
}

/// Highlights words that begin with one of these.
struct Words(Vec<String>);

impl Highlighter for Words {
    fn highlight(&self, product: &Product) -> Highlight {
        Highlight {
            name: mark(&product.name, &self.0),
            description: mark(&product.description, &self.0),
        }
    }
}

fn has_all(product: &Product, words: &[String]) -> bool {
    let categories = product.categories.iter();
    let categories: String = categories.map(|category| category.name.as_str()).collect();
    let ingredients = product.ingredients.join(" ");
    let (name, description) = (&product.name, &product.description);
    let title = product.shown_title();
    let text = format!(
        "{name} {title} {description} {} {ingredients} {categories}",
        product.details
    );
    let text = text.to_lowercase();
    !words.is_empty() && words.iter().all(|word| text.contains(word))
}

/// Whether a text is the SKU, the GTIN or the slug of a product.
fn is_named(product: &Product, text: &str) -> bool {
    let sku = product.sku.as_ref().map(Sku::folded);
    let gtin = product.gtin.as_ref().map(Gtin::padded);
    product.slug.as_str() == text
        || sku.is_some_and(|sku| sku == text)
        || gtin.is_some_and(|gtin| text.len() >= 8 && gtin == format!("{text:0>14}"))
}

fn in_name(product: &Product, words: &[String]) -> usize {
    let name = product.name.to_lowercase();
    words.iter().filter(|word| name.contains(*word)).count()
}

fn total(count: usize) -> Total {
    Total::Exactly(count.try_into().unwrap_or(u32::MAX))
}

fn in_order(sort: ProductSort, a: &Cursor, b: &Cursor) -> Ordering {
    let ascending = a.key.cmp(&b.key).then(a.id.cmp(&b.id));
    if sort.is_descending() {
        ascending.reverse()
    } else {
        ascending
    }
}

fn page_of(
    products: Vec<Product>,
    query: &ProductQuery,
    facets: Option<crate::products::Facets>,
) -> Page<Revision> {
    let mut rows: Vec<(Cursor, Revision)> = products
        .into_iter()
        .map(|product| (Cursor::after(query.sort, &product), product.revision()))
        .collect();
    rows.sort_by(|(a, _), (b, _)| in_order(query.sort, a, b));
    let total = total(rows.len());
    match &query.start {
        Start::Offset(offset) => {
            rows.drain(..rows.len().min(*offset as usize));
        }
        Start::After(cursor) => {
            rows.retain(|(row, _)| in_order(query.sort, row, cursor) == Ordering::Greater)
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
        items: rows.into_iter().map(|(_, revision)| revision).collect(),
        total,
        next,
        facets,
    }
}

/// The ids of all products on the previous pages of a search.
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

/// Escapes a text as HTML and marks the words that begin with one of `words`.
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
