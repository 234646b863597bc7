//! The index passes the contract tests, and its lists equal those of a scan of all products.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::sync::Arc;

use eggypro_domain::categories::{CategoryRepository, NewCategory};
use eggypro_domain::products::{
    Expected, Facet, Found, NewProduct, Page, PageSize, Product, ProductChanges, ProductFilter,
    ProductId, ProductIndex, ProductQuery, ProductRepository, ProductSearch, ProductSort, Revision,
    RowVersion, SearchError, SearchText, Start, StatusFilter,
};
use eggypro_domain::testing::{InMemoryShop, Stores};
use eggypro_domain::{Slug, StoreError, Unvalidated};
use eggypro_search::{CatalogueIndex, Changes};
use proptest::prelude::*;
use proptest::sample::select;

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
        idempotency: shop.clone(),
        keys: shop.clone(),
        reviews: shop,
    }));
}

eggypro_domain::store_contract!(run);

const CATEGORIES: [&str; 3] = ["bars", "powders", "empty"];

/// An action on a shop.
#[derive(Debug, Clone)]
enum Step {
    Create(Fields),
    Change(usize, Fields),
    Remove(usize),
    List(ProductQuery),
}

/// The fields that lists filter and sort by.
#[derive(Debug, Clone)]
struct Fields {
    name: String,
    cents: u32,
    stock: u32,
    is_active: bool,
    categories: Vec<Slug>,
}

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn some_categories() -> impl Strategy<Value = Vec<Slug>> {
    prop::collection::btree_set(select(&CATEGORIES[..]), 0..3)
        .prop_map(|slugs| slugs.into_iter().map(slug).collect())
}

fn fields() -> impl Strategy<Value = Fields> {
    let name = select(vec![
        "Bar 2",
        "bar 10",
        "Bar",
        "BAR 2",
        "Egg_white",
        "zest",
        "A-1",
    ]);
    let cents = prop_oneof![
        1..2_000_u32,
        Just(99_999_999),
        Just(500),
        Just(999),
        Just(1_000)
    ];
    (name, cents, 0..3_u32, any::<bool>(), some_categories()).prop_map(
        |(name, cents, stock, is_active, categories)| Fields {
            name: name.to_owned(),
            cents,
            stock,
            is_active,
            categories,
        },
    )
}

fn filters() -> impl Strategy<Value = ProductFilter> {
    let price = || {
        prop::option::of(prop_oneof![
            Just("0.00"),
            Just("5"),
            Just("9.995"),
            Just("10.00")
        ])
    };
    let status = select(&StatusFilter::ALL[..]);
    let text = prop::option::of(select(vec!["bar", "G_W", "2", "egg white"]));
    let ids = prop::collection::vec(1..20_i32, 0..3);
    (
        some_categories(),
        price(),
        price(),
        any::<bool>(),
        status,
        text,
        ids,
    )
        .prop_map(|(categories, min, max, in_stock, status, text, ids)| {
            let mut filter = ProductFilter::default();
            filter.categories = categories;
            filter.min_price = min.map(|price| price.parse().unwrap());
            filter.max_price = max.map(|price| price.parse().unwrap());
            filter.in_stock = in_stock;
            filter.status = status;
            filter.contains = text.map(|text| text.parse().unwrap());
            filter.ids = ids.into_iter().map(ProductId).collect();
            filter
        })
}

fn queries() -> impl Strategy<Value = ProductQuery> {
    (filters(), select(&ProductSort::ALL[..]), 0..6_u32, 1..5_u32).prop_map(
        |(filter, sort, offset, limit)| {
            let mut query = ProductQuery::default();
            query.filter = filter;
            query.sort = sort;
            query.start = Start::Offset(offset);
            query.limit = limit.try_into().unwrap();
            query.facets = Facet::ALL.into_iter().collect();
            query
        },
    )
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => fields().prop_map(Step::Create),
        2 => (any::<usize>(), fields()).prop_map(|(at, fields)| Step::Change(at, fields)),
        1 => any::<usize>().prop_map(Step::Remove),
        3 => queries().prop_map(Step::List),
    ];
    prop::collection::vec(step, 1..60)
}

/// Requests all pages of a list. Each page is compared with the scan.
fn list_all_pages(follower: &Follower, mut query: ProductQuery) {
    while let Some(next) = follower.list(&query).unwrap().next {
        query.start = Start::After(next);
    }
}

async fn perform(follower: &Follower, step: Step, slugs: &mut Vec<Slug>) {
    let shop: &dyn ProductRepository = &*follower.shop;
    let price = |cents: u32| {
        format!("{}.{:02}", cents / 100, cents % 100)
            .parse()
            .unwrap()
    };
    match step {
        Step::Create(fields) => {
            let mut product = NewProduct::example();
            product.name = fields.name;
            product.price = price(fields.cents);
            product.stock_quantity = fields.stock.into();
            product.is_active = fields.is_active;
            product.categories = fields.categories;
            let slug = slug(&format!("p-{}", slugs.len()));
            let product = Unvalidated::new(product).validate().unwrap();
            shop.create(slug.clone(), product).await.unwrap();
            slugs.push(slug);
        }
        Step::Change(at, fields) if !slugs.is_empty() => {
            let mut changes = ProductChanges::default();
            changes.name = Some(fields.name);
            changes.price = Some(price(fields.cents));
            changes.stock_quantity = Some(fields.stock.into());
            changes.is_active = Some(fields.is_active);
            changes.categories = Some(fields.categories);
            let changes = Unvalidated::new(changes).validate().unwrap();
            // The product may have been removed.
            let _ = shop
                .update(&slugs[at % slugs.len()], changes, Expected::Any)
                .await;
        }
        Step::Remove(at) if !slugs.is_empty() => {
            let _ = shop.remove(&slugs[at % slugs.len()], Expected::Any).await;
        }
        Step::List(query) => list_all_pages(follower, query),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_list_equals_that_of_a_full_scan(steps in steps()) {
        let shop = Arc::new(InMemoryShop::default());
        let follower = Follower::of(&shop);
        let mut slugs = vec![];
        pollster::block_on(async {
            for category in CATEGORIES {
                let new = NewCategory::new(category.to_owned());
                let new = Unvalidated::new(new).validate().unwrap();
                CategoryRepository::create(&*shop, slug(category), new).await.unwrap();
            }
            for step in steps {
                perform(&follower, step, &mut slugs).await;
            }
        });
    }
}
