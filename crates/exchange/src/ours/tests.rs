use std::io::Cursor;

use eggypro_domain::products::{Allergen, FoodChanges, Nutrient};

use super::*;

fn read(text: &str) -> Vec<Row> {
    let table = Table::open(Cursor::new(text.to_owned())).unwrap();
    rows(table).unwrap().collect::<Result<_, _>>().unwrap()
}

fn record(text: &str) -> Record {
    read(text).pop().unwrap().product.unwrap()
}

/// The errors of all rows.
fn errors(text: &str) -> Vec<String> {
    let errors = read(text)
        .into_iter()
        .filter_map(|row| row.product.err())
        .flatten();
    errors
        .map(|error| {
            format!(
                "{} {} {:?}: {}",
                error.row, error.column, error.value, error.message
            )
        })
        .collect()
}

#[test]
fn columns_have_different_names() {
    let mut names: Vec<&str> = columns::all().map(|column| column.name).collect();
    assert_eq!(names.len(), 45);
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 45);
}

#[test]
fn only_the_columns_of_the_file_change() {
    let record = record("Preis;SKU;Stock quantity;PRICE\nx;A-1;;1.234,50 €\n");
    assert_eq!(record.sku().map(|sku| sku.as_str()), Some("A-1"));
    let mut expected = Record::default();
    expected.changes.sku = Some("A-1".parse().ok());
    expected.changes.price = "1234.50".parse().ok();
    assert_eq!(record, expected);
}

#[test]
fn empty_cells_empty_what_can_be_empty() {
    let header = "sku,gtin,title,brand,list_price,low_stock_at,publish_at,categories,images,alt_texts,group,net_content,seo_title,seo_description,slug,is_active";
    let record = record(&format!("{header}\nA{}\n", ",".repeat(15)));
    let changes = record.changes;
    assert_eq!(
        (changes.gtin, changes.title, changes.brand),
        (Some(None), Some(None), Some(None))
    );
    assert_eq!(
        (changes.list_price, changes.low_stock_at, changes.publish_at),
        (Some(None), Some(None), Some(None))
    );
    assert_eq!(
        (changes.categories, changes.images, changes.alt_texts),
        (Some(vec![]), Some(vec![]), Some(vec![]))
    );
    assert_eq!(
        (changes.group, changes.net_content),
        (Some(None), Some(None))
    );
    assert_eq!(changes.seo, Some(Nested::Set(Seo::default())));
    assert_eq!((changes.slug, changes.is_active), (None, None));
}

#[test]
fn wrong_cells_are_reported_with_their_columns() {
    let text = "SKU,GTIN,Name,Price,Stock Quantity,is_active,publish_at,net_content,Categories\n\
                a b,4.00638E+12,,-1,1.5,maybe,5.1.2026,1 oz,Egg White\n\
                A,,Egg & Co,\"1,234\",1,1,,1 kg,egg\n\
                A,,Egg,1234.567,1,1,,,egg\n";
    assert_eq!(
        errors(text),
        [
            "2 SKU \"a b\": SKU must contain only letters, numbers, dots, underscores, and hyphens",
            "2 GTIN \"4.00638E+12\": A spreadsheet has changed this number. Format the column as text and enter the GTIN again",
            "2 Name \"\": Name is required",
            "2 Price \"-1\": Price must be positive",
            "2 Stock Quantity \"1.5\": This must be a whole number",
            "2 is_active \"maybe\": This is neither yes nor no: write true or false",
            "2 publish_at \"5.1.2026\": This is not a time: write it as 2027-01-05T10:00:00Z or 2027-01-05",
            "2 Categories \"Egg White\": Unknown category: Egg White. Write the slugs of categories",
            "2 net_content \"1 oz\": Net content must have one of the units g, kg, ml, l, piece",
            "3 Name \"Egg & Co\": Name contains invalid characters",
            "4 Price \"1234.567\": Price must have at most two decimals",
        ]
    );
    let rows = read(text);
    assert_eq!(rows[0].cells[1], "4.00638E+12");
    // Without another number, nothing tells what `1,234` means.
    assert_eq!(
        errors("sku,price\nA,\"1,234\"\n"),
        ["2 price \"1,234\": This can mean 1234 or 1.234: write 1234.00 or 1.2340"]
    );
}

#[test]
fn rules_between_columns_are_reported_at_a_column() {
    let text = "slug,price,list_price,images,alt_texts,option_1_name,option_1_value,option_2_name,option_2_value,nutrition_basis,fat,saturates,allergens,diets,seo_title\n\
                search,5,4,ftp://a,a|b,Size,1,size,2,100 g,1,2,milk,vegan,a\u{1}b\n\
                egg,5,6,,,Size,,,1,,1,,x,,\n";
    let long = "Allergen must be one of gluten, crustaceans, eggs, fish, peanuts, soybeans, milk, nuts, celery, mustard, sesame, sulphites, lupin, molluscs, or none";
    let mut found = errors(text);
    found.sort();
    let mut expected = vec![
        "2 slug \"search\": Slug is reserved: search".to_owned(),
        "2 list_price \"4\": List price must be above the price".into(),
        "2 images \"ftp://a\": Image URL must be an absolute http or https URL".into(),
        "2 alt_texts \"a|b\": Media must not have more entries than images".into(),
        "2 option_1_name \"Size\": Option name given twice: size".into(),
        "2 saturates \"2\": Saturates must not exceed fat".into(),
        "2 diets \"vegan\": Diets contradict the allergens: vegan and milk".into(),
        "2 seo_title \"a\\u{1}b\": SEO title must not contain control characters".into(),
        "3 option_1_value \"\": This option has no value".into(),
        "3 option_2_name \"\": The value of this option has no name".into(),
        "3 nutrition_basis \"\": Basis is required with nutrition: write 100 g or 100 ml".into(),
        format!("3 allergens \"x\": {long}"),
    ];
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn some_columns_of_a_food_are_merged() {
    let record = record("sku,allergens,Nutrition basis,fat\nA,\"Milk, EGGS\",100g,\"0,5\"\n");
    let Some(Some(Nested::Merge(food))) = record.changes.food else {
        panic!("{record:?}");
    };
    assert_eq!(
        food.allergens,
        Some(Some([Allergen::Eggs, Allergen::Milk].into()))
    );
    let numbers = food.nutrition.clone().flatten().unwrap().numbers;
    assert_eq!(numbers, [(Nutrient::Fat, Some("0.5".parse().unwrap()))]);
    assert_eq!(food.diets, None);

    let record = super::tests::record("sku,allergens,diets\nA,none,\n");
    let expected = FoodChanges {
        allergens: Some(Some([].into())),
        diets: Some([].into()),
        ..FoodChanges::default()
    };
    assert_eq!(record.changes.food, Some(Some(Nested::Merge(expected))));
}

#[test]
fn texts_stay_as_they_are() {
    let record = record("sku,description,ingredients\nA,\"'=1+1 \n\",a\\|b | c\n");
    assert_eq!(record.changes.description.as_deref(), Some("=1+1 \n"));
    assert_eq!(
        record.changes.ingredients,
        Some(vec!["a|b".into(), "c".into()])
    );
    // Two code points are one letter.
    let record = super::tests::record("sku,title\nA,Cafe\u{301}\n");
    assert_eq!(record.changes.title, Some(Some("Café".into())));
}

#[test]
fn the_decimal_mark_of_a_file_is_used() {
    let text = "sku;price;net_content\nA;1.234;1,234 kg\nB;39,90;\n";
    let record = read(text).swap_remove(0).product.unwrap();
    assert_eq!(record.changes.price, "1234".parse().ok());
    let mut cell = String::new();
    let Some(Some(Nested::Set(content))) = record.changes.net_content else {
        panic!("{record:?}");
    };
    cells::write_content(content, &mut cell);
    assert_eq!(cell, "1.2340 kg");
}
