//! The columns of the CSV: how each is read and written.

mod basics;
mod food;
mod options;
mod read;

use eggypro_domain::products::Product;

use super::draft::Draft;
use crate::cells::Numbers;

/// A column of the CSV.
#[derive(Debug)]
pub(super) struct Column {
    /// Its name in the header.
    pub(super) name: &'static str,
    pub(super) section: Section,
    /// Whether its cells tell the decimal mark of a file.
    pub(super) has_decimals: bool,
    /// Reads a cell. The error is a message for people.
    pub(super) read: fn(&mut Draft, &str, Numbers) -> Result<(), String>,
    /// Writes the cell of a product, without guard and quotation marks.
    pub(super) write: fn(&Product, &mut String),
}

/// The part of a product that a column belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// A field of its own.
    Field,
    Options,
    Food,
    /// The nutrition of the food.
    Nutrition,
    Seo,
}

impl Section {
    pub(super) fn is_food(self) -> bool {
        matches!(self, Self::Food | Self::Nutrition)
    }
}

/// All columns, in the order in which they are written.
pub(super) fn all() -> impl Iterator<Item = &'static Column> + Clone {
    let before = basics::KEYS_AND_TEXTS.iter().chain(&basics::NUMBERS);
    let lists = basics::LISTS.iter().chain(&options::COLUMNS);
    let food = basics::CONTENT
        .iter()
        .chain(&food::STATEMENTS)
        .chain(&food::NUTRITION);
    before.chain(lists).chain(food).chain(&basics::SEO)
}

/// The name of the column for the path of a field, as validation reports it.
pub(super) fn of_path(path: &str) -> &'static str {
    let path = path.split('[').next().unwrap_or_default();
    let name = match path {
        "seo.title" => "seo_title",
        "seo.description" => "seo_description",
        "food.nutrition.basis" => "nutrition_basis",
        "options" => "option_1_name",
        _ => path.rsplit('.').next().unwrap_or_default(),
    };
    all()
        .find(|column| column.name == name)
        .map_or("", |column| column.name)
}
