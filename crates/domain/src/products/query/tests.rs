use super::*;
use crate::products::Rating;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Filters that differ in one rule each.
fn filters() -> Vec<ProductFilter> {
    let of = |change: fn(&mut ProductFilter)| {
        let mut filter = ProductFilter::default();
        change(&mut filter);
        filter
    };
    vec![
        of(|_| ()),
        of(|f| f.categories = vec!["low".parse().unwrap()]),
        of(|f| f.categories = vec!["low".parse().unwrap(), "out".parse().unwrap()]),
        of(|f| f.ids = vec![ProductId(1)]),
        of(|f| f.ids = vec![ProductId(1), ProductId(2)]),
        of(|f| f.ids = vec![ProductId(12)]),
        of(|f| f.contains = "low".parse().ok()),
        of(|f| f.contains = "low\" with \"out".parse().ok()),
        of(|f| f.in_stock = true),
        of(|f| f.stock = vec![StockFilter::Low]),
        of(|f| f.stock = vec![StockFilter::Out]),
        of(|f| f.stock = StockFilter::ALL.to_vec()),
        of(|f| f.min_price = Some(Decimal::ONE)),
        of(|f| f.max_price = Some(Decimal::ONE)),
        of(|f| f.min_rating = Some(Decimal::ONE)),
        of(|f| f.min_protein = Some(Decimal::ONE)),
        of(|f| f.group = Some("low".parse().unwrap())),
        of(|f| f.allergen_free = BTreeSet::from([Allergen::Milk])),
        of(|f| f.allergen_free = BTreeSet::from([Allergen::Milk, Allergen::Soybeans])),
        of(|f| f.diets = BTreeSet::from([Diet::Vegan])),
        of(|f| f.diets = BTreeSet::from([Diet::Vegetarian])),
        of(|f| f.status = StatusFilter::Inactive),
        of(|f| f.status = StatusFilter::All),
    ]
}

#[test]
fn filters_have_names_of_their_own() {
    let names = filters();
    let names: BTreeSet<_> = names.iter().map(ToString::to_string).collect();
    assert_eq!(names.len(), filters().len(), "{names:?}");
}

#[test]
fn equal_numbers_have_one_name() {
    let of = |text: &str| ProductFilter {
        min_price: Some(decimal(text)),
        max_price: Some(decimal(text)),
        min_rating: Some(decimal(text)),
        min_protein: Some(decimal(text)),
        ..ProductFilter::default()
    };
    assert_eq!(of("4.50").to_string(), of("4.5").to_string());
}

#[test]
fn the_lowest_score_is_that_of_the_rounded_average() {
    let lowest = |stars: &str| {
        let min_rating = Some(decimal(stars));
        let filter = ProductFilter {
            min_rating,
            ..ProductFilter::default()
        };
        filter.min_score()
    };
    assert_eq!(ProductFilter::default().min_score(), None);
    // Products without a rating have no stars either.
    assert_eq!(lowest("0"), None);
    assert_eq!(lowest("4.67"), Some(4_665_000));
    assert_eq!(lowest("5"), Some(4_995_000));
    // An average of 4.666… is shown as 4.67.
    let rating = Rating {
        distribution: [0, 0, 0, 1, 2],
    };
    assert_eq!(rating.average(), Some(4.67));
    assert!(lowest("4.67") <= Some(rating.score()) && lowest("4.68") > Some(rating.score()));
}

#[test]
fn only_an_offset_skips_a_known_number() {
    assert_eq!(Start::<Cursor>::default().offset(), 0);
    assert_eq!(Start::<Cursor>::Offset(7).offset(), 7);
    assert_eq!(Start::After(()).offset(), 0);
}
