use eggypro_domain::products::{
    Food, FoodChanges, MAX_IMAGES, Nested, NetContent, Nutrient, NutritionChanges, ProductChanges,
    ProductOption, Seo,
};
use eggypro_domain::{Slug, Validate, nfc};

use super::object::{Given, MemberError, Object};
use crate::record::{Record, RowError, quoted};

/// Reads the product of a line.
pub(super) fn read(line: &str, number: u64) -> Result<Record, Vec<RowError>> {
    let mut object = match Object::of(line) {
        Ok(object) => object,
        Err(error) if error.is_data() => {
            let message = "This line is not a JSON object of a product. Write one product a line";
            return Err(vec![RowError::new(number, "", line, message)]);
        }
        Err(error) => {
            let message = format!("This line is not JSON, from character {}", error.column());
            return Err(vec![RowError::new(number, "", line, message)]);
        }
    };
    let mut record = Record::default();
    record.changes.slug = object.parsed("slug").flatten();
    read_fields(&mut object, &mut record.changes);
    read_facts(&mut object, &mut record.changes);
    if record == Record::default() && object.errors.is_empty() {
        object.refuse(
            "",
            line,
            "This line has no member of a product, such as name",
        );
    }
    check(&mut object, &record);
    if object.errors.is_empty() {
        return Ok(record);
    }
    let errors = object.errors.into_iter();
    let errors = errors.map(
        |MemberError {
             path,
             value,
             message,
         }| { RowError::new(number, &path, &value, message) },
    );
    Err(errors.collect())
}

fn read_fields(object: &mut Object<'_>, changes: &mut ProductChanges) {
    let (name, price) = (object.text("name"), object.price("price", "Price"));
    let (description, details) = (object.text("description"), object.text("details"));
    let ingredients = object.texts("ingredients");
    changes.name = object.require("name", "Name", name);
    changes.description = object.require("description", "Description", description);
    changes.details = object.require("details", "Details", details);
    changes.price = object.require("price", "Price", price);
    changes.ingredients = object.require("ingredients", "Ingredients", ingredients);
    changes.images = object.texts("images").map(Option::unwrap_or_default);
    changes.stock_quantity = object
        .integer("stock_quantity")
        .map(Option::unwrap_or_default);
    changes.is_active = object
        .boolean("is_active")
        .map(|active| active.unwrap_or(true));
    changes.categories = read_categories(object);
    changes.publish_at = object.time("publish_at");
    changes.unpublish_at = object.time("unpublish_at");
    changes.low_stock_at = object.integer("low_stock_at");
    changes.title = object.text("title");
    changes.sku = object.parsed("sku");
    changes.gtin = object.parsed("gtin");
    changes.brand = object.text("brand");
    changes.list_price = object.price("list_price", "List price");
    changes.group = object.parsed("group");
}

/// Categories are slugs, or objects with a slug as the API shows them.
fn read_categories(object: &mut Object<'_>) -> Option<Vec<Slug>> {
    let categories = object.list("categories")?.unwrap_or_default();
    let mut slugs = vec![];
    for (at, category) in categories.into_iter().enumerate() {
        let json = category.get();
        let text = match Object::of(json) {
            Ok(mut category) => category.text("slug").flatten(),
            Err(_) => serde_json::from_str(json).ok(),
        };
        match text.as_deref().map(str::parse::<Slug>) {
            Some(Ok(slug)) => slugs.push(slug),
            Some(Err(_)) => {
                let text = text.unwrap_or_default();
                let message = format!("Unknown category: {}", quoted(&text));
                object.refuse(&format!("categories[{at}]"), json, message);
            }
            None => {
                let message = "This must be the slug of a category";
                object.refuse(&format!("categories[{at}]"), json, message);
            }
        }
    }
    Some(slugs)
}

/// Reads the parts that have members of their own. Each is whole.
fn read_facts(object: &mut Object<'_>, changes: &mut ProductChanges) {
    let content = object.object("net_content", read_content);
    changes.net_content = content.map(|content| content.map(Nested::Set));
    let food = object.object("food", read_food);
    changes.food = food.map(|food| food.map(Nested::Set));
    let options = object.object("options", read_options);
    changes.options = options.map(|options| Nested::Set(options.unwrap_or_default()));
    changes.alt_texts = read_alt_texts(object);
    let seo = object.object("seo", |seo| {
        Some(Seo {
            title: seo.text("title").flatten(),
            description: seo.text("description").flatten(),
        })
    });
    changes.seo = seo.map(|seo| Nested::Set(seo.unwrap_or_default()));
}

fn read_content(content: &mut Object<'_>) -> Option<NetContent> {
    let value = content.decimal("value").or(absent(content, "value"));
    let unit = content.parsed("unit").or(absent(content, "unit"));
    let value = content.require("value", "Value", value);
    let unit = content.require("unit", "Unit", unit);
    let value = value?;
    match NetContent::new(value, unit?) {
        Ok(content) => Some(content),
        Err(rule) => {
            content.refuse("value", &value.to_string(), rule);
            None
        }
    }
}

/// Null for a member that is absent, but not for one that is wrong.
fn absent<T>(object: &Object<'_>, name: &str) -> Given<T> {
    object.json(name).is_none().then_some(None)
}

fn read_food(food: &mut Object<'_>) -> Option<Food> {
    let changes = FoodChanges {
        allergens: food.parsed_texts("allergens"),
        may_contain: food.parsed_texts("may_contain").flatten(),
        diets: food.parsed_texts("diets").flatten(),
        nutrition: food.object("nutrition", read_nutrition),
        origin_country: food.parsed("origin_country"),
        storage: food.text("storage"),
    };
    changes.applied_to(Food::default())
}

fn read_nutrition(nutrition: &mut Object<'_>) -> Option<NutritionChanges> {
    let basis = nutrition.parsed("basis").or(absent(nutrition, "basis"));
    let basis = nutrition.require("basis", "Basis", basis);
    let numbers = Nutrient::ALL.into_iter().filter_map(|nutrient| {
        let number = nutrition.decimal(nutrient.as_str())?;
        Some((nutrient, number))
    });
    let numbers = numbers.collect();
    basis.map(|basis| NutritionChanges {
        basis: Some(basis),
        numbers,
    })
}

fn read_options(options: &mut Object<'_>) -> Option<Vec<ProductOption>> {
    let mut read = vec![];
    let members: Vec<(String, &str)> = options.members().collect();
    for (name, json) in members {
        match serde_json::from_str::<Option<String>>(json) {
            Ok(Some(value)) => read.push(ProductOption {
                name: nfc(&name).into_owned(),
                value: nfc(&value).into_owned(),
            }),
            Ok(None) => {}
            Err(_) => options.refuse(&name, json, "This must be a text"),
        }
    }
    Some(read)
}

/// What the images show, from the members that the API calls `media`. What the server adds to them is ignored.
fn read_alt_texts(object: &mut Object<'_>) -> Option<Vec<Option<String>>> {
    let media = object.list("media")?.unwrap_or_default();
    if media.len() > MAX_IMAGES {
        let json = object.json("media").unwrap_or_default();
        object.refuse(
            "media",
            json,
            format!("At most {MAX_IMAGES} media are allowed"),
        );
        return None;
    }
    let mut texts = vec![];
    for (at, image) in media.into_iter().enumerate() {
        let path = format!("media[{at}]");
        match Object::of(image.get()) {
            Ok(mut image) => {
                texts.push(image.text("alt_text").flatten());
                for error in image.errors {
                    object.refuse(
                        &format!("{path}.{}", error.path),
                        &error.value,
                        error.message,
                    );
                }
            }
            Err(_) => object.refuse(&path, image.get(), "This must be an object"),
        }
    }
    Some(texts)
}

/// Adds the rules that the fields break. A member that has an error gets no other one.
fn check(object: &mut Object<'_>, record: &Record) {
    let report = record.changes.validate().err();
    for (path, rule) in report.iter().flat_map(|report| report.iter()) {
        let path = path.to_string();
        let path = match path.strip_prefix("alt_texts") {
            Some("") => "media".to_owned(),
            Some(index) => format!("media{index}.alt_text"),
            None => path,
        };
        let member = path.split(['[', '.']).next().unwrap_or_default();
        if !object.errors.iter().any(|error| error.path == path) {
            let json = object.json(member).unwrap_or_default();
            object.refuse(&path, json, rule.message());
        }
    }
}
