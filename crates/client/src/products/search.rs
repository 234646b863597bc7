use std::ops::Deref;

use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;

use super::{FacetName, Product, ProductFilter, ProductPage, Products, Status};
use crate::Call;
use crate::operation as op;
use crate::page::{Items, Pages};
use crate::request::{Query, Request};
use crate::text_enum::text_enum;

/// A ranked search, which forgives typing errors.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SearchProducts {
    /// 1 to 200 characters.
    pub q: String,
    /// Which products.
    pub filter: ProductFilter,
    /// Active ones by default. Others need `products:read`.
    pub status: Option<Status>,
    /// The order; the best match first by default.
    pub sort: Option<SearchSort>,
    /// Maximum number of hits of a page: 1 to 100, 20 by default.
    pub limit: Option<u8>,
    /// The number of hits to leave out before the page: up to 10 000, and not together with `cursor`.
    pub offset: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// The facets to count.
    pub facets: Vec<FacetName>,
}

text_enum! {
    /// The order of hits.
    SearchSort {
        /// The best match first.
        Relevance = "relevance",
        /// By title, as people expect it.
        NameAsc = "name-asc",
        /// By title, backwards.
        NameDesc = "name-desc",
        /// The lowest price first.
        PriceAsc = "price-asc",
        /// The highest price first.
        PriceDesc = "price-desc",
        /// The newest first.
        Newest = "newest",
        /// The best rating first.
        RatingDesc = "rating-desc",
        /// The most protein first.
        ProteinDesc = "protein-desc",
        /// The lowest unit price first.
        UnitPriceAsc = "unit-price-asc",
        /// The lowest price of 100 g of protein first.
        ProteinPriceAsc = "protein-price-asc",
    }
}

/// A product that a search found. It dereferences to the product.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SearchHit {
    /// The product.
    pub product: Product,
    /// The parts that matched.
    pub highlight: Highlight,
}

/// The parts of a product that matched, as HTML: escaped, with the hits in `<mark>`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Highlight {
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
}

impl Deref for SearchHit {
    type Target = Product;

    fn deref(&self) -> &Product {
        &self.product
    }
}

impl<'de> Deserialize<'de> for SearchHit {
    /// Reads the object twice, as `flatten` would convert prices to floats.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Highlighted {
            highlight: Highlight,
        }
        let json = Box::<RawValue>::deserialize(deserializer)?;
        let product = serde_json::from_str(json.get()).map_err(de::Error::custom)?;
        let highlighted: Highlighted =
            serde_json::from_str(json.get()).map_err(de::Error::custom)?;
        Ok(Self {
            product,
            highlight: highlighted.highlight,
        })
    }
}

impl SearchProducts {
    /// A search for a text.
    pub fn new(q: impl Into<String>) -> Self {
        Self {
            q: q.into(),
            ..Self::default()
        }
    }

    fn write(&self, query: &mut Query) {
        query.add("q", Some(&self.q));
        self.filter.write(query);
        query
            .add("status", self.status.as_ref())
            .add("sort", self.sort.as_ref())
            .add("limit", self.limit)
            .add("offset", self.offset)
            .add("cursor", self.cursor.as_ref())
            .list("facets", &self.facets);
    }

    /// The same search from a cursor on, or from its own start without one.
    fn continued_from(mut self, cursor: Option<String>) -> Self {
        if cursor.is_some() {
            self.cursor = cursor;
            self.offset = None;
        }
        self
    }
}

impl Products<'_> {
    /// Reads a page of search hits.
    ///
    /// # Errors
    /// 400 if the text is empty or too long, or the cursor is that of another search.
    pub fn search(&self, search: &SearchProducts) -> Call<ProductPage<SearchHit>> {
        let request = Request::new(&op::SEARCH_PRODUCTS, &[]);
        Call::json(self.0, request.query(|query| search.write(query)))
    }

    /// Reads the pages of a search one after the other.
    pub fn search_pages(&self, search: SearchProducts) -> Pages<ProductPage<SearchHit>> {
        let client = self.0.clone();
        Pages::new(move |cursor| {
            let search = search.clone().continued_from(cursor);
            client.products().search(&search)
        })
    }

    /// Reads all hits of a search, page by page.
    pub fn search_all(&self, search: SearchProducts) -> Items<SearchHit> {
        self.search_pages(search).items()
    }
}
