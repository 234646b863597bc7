//! Columns of this shop, and fields of plugins.

use super::*;

#[test]
fn new_products_have_the_ingredients_of_a_column_or_a_field() {
    for (name, cell) in [
        ("ingredients", "Egg white|Salt"),
        ("Meta: ingredients", "\"Egg white, Salt\""),
        ("Meta: _ingredients", "Egg white; Salt"),
    ] {
        let record = product(&format!(
            "SKU,Name,Description,Regular price,{name}\nA,Egg,<p>Text</p>,1,{cell}\n"
        ));
        let new = record.into_new().unwrap();
        assert_eq!(new.ingredients, ["Egg white", "Salt"], "{name}");
        assert_eq!(
            (new.description.as_str(), new.details.as_str()),
            ("Text", "Text")
        );
    }
    let record = product("SKU,Name,Description,Regular price\nA,Egg,Text,1\n");
    let errors = record.into_new().unwrap_err();
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["ingredients"]);
}

#[test]
fn variations_inherit_the_columns_of_this_shop() {
    let rows = read(
        "ID,Type,SKU,Name,Description,Regular price,Parent,Attribute 1 name,Attribute 1 value(s),ingredients,details,\
         allergens,brand\n\
         1,variable,BAR,Bar,Text,,,Taste,\"Egg, Nut\",Oats|Sugar,Long,gluten,Own\n\
         2,variation,BAR-1,,,1,BAR,Taste,Egg,,,,\n\
         3,variation,BAR-2,,,1,BAR,Taste,Nut,Oats|Nuts,,\"gluten,nuts\",\n",
    );
    let products = rows
        .into_iter()
        .map(|row| row.product.unwrap().into_new().unwrap());
    let products: Vec<_> = products.collect();
    let allergens = |at: usize| products[at].food.clone().unwrap().allergens.unwrap().len();
    assert_eq!(products[0].ingredients, ["Oats", "Sugar"]);
    assert_eq!(products[1].ingredients, ["Oats", "Nuts"]);
    assert_eq!((allergens(0), allergens(1)), (1, 2));
    for product in &products {
        assert_eq!(product.description, "Text");
        assert_eq!(product.details, "Long");
        assert_eq!(product.brand.as_deref(), Some("Own"));
    }
}

#[test]
fn wrong_cells_have_their_columns() {
    assert_eq!(
        errors(
            "SKU,Regular price,Low stock amount,low_stock_at,allergens,diets,Meta: details\n\
             A,1,1,many,milk,vegan,\n"
        ),
        [
            "2 low_stock_at [many]: This is not a whole number, such as 1200",
            "2 diets [vegan]: Diets contradict the allergens: vegan and milk",
        ]
    );
}
