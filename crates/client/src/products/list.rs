use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{FacetName, Facets, Product, ProductFilter, Products, Status, StockState};
use crate::Call;
use crate::operation as op;
use crate::page::{Items, Paged, Pages, Pagination};
use crate::request::{Query, Request};
use crate::text_enum::text_enum;

/// Which products a list contains, in which order and from where.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ListProducts {
    /// Which products.
    pub filter: ProductFilter,
    /// Whose title, name or description contains this text, in any case.
    pub search: Option<String>,
    /// Active ones by default. Others need `products:read`.
    pub status: Option<Status>,
    /// With a stock in one of these states. It needs `products:read`.
    pub stock: Vec<StockState>,
    /// The order; by name by default.
    pub sort: Option<SortProducts>,
    /// Maximum number of products of a page: 1 to 100, 20 by default.
    pub limit: Option<u8>,
    /// The number of products to leave out before the page: up to 10 000, and not together with `cursor`.
    pub offset: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// The facets to count.
    pub facets: Vec<FacetName>,
}

text_enum! {
    /// The order of products. Products without the value come last.
    SortProducts {
        /// By title, as people expect it: `Bar 2` before `Bar 10`.
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

/// A page of products, or of search hits.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ProductPage<T = Product> {
    /// The products.
    pub data: Vec<T>,
    /// The facets, if they were asked for.
    pub facets: Option<Facets>,
    /// The position of the page in its list.
    pub pagination: Pagination,
}

impl<T: Send + 'static> Paged for ProductPage<T> {
    type Item = T;

    fn next_cursor(&self) -> Option<&str> {
        self.pagination.next_cursor.as_deref()
    }

    fn into_items(self) -> Vec<T> {
        self.data
    }
}

impl ListProducts {
    fn write(&self, query: &mut Query) {
        self.filter.write(query);
        query
            .add("search", self.search.as_ref())
            .add("status", self.status.as_ref())
            .list("stock", &self.stock)
            .add("sort", self.sort.as_ref())
            .add("limit", self.limit)
            .add("offset", self.offset)
            .add("cursor", self.cursor.as_ref())
            .list("facets", &self.facets);
    }

    /// The same list from a cursor on, or from its own start without one.
    fn continued_from(mut self, cursor: Option<String>) -> Self {
        if cursor.is_some() {
            self.cursor = cursor;
            self.offset = None;
        }
        self
    }
}

impl Products<'_> {
    /// Reads a page of products.
    ///
    /// # Errors
    /// 400 for a cursor of another list, 403 for a `status` or `stock` without `products:read`.
    pub fn list(&self, list: &ListProducts) -> Call<ProductPage> {
        let request = Request::new(&op::LIST_PRODUCTS, &[]);
        Call::json(self.0, request.query(|query| list.write(query)))
    }

    /// Reads a page of products with some of their fields only, into a type of the caller.
    ///
    /// ```no_run
    /// # use eggypro_client::{Client, products::ListProducts};
    /// #[derive(serde::Deserialize)]
    /// struct Label { slug: String, title: String }
    ///
    /// # async fn example(client: Client) -> eggypro_client::Result<()> {
    /// let list = ListProducts::default();
    /// let page = client.products().list_fields::<Label>(&list, &["slug", "title"]).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As for [`list`](Self::list), and 400 for an unknown field.
    pub fn list_fields<T: DeserializeOwned>(
        &self,
        list: &ListProducts,
        fields: &[&str],
    ) -> Call<ProductPage<T>> {
        let request = Request::new(&op::LIST_PRODUCTS, &[]);
        let request = request.query(|query| {
            list.write(query);
            query.list("fields", fields);
        });
        Call::json(self.0, request)
    }

    /// Reads the pages of a list one after the other.
    pub fn pages(&self, list: ListProducts) -> Pages<ProductPage> {
        let client = self.0.clone();
        Pages::new(move |cursor| client.products().list(&list.clone().continued_from(cursor)))
    }

    /// Reads all products of a list, page by page. A product that stays in the list comes once, whatever is added and removed
    /// meanwhile.
    pub fn all(&self, list: ListProducts) -> Items<Product> {
        self.pages(list).items()
    }
}
