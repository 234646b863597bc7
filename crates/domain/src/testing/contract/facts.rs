use std::collections::BTreeMap;

use super::{Stores, named, slug, valid};
use crate::products::{
    Allergen, ContentUnit, Contradiction, Diet, Expected, Food, FoodChanges, Nested, NetContent,
    NetContentChanges, NewProduct, Nutrient, Nutrition, NutritionBasis, NutritionChanges, Product,
    ProductChanges, ProductError, ProductOption, Seo, SeoChanges, VariantClash,
};

const FRONT: &str = "https://example.com/front.jpg";
const BACK: &str = "https://example.com/back.jpg";

/// A product with everything that a food can have.
fn complete(name: &str) -> NewProduct {
    let mut nutrition = Nutrition::new(NutritionBasis::HundredGrams);
    nutrition.fat = Some("0.40".parse().unwrap());
    nutrition.protein = Some("82".parse().unwrap());
    NewProduct {
        title: Some("Crème Brûlée 1 kg".into()),
        sku: Some("EP-CB.1_0".parse().unwrap()),
        gtin: Some("4006381333931".parse().unwrap()),
        brand: Some("Œuf".into()),
        list_price: Some("44.90".parse().unwrap()),
        net_content: Some(NetContent::new("0.75".parse().unwrap(), ContentUnit::Litre).unwrap()),
        food: Some(Food {
            allergens: Some([Allergen::Eggs].into()),
            may_contain: [Allergen::Milk, Allergen::Gluten].into(),
            diets: [Diet::Vegetarian].into(),
            nutrition: Some(nutrition),
            origin_country: Some("DE".parse().unwrap()),
            storage: Some("Keep dry.\nCool.".into()),
        }),
        group: Some(slug("powder")),
        options: options(&[("Size", "1 kg"), ("Flavour", "Crème")]),
        images: vec![FRONT.into(), BACK.into()],
        alt_texts: vec![None, Some("The label".into())],
        seo: Seo {
            title: Some("Powder".into()),
            description: None,
        },
        ..named(name)
    }
}

fn options(pairs: &[(&str, &str)]) -> Vec<ProductOption> {
    let pairs = pairs.iter();
    let options = pairs.map(|(name, value)| ProductOption {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
    });
    options.collect()
}

impl Stores {
    async fn change(
        &self,
        product: &Product,
        changes: ProductChanges,
    ) -> Result<Product, ProductError> {
        self.products
            .update(&product.slug, valid(changes), Expected::Any)
            .await
    }

    async fn try_create(&self, product: NewProduct) -> Result<Product, ProductError> {
        let of = product.slug().unwrap();
        self.products.create(of, valid(product)).await
    }
}

pub async fn facts_are_kept_as_given(stores: Stores) {
    let new = complete("Powder");
    let made = stores.create(new.clone()).await;
    assert_eq!(made.title, new.title);
    assert_eq!(
        (&made.sku, &made.gtin, &made.brand),
        (&new.sku, &new.gtin, &new.brand)
    );
    assert_eq!(made.list_price, new.list_price);
    assert_eq!(made.net_content, new.net_content);
    assert_eq!(made.food, new.food);
    assert_eq!(
        (&made.group, &made.options, &made.seo),
        (&new.group, &new.options, &new.seo)
    );
    let texts = BTreeMap::from([(BACK.to_owned(), "The label".to_owned())]);
    assert_eq!(made.alt_texts, texts);
    assert_eq!(stores.find(&made).await, made);
}

pub async fn a_replacement_without_facts_empties_them(stores: Stores) {
    let made = stores.create(complete("Powder")).await;
    let bare = stores.create(named("Bare")).await;
    let changes = ProductChanges::from(named("Powder"));
    let replaced = stores.change(&made, changes).await.unwrap();
    let expected = Product {
        id: made.id,
        name: made.name.clone(),
        slug: made.slug.clone(),
        version: 2,
        created_at: made.created_at,
        updated_at: replaced.updated_at,
        ..bare
    };
    assert_eq!(replaced, expected);
    assert_eq!(stores.find(&replaced).await, replaced);
}

pub async fn nested_changes_leave_the_other_members(stores: Stores) {
    let made = stores.create(complete("Powder")).await;
    let changed = stores.change(
        &made,
        ProductChanges {
            net_content: Some(Some(Nested::Merge(NetContentChanges {
                value: Some("1.5".parse().unwrap()),
                unit: None,
            }))),
            food: Some(Some(Nested::Merge(FoodChanges {
                nutrition: Some(Some(NutritionChanges {
                    basis: None,
                    numbers: vec![
                        (Nutrient::Fat, None),
                        (Nutrient::Salt, Some("2.1".parse().unwrap())),
                    ],
                })),
                storage: Some(None),
                ..FoodChanges::default()
            }))),
            options: Some(Nested::Merge(vec![
                ("Flavour".into(), None),
                ("Size".into(), Some("2 kg".into())),
                ("Pack".into(), Some("Bag".into())),
            ])),
            seo: Some(Nested::Merge(SeoChanges {
                title: None,
                description: Some(Some("Fine".into())),
            })),
            ..ProductChanges::default()
        },
    );
    let changed = changed.await.unwrap();
    let mut expected = made.clone();
    expected.net_content =
        Some(NetContent::new("1.5".parse().unwrap(), ContentUnit::Litre).unwrap());
    let food = expected.food.as_mut().unwrap();
    food.storage = None;
    let nutrition = food.nutrition.as_mut().unwrap();
    nutrition.fat = None;
    nutrition.salt = Some("2.1".parse().unwrap());
    expected.options = options(&[("Size", "2 kg"), ("Pack", "Bag")]);
    expected.seo.description = Some("Fine".into());
    (expected.version, expected.updated_at) = (2, changed.updated_at);
    assert_eq!(changed, expected);
    assert_eq!(stores.find(&changed).await, changed);

    // What is so already is no change.
    let same = ProductChanges {
        seo: Some(Nested::Merge(SeoChanges::default())),
        title: Some(made.title.clone()),
        ..ProductChanges::default()
    };
    assert_eq!(stores.change(&changed, same).await.unwrap(), changed);
}

pub async fn changes_must_fit_what_a_product_has(stores: Stores) {
    let made = stores.create(complete("Powder")).await;
    let mut food = made.food.clone().unwrap();
    food.diets = [Diet::Vegan].into();
    let changes = ProductChanges {
        price: Some("44.90".parse().unwrap()),
        alt_texts: Some(vec![None, None, Some("None".into())]),
        food: Some(Some(Nested::Merge(FoodChanges {
            diets: Some(food.diets),
            ..FoodChanges::default()
        }))),
        ..ProductChanges::default()
    };
    let Err(ProductError::Contradicts(rules)) = stores.change(&made, changes).await else {
        unreachable!("the change breaks rules");
    };
    let fields: Vec<&str> = rules.iter().map(|rule| rule.field.as_str()).collect();
    assert_eq!(fields, ["list_price", "media", "food.diets"]);

    let bare = stores.create(named("Bare")).await;
    let changes = ProductChanges {
        food: Some(Some(Nested::Merge(FoodChanges {
            nutrition: Some(Some(NutritionChanges::default())),
            ..FoodChanges::default()
        }))),
        net_content: Some(Some(Nested::Merge(NetContentChanges {
            value: None,
            unit: Some(ContentUnit::Gram),
        }))),
        ..ProductChanges::default()
    };
    let Err(ProductError::Contradicts(rules)) = stores.change(&bare, changes).await else {
        unreachable!("the change breaks rules");
    };
    let required = |field: &str, name: &str| Contradiction {
        field: field.to_owned(),
        message: format!("{name} is required"),
    };
    assert_eq!(
        rules,
        [
            required("net_content.value", "Value"),
            required("food.nutrition.basis", "Basis")
        ]
    );
    assert_eq!(stores.find(&made).await, made);
}

pub async fn skus_and_gtins_are_unique(stores: Stores) {
    let made = stores.create(complete("Powder")).await;
    let of_sku = NewProduct {
        sku: Some("ep-cb.1_0".parse().unwrap()),
        ..named("Other")
    };
    let taken = stores.try_create(of_sku).await;
    assert!(matches!(taken, Err(ProductError::SkuTaken)), "{taken:?}");
    // The same number with a zero in front.
    let of_gtin = NewProduct {
        gtin: Some("04006381333931".parse().unwrap()),
        ..named("Other")
    };
    let taken = stores.try_create(of_gtin).await;
    assert!(matches!(taken, Err(ProductError::GtinTaken)), "{taken:?}");
    let other = stores.create(named("Other")).await;
    let changes = ProductChanges {
        sku: Some(made.sku.clone()),
        ..ProductChanges::default()
    };
    let taken = stores.change(&other, changes).await;
    assert!(matches!(taken, Err(ProductError::SkuTaken)), "{taken:?}");
    // A product keeps its own.
    let changes = ProductChanges {
        sku: Some(Some("EP-cb.1_0".parse().unwrap())),
        ..ProductChanges::default()
    };
    let changed = stores.change(&made, changes).await.unwrap();
    assert_eq!(changed.sku.unwrap().as_str(), "EP-cb.1_0");
}

pub async fn variants_of_a_group_differ_in_the_same_options(stores: Stores) {
    let made = stores.create(complete("Powder")).await;
    let variant = |pairs| NewProduct {
        group: made.group.clone(),
        options: options(pairs),
        ..named("Variant")
    };
    let same = &[("Flavour", "Crème"), ("Size", "1 kg")];
    let clash = stores.try_create(variant(same)).await;
    let Err(ProductError::VariantClash(clash)) = clash else {
        unreachable!("the values are those of another variant");
    };
    assert_eq!(clash, VariantClash::Values(made.slug.clone()));
    let clash = stores.try_create(variant(&[("Size", "2 kg")])).await;
    let Err(ProductError::VariantClash(clash)) = clash else {
        unreachable!("the names are not those of the group");
    };
    let names = vec!["Flavour".to_owned(), "Size".to_owned()];
    assert_eq!(clash, VariantClash::Names(names));
    let other = stores
        .create(variant(&[("Flavour", "Crème"), ("Size", "2 kg")]))
        .await;
    let changes = ProductChanges {
        options: Some(Nested::Merge(vec![("Size".into(), Some("1 kg".into()))])),
        ..ProductChanges::default()
    };
    let clash = stores.change(&other, changes.clone()).await;
    assert!(matches!(clash, Err(ProductError::VariantClash(_))));
    // Outside the group the same options do no harm.
    let left = ProductChanges {
        group: Some(None),
        ..changes
    };
    let left = stores.change(&other, left).await.unwrap();
    assert_eq!(left.group, None);
    let joined = ProductChanges {
        group: Some(made.group.clone()),
        ..ProductChanges::default()
    };
    let clash = stores.change(&left, joined).await;
    assert!(matches!(clash, Err(ProductError::VariantClash(_))));
}
