//! Columns of this shop, and metafields.

use eggypro_domain::products::{ContentUnit, Nested, NewProduct};

use super::*;

const METAFIELD: &str = "Ingredients (product.metafields.custom.ingredients)";

fn new(row: Row) -> NewProduct {
    row.product.unwrap().into_new().unwrap()
}

#[test]
fn a_plain_export_with_a_metafield_makes_new_products() {
    let rows = read(&format!(
        "Handle,Title,Body (HTML),Option1 Name,Option1 Value,Variant Price,{METAFIELD}\n\
         whey,Whey,<p>Milk protein</p>,Size,1 kg,39.90,\"Whey (milk), flavouring.\"\n\
         whey,,,,2 kg,69.90,\n"
    ));
    assert_eq!(rows.len(), 2);
    for product in rows.into_iter().map(new) {
        assert_eq!(product.ingredients, ["Whey (milk)", "flavouring"]);
        assert_eq!(product.details, "Milk protein");
        assert_eq!(product.description, "Milk protein");
    }
}

#[test]
fn a_variant_can_have_its_own_cells() {
    let rows = read(
        "Handle,Title,Body (HTML),Vendor,Option1 Name,Option1 Value,Variant Price,Variant Grams,ingredients,details,brand,\
         allergens,diets,Low stock at,net_content\n\
         whey,Whey,Short text,Vendor,Taste,Plain,9,1030,Whey|Salt,Long text,Own,milk,vegetarian,3,1 kg\n\
         whey,,,,,Egg,9,1030,Egg white,,,\"eggs,milk\",,,\n",
    );
    let products: Vec<NewProduct> = rows.into_iter().map(new).collect();
    let [plain, egg] = products.as_slice() else {
        panic!("{products:?}");
    };
    assert_eq!(plain.ingredients, ["Whey", "Salt"]);
    assert_eq!(egg.ingredients, ["Egg white"]);
    let allergens = |product: &NewProduct| {
        let food = product.food.as_ref().unwrap();
        assert_eq!(food.diets.len(), 1);
        food.allergens.as_ref().map(|allergens| allergens.len())
    };
    assert_eq!((allergens(plain), allergens(egg)), (Some(1), Some(2)));
    for product in &products {
        assert_eq!(product.details, "Long text");
        assert_eq!(product.brand.as_deref(), Some("Own"));
        assert_eq!(product.low_stock_at, Some(3));
        let content = product.net_content.unwrap();
        assert_eq!(
            (content.value(), content.unit()),
            (1.into(), ContentUnit::Kilogram)
        );
    }
}

#[test]
fn empty_cells_change_nothing() {
    let header = format!("Handle,Title,Vendor,brand,ingredients,fat,{METAFIELD}");
    let record = record(read(&format!("{header}\nwhey,Whey,Vendor,,,,\n")));
    assert_eq!(record.changes.brand, Some(Some("Vendor".to_owned())));
    assert_eq!(record.changes.ingredients, None);
    assert_eq!(record.changes.food, None);
    let errors = record.into_new().unwrap_err();
    let error = errors.iter().find(|error| error.field == "ingredients");
    assert_eq!(
        error.unwrap().message,
        "Ingredients is required for a new product: add a column ingredients"
    );
}

#[test]
fn wrong_cells_are_reported_once() {
    let long = "a".repeat(256);
    let rows = read(&format!(
        "Handle,Title,Option1 Name,Option1 Value,Variant Price,{METAFIELD},low_stock_at,allergens,diets\n\
         whey,Whey,Size,S,1,{long},many,,\n\
         whey,,,M,1,,,,\n\
         bar,Bar,Size,S,1,Egg,1,eggs,vegan\n\
         egg,Egg,Size,S,1,Egg,1,,vegan\n\
         egg,,,M,1,,,eggs,\n"
    ));
    let expected = [
        (2, "low_stock_at"),
        (2, METAFIELD),
        (3, ""),
        (4, "diets"),
        (6, "diets"),
    ];
    assert_eq!(errors(&rows), expected);
    assert_eq!(slugs(&rows), [(5, "egg-s")]);
}

#[test]
fn the_food_of_the_shop_is_changed_in_part() {
    let record = record(read("Handle,Title,fat\nwhey,Whey,\"0,5\"\n"));
    assert!(matches!(record.changes.food, Some(Some(Nested::Merge(_)))));
}
