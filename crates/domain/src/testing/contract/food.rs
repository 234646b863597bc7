use super::{Stores, named, query, slug};
use crate::products::{
    Allergen, ContentUnit, Diet, Facet, Food, NetContent, NewProduct, Nutrition, NutritionBasis,
    Product, ProductFilter, ProductQuery, ProductSearch, ProductSort, StatusFilter,
};

/// What is in 100 g of a product, how many grams it has, and what it costs.
fn food(name: &str, price: &str, grams: i64, protein: Option<&str>) -> NewProduct {
    let mut nutrition = Nutrition::new(NutritionBasis::HundredGrams);
    nutrition.protein = protein.map(|grams| grams.parse().unwrap());
    let food = Food {
        nutrition: Some(nutrition),
        ..Food::default()
    };
    NewProduct {
        price: price.parse().unwrap(),
        net_content: Some(NetContent::new(grams.into(), ContentUnit::Gram).unwrap()),
        food: Some(food),
        ..named(name)
    }
}

impl Stores {
    /// Products of which one has no facts. Their names say what they are.
    async fn foods(&self) -> Vec<Product> {
        let mut milky = food("Milky", "10", 500, Some("20"));
        let facts = milky.food.as_mut().unwrap();
        facts.allergens = Some([Allergen::Eggs, Allergen::Milk].into());
        facts.diets = [Diet::Vegetarian].into();
        let mut plain = food("Plain", "30", 1_000, Some("80.5"));
        let facts = plain.food.as_mut().unwrap();
        facts.allergens = Some([Allergen::Eggs].into());
        facts.may_contain = [Allergen::Milk].into();
        facts.diets = [Diet::Vegetarian, Diet::GlutenFree].into();
        plain.group = Some(slug("powders"));
        let unknown = food("Unknown", "1", 250, None);
        let mut made = vec![];
        for product in [milky, plain, unknown, named("Bare")] {
            made.push(self.create(product).await);
        }
        made
    }

    async fn names_where(&self, change: impl FnOnce(&mut ProductFilter)) -> Vec<String> {
        let mut query = query();
        change(&mut query.filter);
        self.names(query).await
    }
}

pub async fn food_facts_filter(stores: Stores) {
    stores.foods().await;
    let free_of_milk = stores.names_where(|filter| filter.allergen_free = [Allergen::Milk].into());
    assert_eq!(free_of_milk.await, ["Plain"]);
    let of_both = [Allergen::Milk, Allergen::Eggs].into();
    let free_of_both = stores.names_where(|filter| filter.allergen_free = of_both);
    assert!(free_of_both.await.is_empty());
    let vegetarian = stores.names_where(|filter| filter.diets = [Diet::Vegetarian].into());
    assert_eq!(vegetarian.await, ["Milky", "Plain"]);
    let of_both = [Diet::Vegetarian, Diet::GlutenFree].into();
    let both = stores.names_where(|filter| filter.diets = of_both);
    assert_eq!(both.await, ["Plain"]);
    for (least, names) in [
        ("0", vec!["Milky", "Plain"]),
        ("20", vec!["Milky", "Plain"]),
        ("20.001", vec!["Plain"]),
        ("80.5", vec!["Plain"]),
        ("80.51", vec![]),
    ] {
        let found = stores.names_where(|filter| filter.min_protein = Some(least.parse().unwrap()));
        assert_eq!(found.await, names, "{least}");
    }
    let group = stores.names_where(|filter| filter.group = Some(slug("powders")));
    assert_eq!(group.await, ["Plain"]);
    let powders = stores.service().variants(&slug("powders")).await.unwrap();
    assert_eq!((powders.len(), powders[0].name.as_str()), (1, "Plain"));
    assert_eq!(
        stores
            .service()
            .matching(&ProductFilter::default())
            .unwrap()
            .len(),
        4
    );
    let mut pure = food("Pure", "1", 250, None);
    pure.food.as_mut().unwrap().allergens = Some([].into());
    stores.create(pure).await;
    let of_both = [Allergen::Milk, Allergen::Eggs].into();
    let free_of_both = stores.names_where(|filter| filter.allergen_free = of_both);
    assert_eq!(free_of_both.await, ["Pure"]);
    let none = stores.names_where(|filter| filter.group = Some(slug("bars")));
    assert!(none.await.is_empty());
}

pub async fn food_facts_sort_and_products_without_them_come_last(stores: Stores) {
    stores.foods().await;
    // 1 kg costs 4, 20 and 30; 100 g of protein cost 3.73 and 10.
    for (sort, names) in [
        (
            ProductSort::ProteinDesc,
            ["Plain", "Milky", "Bare", "Unknown"],
        ),
        (
            ProductSort::UnitPriceAsc,
            ["Unknown", "Milky", "Plain", "Bare"],
        ),
        (
            ProductSort::ProteinPriceAsc,
            ["Plain", "Milky", "Unknown", "Bare"],
        ),
    ] {
        let sorted = stores.names(ProductQuery { sort, ..query() }).await;
        assert_eq!(sorted, names, "{sort:?}");
    }
}

pub async fn diets_and_allergens_are_counted(stores: Stores) {
    stores.foods().await;
    let mut query = query();
    query.facets = [Facet::Diet, Facet::Allergen].into_iter().collect();
    query.filter.diets = [Diet::GlutenFree].into();
    let page = stores.service().list(&query).await.unwrap();
    let facets = page.facets.unwrap();
    assert_eq!(
        facets.diets.unwrap(),
        [(Diet::Vegetarian, 2), (Diet::GlutenFree, 1)]
    );
    assert_eq!(facets.allergens.unwrap(), [(Allergen::Eggs, 0)]);
    query.filter.diets.clear();
    query.filter.allergen_free = [Allergen::Milk].into();
    let page = stores.service().list(&query).await.unwrap();
    let facets = page.facets.unwrap();
    assert_eq!(
        facets.allergens.unwrap(),
        [(Allergen::Eggs, 0), (Allergen::Milk, 1)]
    );
}

pub async fn a_code_puts_its_product_first(stores: Stores) {
    stores.create(named("EP-1 bar 4006381333931")).await;
    let coded = NewProduct {
        sku: Some("EP-1".parse().unwrap()),
        gtin: Some("4006381333931".parse().unwrap()),
        ..named("Powder")
    };
    let coded = stores.create(coded).await;
    for text in ["ep-1", "4006381333931", "04006381333931", "powder"] {
        let page = stores.search(text).await;
        assert_eq!(page.hits[0].product, coded, "{text}");
        let found = stores.service().find_by_code(text).await.unwrap();
        assert_eq!(found.as_ref(), Some(&coded), "{text}");
    }
    assert_eq!(stores.search("powder").await.hits.len(), 1);
    for text in ["ep", "4006381333932", "", "0"] {
        let found = stores.service().find_by_code(text).await.unwrap();
        assert_eq!(found, None, "{text}");
    }
    let ids = [coded.id];
    let found = stores.service().active_by_ids(&ids).await.unwrap();
    assert_eq!(found, [coded]);
}

pub async fn a_code_finds_an_inactive_product_by_status(stores: Stores) {
    stores.create(named("EP-1 bar")).await;
    let hidden = NewProduct {
        sku: Some("EP-1".parse().unwrap()),
        gtin: Some("4006381333931".parse().unwrap()),
        is_active: false,
        ..named("Secret")
    };
    let hidden = stores.create(hidden).await;
    let search = async |text: &str, status| {
        let mut search = ProductSearch::new(text.parse().unwrap());
        search.filter.status = status;
        let page = stores.service().search(&search).await.unwrap();
        let names = page.hits.into_iter().map(|hit| hit.product.name);
        names.collect::<Vec<_>>()
    };
    for text in ["ep-1", "4006381333931", "04006381333931", "secret"] {
        let all = search(text, StatusFilter::All).await;
        assert_eq!(all.first(), Some(&hidden.name), "{text}");
        let inactive = search(text, StatusFilter::Inactive).await;
        assert_eq!(inactive, [hidden.name.as_str()], "{text}");
        let active = search(text, StatusFilter::Active).await;
        assert!(!active.contains(&hidden.name), "{text}");
    }
}

pub async fn lists_sort_by_title_and_texts_find_it(stores: Stores) {
    let titled = NewProduct {
        title: Some("Äpfel".into()),
        ..named("Zest")
    };
    stores.create(titled).await;
    stores.create(named("Bar")).await;
    assert_eq!(stores.names(query()).await, ["Zest", "Bar"]);
    let found = stores.names_where(|filter| filter.contains = Some("ÄPF".parse().unwrap()));
    assert_eq!(found.await, ["Zest"]);
    assert_eq!(stores.search("äpfel").await.hits[0].product.name, "Zest");
}
