//! Facets.

use super::{Stores, named, query, slug};
use crate::products::{
    Facet, FacetSet, Facets, NewProduct, PriceRange, ProductFilter, ProductQuery, StockFacet,
};

/// Two bars for 4.99 and 25, the expensive one sold out, a powder for 25 in two categories, and an inactive product.
async fn fill(stores: &Stores) {
    stores.create_category("Bars").await;
    stores.create_category("Powders").await;
    let priced = |name: &str, price: &str, stock, categories: &[&str]| NewProduct {
        price: price.parse().unwrap(),
        stock_quantity: stock,
        categories: categories.iter().map(|name| slug(name)).collect(),
        ..named(name)
    };
    stores
        .create(priced("Small bar", "4.99", 3, &["bars"]))
        .await;
    stores
        .create(priced("Large bar", "25.00", 0, &["bars"]))
        .await;
    stores
        .create(priced("Powder", "25.00", 1, &["bars", "powders"]))
        .await;
    stores
        .create(NewProduct {
            is_active: false,
            ..priced("Secret bar", "1.00", 1, &["bars"])
        })
        .await;
}

async fn counted(stores: &Stores, filter: ProductFilter, wanted: &[Facet]) -> Option<Facets> {
    let facets: FacetSet = wanted.iter().copied().collect();
    let query = ProductQuery {
        filter,
        facets,
        ..query()
    };
    stores.service().list(&query).await.unwrap().facets
}

fn of_categories(facets: &Facets) -> Vec<(&str, u64)> {
    let counts = facets.categories.iter().flatten();
    counts
        .map(|count| (count.name.as_str(), count.count))
        .collect()
}

pub async fn facets_count_under_the_same_filters(stores: Stores) {
    fill(&stores).await;
    let all = counted(&stores, ProductFilter::default(), &Facet::ALL)
        .await
        .unwrap();
    assert_eq!(of_categories(&all), [("Bars", 3), ("Powders", 1)]);
    let price = all.price.unwrap();
    let extremes = price
        .extremes
        .map(|(least, most)| (least.to_string(), most.to_string()));
    assert_eq!(extremes, Some(("4.99".into(), "25.00".into())));
    let ranges: Vec<_> = price
        .ranges
        .iter()
        .map(|count| (count.range, count.count))
        .collect();
    let of = |price: &str| PriceRange::of(price.parse().unwrap());
    assert_eq!(ranges, [(of("4.99"), 1), (of("25"), 2)]);
    let ratings = all.ratings.unwrap();
    assert_eq!(
        (ratings.len(), ratings[0].stars, ratings[0].count),
        (1, None, 3)
    );
    let stock = StockFacet {
        in_stock: 2,
        out_of_stock: 1,
    };
    assert_eq!(all.stock, Some(stock));

    let in_stock = ProductFilter {
        in_stock: true,
        min_price: Some(5.into()),
        ..ProductFilter::default()
    };
    let some = counted(&stores, in_stock, &[Facet::Category])
        .await
        .unwrap();
    assert_eq!(of_categories(&some), [("Bars", 1), ("Powders", 1)]);
    assert_eq!((some.price, some.ratings, some.stock), (None, None, None));
    let containing = ProductFilter {
        contains: Some("large".parse().unwrap()),
        ..ProductFilter::default()
    };
    let some = counted(&stores, containing, &Facet::ALL).await.unwrap();
    assert_eq!(of_categories(&some), [("Bars", 1)]);
    let nothing = ProductFilter {
        contains: Some("nothing".parse().unwrap()),
        ..ProductFilter::default()
    };
    let wanted: FacetSet = Facet::ALL.into_iter().collect();
    assert_eq!(
        counted(&stores, nothing, &Facet::ALL).await,
        Facets::of_nothing(wanted)
    );
    assert_eq!(counted(&stores, ProductFilter::default(), &[]).await, None);
}

pub async fn facets_leave_their_own_filter_out(stores: Stores) {
    fill(&stores).await;
    let chosen = ProductFilter {
        categories: vec![slug("powders")],
        in_stock: true,
        max_price: Some(10.into()),
        ..ProductFilter::default()
    };
    let facets = counted(&stores, chosen, &Facet::ALL).await.unwrap();
    // In stock for at most 10, in all categories.
    assert_eq!(of_categories(&facets), [("Bars", 1)]);
    // Powders in stock, at all prices.
    let ranges = facets.price.unwrap().ranges;
    let counts: Vec<_> = ranges.iter().map(|range| range.count).collect();
    assert_eq!(counts, [1]);
    // Powders for at most 10: none, in stock or not.
    assert_eq!(facets.stock, Some(StockFacet::default()));
    assert_eq!(facets.ratings, Some(vec![]));
}

pub async fn facets_of_a_search_count_all_hits(stores: Stores) {
    fill(&stores).await;
    let found = stores.search("bar").await;
    let facets = found.facets.unwrap();
    // The powder matches by the name of its category.
    assert_eq!(of_categories(&facets), [("Bars", 3), ("Powders", 1)]);
    let facets = stores.search("large bar").await.facets.unwrap();
    let stock = StockFacet {
        in_stock: 0,
        out_of_stock: 1,
    };
    assert_eq!(facets.stock, Some(stock));
    let nothing = stores.search("xylophone").await.facets;
    assert_eq!(
        nothing,
        Facets::of_nothing(Facet::ALL.into_iter().collect())
    );
}
