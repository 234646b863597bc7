//! The index passes the contract tests, and its lists equal those of a scan of all products.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod lists;
mod steps;

use std::sync::Arc;

use eggypro_domain::StoreError;
use eggypro_domain::products::{
    Found, Page, PageSize, Product, ProductFilter, ProductIndex, ProductQuery, ProductRepository,
    ProductSearch, Revision, RowVersion, SearchError, SearchText, Start, StatusFilter,
};
use eggypro_domain::testing::{InMemoryShop, Stores};
use eggypro_search::{CatalogueIndex, Changes};

/// An index that applies the changes of a shop before each query.
struct Follower {
    shop: Arc<InMemoryShop>,
    index: CatalogueIndex,
}

impl Follower {
    fn of(shop: &Arc<InMemoryShop>) -> Self {
        let index = CatalogueIndex::new().unwrap();
        index.set_ready(true);
        Self {
            shop: Arc::clone(shop),
            index,
        }
    }

    fn caught_up(&self) -> &CatalogueIndex {
        let products = all(&self.shop);
        let known = self.index.versions();
        let is_known = |product: &Product| known.contains(&(product.id, RowVersion::of(product)));
        let is_gone = |id| !products.iter().any(|product| product.id == id);
        let gone = known.iter().map(|(id, _)| *id).filter(|id| is_gone(*id));
        let changes = Changes {
            gone: gone.collect(),
            products: products
                .iter()
                .filter(|product| !is_known(product))
                .cloned()
                .collect(),
        };
        self.index.apply(&changes).unwrap();
        &self.index
    }
}

/// Every product of a shop.
fn all(shop: &InMemoryShop) -> Vec<Product> {
    let mut query = ProductQuery::default();
    query.filter.status = StatusFilter::All;
    query.limit = PageSize::MAX;
    let mut all = vec![];
    loop {
        let page = ProductIndex::list(shop, &query).unwrap();
        all.extend(pollster::block_on(shop.read(&page.items)).unwrap());
        match page.next {
            Some(next) => query.start = Start::After(next),
            None => return all,
        }
    }
}

impl ProductIndex for Follower {
    fn is_ready(&self) -> bool {
        self.index.is_ready()
    }

    fn list(&self, query: &ProductQuery) -> Result<Page<Revision>, StoreError> {
        let found = self.caught_up().list(query)?;
        let expected = ProductIndex::list(&*self.shop, query)?;
        assert_eq!(found, expected, "{query:?}");
        Ok(found)
    }

    fn matching(&self, filter: &ProductFilter) -> Result<Vec<Revision>, StoreError> {
        let found = self.caught_up().matching(filter)?;
        let expected = ProductIndex::matching(&*self.shop, filter)?;
        assert_eq!(found, expected, "{filter:?}");
        Ok(found)
    }

    fn find_by_code(&self, code: &str) -> Result<Option<Revision>, StoreError> {
        self.caught_up().find_by_code(code)
    }

    fn search(&self, search: &ProductSearch) -> Result<Found, SearchError> {
        self.caught_up().search(search)
    }

    fn suggest(&self, text: &SearchText, limit: u8) -> Result<Vec<Revision>, StoreError> {
        self.caught_up().suggest(text, limit)
    }
}

fn run(case: impl AsyncFnOnce(Stores)) {
    let shop = Arc::new(InMemoryShop::default());
    pollster::block_on(case(Stores {
        products: shop.clone(),
        index: Arc::new(Follower::of(&shop)),
        categories: shop.clone(),
        images: shop.clone(),
        synonyms: shop.clone(),
        stock: shop.clone(),
        idempotency: shop.clone(),
        imports: shop.clone(),
        keys: shop.clone(),
        webhooks: shop.clone(),
        deliveries: shop.clone(),
        reviews: shop,
    }));
}

eggypro_domain::store_contract!(run);
