use eggypro_domain::Slug;
use eggypro_domain::products::{MAX_IMAGES, ProductChanges};

use super::columns::Column;
use super::row::RowCells;
use super::values;
use crate::plain_name::plain_name;

/// The slugs of the category that WooCommerce gives to products without one, in English and German.
const NO_CATEGORY: [&str; 2] = ["uncategorized", "unkategorisiert"];

/// What a product shares with its variations. A field without a column is `None`, a text also if it is empty.
#[derive(Debug, Clone, Default)]
pub(super) struct Content {
    pub(super) title: Option<String>,
    pub(super) short_description: Option<String>,
    pub(super) description: Option<String>,
    pub(super) categories: Option<Vec<Slug>>,
    pub(super) images: Option<Vec<String>>,
    pub(super) brand: Option<Option<String>>,
    pub(super) is_active: Option<bool>,
}

impl Content {
    pub(super) fn read(row: &mut RowCells<'_>) -> Self {
        let title = row.text(Column::Name).map(|name| values::label(&name));
        Self {
            title: title.filter(|title| !title.is_empty()),
            short_description: text(row, Column::ShortDescription),
            description: text(row, Column::Description),
            categories: categories(row),
            images: images(row),
            brand: brand(row),
            is_active: is_active(row),
        }
    }

    /// What a variation shows: its own content, and that of its parent where it has none. Its picture comes first, then
    /// those of its parent.
    pub(super) fn inherit(self, parent: &Self) -> Self {
        let inherited = (parent.short_description.clone(), parent.description.clone());
        let (short_description, description) = match (self.short_description, self.description) {
            (Some(short), Some(long)) => (Some(short), Some(long)),
            (Some(text), None) | (None, Some(text)) => (Some(text), inherited.1.or(inherited.0)),
            (None, None) => inherited,
        };
        let categories = self.categories.filter(|own| !own.is_empty());
        Self {
            title: self.title,
            short_description,
            description,
            categories: categories.or_else(|| parent.categories.clone()),
            images: joined(self.images, parent.images.as_deref()),
            brand: match self.brand {
                Some(Some(brand)) => Some(Some(brand)),
                _ => parent.brand.clone(),
            },
            is_active: match (self.is_active, parent.is_active) {
                (Some(own), Some(of_parent)) => Some(own && of_parent),
                (own, of_parent) => own.or(of_parent),
            },
        }
    }

    /// Adds the content to the changes of a product, except its name.
    pub(super) fn apply_to(self, changes: &mut ProductChanges) {
        // A product has a short text and details. An only text is the short one.
        (changes.description, changes.details) = match self.short_description {
            Some(short) => (Some(short), self.description),
            None => (self.description, None),
        };
        changes.categories = self.categories;
        changes.images = self.images;
        changes.brand = self.brand;
        changes.is_active = self.is_active;
    }

    /// The size in bytes.
    pub(super) fn size(&self) -> usize {
        let texts = [&self.title, &self.short_description, &self.description];
        let texts = texts.into_iter().flatten().map(String::len).sum::<usize>();
        let images = self.images.iter().flatten().map(|url| url.len() + 24);
        let categories = self.categories.iter().flatten();
        let categories = categories.map(|slug| slug.as_str().len() + 24);
        size_of::<Self>() + texts + images.sum::<usize>() + categories.sum::<usize>()
    }
}

/// Sets the name and the title of a product.
pub(super) fn set_title(row: &mut RowCells<'_>, changes: &mut ProductChanges, title: &str) {
    match plain_name(title) {
        Some(name) => {
            changes.title = Some((name != title).then(|| title.to_owned()));
            changes.name = Some(name);
        }
        None => row.refuse(Column::Name, "Name must have a letter or a digit"),
    }
}

fn text(row: &RowCells<'_>, column: Column) -> Option<String> {
    let text = values::description(&row.text(column)?);
    (!text.is_empty()).then_some(text)
}

/// The last names of paths such as `Food > Bars`: only they are the product's categories.
fn categories(row: &mut RowCells<'_>) -> Option<Vec<Slug>> {
    let mut slugs: Vec<Slug> = vec![];
    for path in values::list(&row.cell(Column::Categories)?) {
        let name = values::label(path.rsplit('>').next().unwrap_or_default());
        match Slug::from_name(&name) {
            Some(slug) if slugs.contains(&slug) || NO_CATEGORY.contains(&slug.as_str()) => {}
            Some(slug) => slugs.push(slug),
            None => row.refuse(
                Column::Categories,
                "The name of a category must have a letter or a digit",
            ),
        }
    }
    Some(slugs)
}

fn images(row: &RowCells<'_>) -> Option<Vec<String>> {
    let urls = values::list(&row.cell(Column::Images)?);
    joined(Some(urls), None)
}

/// URLs, each once. Those that are inherited are cut to the allowed number.
fn joined(own: Option<Vec<String>>, inherited: Option<&[String]>) -> Option<Vec<String>> {
    if own.is_none() && inherited.is_none() {
        return None;
    }
    let mut urls: Vec<String> = vec![];
    for url in own.into_iter().flatten() {
        if !urls.contains(&url) {
            urls.push(url);
        }
    }
    for url in inherited.unwrap_or_default() {
        if urls.len() < MAX_IMAGES && !urls.contains(url) {
            urls.push(url.clone());
        }
    }
    Some(urls)
}

/// The first brand. It may be a path like those of categories.
fn brand(row: &RowCells<'_>) -> Option<Option<String>> {
    let brands = values::list(&row.cell(Column::Brands)?);
    let name = brands.first().and_then(|path| path.rsplit('>').next());
    Some(name.map(values::label).filter(|name| !name.is_empty()))
}

/// Whether a product is published and shown.
fn is_active(row: &mut RowCells<'_>) -> Option<bool> {
    let visibility = row.text(Column::Visibility);
    let is_hidden = visibility.is_some_and(|text| text.eq_ignore_ascii_case("hidden"));
    let is_published = row.nullable(Column::Published, published);
    match is_hidden {
        true => Some(false),
        // WooCommerce reads an empty cell as a draft.
        false => is_published.map(|is_published| is_published.unwrap_or(false)),
    }
}

/// Reads 1 for published, 0 for private, -1 for a draft and 2 for pending review.
fn published(text: &str) -> Result<bool, &'static str> {
    match text.to_lowercase().as_str() {
        "1" | "true" | "wahr" => Ok(true),
        "0" | "-1" | "2" | "false" | "falsch" => Ok(false),
        _ => Err("Published must be 1, 0 or -1"),
    }
}
