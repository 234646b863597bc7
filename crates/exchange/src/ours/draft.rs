use eggypro_domain::products::{
    Food, FoodChanges, Nested, NutritionChanges, ProductOption, Seo, SeoChanges,
};

use super::{Column, Section};
use crate::record::Record;

/// The errors of a row, by the names of their columns.
pub(super) type Errors = Vec<(&'static str, String)>;

/// A record while its row is read. Parts with members of their own are put together at the end.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) record: Record,
    /// The names and values of the options, by position.
    pub(super) options: [(String, String); 3],
    pub(super) food: FoodChanges,
    pub(super) nutrition: NutritionChanges,
    pub(super) seo: SeoChanges,
    /// Whether a column of the food has text.
    pub(super) has_food: bool,
}

/// Which of the parts a table has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    options: Part,
    food: Part,
    nutrition: Part,
    /// Whether it has the basis of the nutrition.
    has_basis: bool,
    seo: Part,
}

/// How much of a part a table has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Absent,
    /// Some columns are missing. Their members stay as they are.
    Some,
    Whole,
}

impl Extent {
    /// Counts the columns of each part.
    pub(super) fn of(columns: impl Iterator<Item = &'static Column> + Clone) -> Self {
        let part = |is_of: fn(Section) -> bool| {
            let has = columns
                .clone()
                .filter(|column| is_of(column.section))
                .count();
            let all = super::columns::all().filter(|column| is_of(column.section));
            match has {
                0 => Part::Absent,
                has if has == all.count() => Part::Whole,
                _ => Part::Some,
            }
        };
        Self {
            options: part(|section| section == Section::Options),
            food: part(Section::is_food),
            nutrition: part(|section| section == Section::Nutrition),
            has_basis: columns
                .clone()
                .any(|column| column.name == "nutrition_basis"),
            seo: part(|section| section == Section::Seo),
        }
    }
}

impl Draft {
    /// Puts the parts together.
    pub(super) fn finish(mut self, extent: Extent, errors: &mut Errors) -> Record {
        if extent.options != Part::Absent {
            let options = options(std::mem::take(&mut self.options), errors);
            self.record.changes.options = Some(Nested::Set(options));
        }
        if extent.nutrition != Part::Absent {
            self.food.nutrition = nutrition(
                std::mem::take(&mut self.nutrition),
                extent.has_basis,
                errors,
            );
        }
        // A storage text can be blank.
        let has_food = self.has_food || self.food.storage.iter().flatten().next().is_some();
        let changes = &mut self.record.changes;
        changes.food = match extent.food {
            Part::Absent => None,
            Part::Some => Some(Some(Nested::Merge(self.food))),
            Part::Whole if !has_food => Some(None),
            Part::Whole => Some(self.food.applied_to(Food::default()).map(Nested::Set)),
        };
        changes.seo = match extent.seo {
            Part::Absent => None,
            Part::Some => Some(Nested::Merge(self.seo)),
            Part::Whole => Some(Nested::Set(self.seo.applied_to(Seo::default()))),
        };
        self.record
    }
}

fn options(cells: [(String, String); 3], errors: &mut Errors) -> Vec<ProductOption> {
    const COLUMNS: [(&str, &str); 3] = [
        ("option_1_name", "option_1_value"),
        ("option_2_name", "option_2_value"),
        ("option_3_name", "option_3_value"),
    ];
    let mut options = vec![];
    for ((name, value), columns) in cells.into_iter().zip(COLUMNS) {
        match (name.is_empty(), value.is_empty()) {
            (true, true) => {}
            (true, false) => {
                errors.push((columns.0, "The value of this option has no name".into()))
            }
            (false, true) => errors.push((columns.1, "This option has no value".into())),
            (false, false) => options.push(ProductOption { name, value }),
        }
    }
    options
}

/// The changes of the nutrition; `Some(None)` if all its cells are empty. Without the column of its basis, the numbers
/// alone change.
fn nutrition(
    changes: NutritionChanges,
    has_basis: bool,
    errors: &mut Errors,
) -> Option<Option<NutritionChanges>> {
    if !has_basis {
        return Some(Some(changes));
    }
    let has_number = changes.numbers.iter().any(|(_, number)| number.is_some());
    match changes.basis {
        Some(_) => Some(Some(changes)),
        None if has_number => {
            let message = "Basis is required with nutrition: write 100 g or 100 ml";
            errors.push(("nutrition_basis", message.to_owned()));
            None
        }
        None => Some(None),
    }
}
