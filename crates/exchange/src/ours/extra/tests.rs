use std::io::Cursor;

use eggypro_domain::products::{Allergen, FoodChanges, Nested};

use super::*;

fn key_of(name: &str) -> Option<&str> {
    name.strip_prefix("Field ")
}

/// The columns of a table, and the cells of its rows.
fn read(text: &str) -> (Extra, Vec<Vec<String>>) {
    let mut table = Table::open(Cursor::new(text.to_owned())).unwrap();
    let extra = Extra::of(&table, key_of);
    let rows = std::iter::from_fn(|| Some(table.next_row()?.unwrap().1));
    (extra, rows.collect())
}

#[test]
fn an_own_column_goes_before_a_field() {
    let (extra, rows) = read(
        "ingredients;Field INGREDIENTS;Field other;Field Details;Brand\n\
         A|B;C, D;x;<p>E</p>;\n\
         ;C, D;x;;F\n\
         ;[];;;\n",
    );
    let changes: Vec<ProductChanges> = rows
        .iter()
        .map(|row| {
            let mut changes = ProductChanges::default();
            changes.brand = Some(None);
            assert_eq!(extra.apply(&extra.cells(row), &mut changes), []);
            changes
        })
        .collect();
    let ingredients = |at: usize| changes[at].ingredients.clone().unwrap_or_default();
    assert_eq!(ingredients(0), ["A", "B"]);
    assert_eq!(ingredients(1), ["C", "D"]);
    assert_eq!(changes[2].ingredients, None);
    assert_eq!(changes[0].details.as_deref(), Some("E"));
    assert_eq!(changes[0].brand, Some(None));
    assert_eq!(changes[1].brand, Some(Some("F".to_owned())));
}

#[test]
fn cells_of_a_parent_are_inherited_one_by_one() {
    let (extra, rows) = read(
        "allergens;fat;nutrition_basis;ingredients;Field ingredients\n\
         milk;0,5;100 g;A;\n\
         eggs;;;;B\n",
    );
    let parent = extra.cells(&rows[0]);
    let cells = parent.clone().with(extra.cells(&rows[1]));
    let mut changes = ProductChanges::default();
    assert_eq!(extra.apply(&cells, &mut changes), []);
    assert_eq!(changes.ingredients, Some(vec!["B".to_owned()]));
    let Some(Some(Nested::Merge(FoodChanges {
        allergens,
        nutrition,
        diets: None,
        ..
    }))) = changes.food
    else {
        panic!("{:?}", changes.food);
    };
    assert_eq!(allergens, Some(Some([Allergen::Eggs].into())));
    assert_eq!(
        nutrition.flatten().map(|changes| changes.numbers.len()),
        Some(1)
    );
    assert!(parent.size() > "milk0,5100 gA".len());
}

#[test]
fn wrong_cells_have_their_places() {
    let (extra, rows) = read("low_stock_at;net_content;fat;brand;Vendor\nmany;1 oz;-1;;x\n");
    let mut changes = ProductChanges::default();
    let errors = extra.apply(&extra.cells(&rows[0]), &mut changes);
    let places: Vec<usize> = errors.into_iter().map(|(at, _)| at).collect();
    assert_eq!(places, [0, 1]);
    assert_eq!(extra.at("food.nutrition.fat", &rows[0]), Some(2));
    assert_eq!(extra.at("brand", &rows[0]), None);
    assert_eq!(extra.at("price", &rows[0]), None);
    assert_eq!(changes.low_stock_at, None);
}
