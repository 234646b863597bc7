//! The pictures of a product.

use std::collections::HashSet;

use eggypro_domain::Validate;
use eggypro_domain::products::{MAX_IMAGES, ProductChanges};

use super::cells::RowCells;
use super::columns::Column;
use crate::cells::{self, Numbers};

/// A picture of a product.
#[derive(Debug, Clone)]
struct Image {
    position: i64,
    url: String,
    alt_text: Option<String>,
    /// The number of its row.
    row: u64,
}

/// The pictures of a product, each URL once.
#[derive(Debug, Default)]
pub(super) struct Images {
    images: Vec<Image>,
}

impl Images {
    /// Adds the picture of a row, if it has one.
    pub(super) fn add(&mut self, row: u64, cells: &mut RowCells<'_>) {
        let Some(url) = url(cells, Column::Image) else {
            return;
        };
        let has_position = cells.text(Column::ImagePosition).is_some();
        let position = cells.read(Column::ImagePosition, position);
        let alt_text = cells.line(Column::ImageAltText);
        if let Some(rule) = alt_text.as_deref().and_then(broken_alt_text_rule) {
            cells.refuse(Column::ImageAltText, rule);
        } else if position.is_some() || !has_position {
            self.images.push(Image {
                // Pictures without a position come last, in the order of their rows.
                position: position.unwrap_or(i64::MAX),
                url,
                alt_text,
                row,
            });
        }
    }

    /// Sorts the pictures. Must be called after the last one was added. Returns the rows of those that are too many.
    pub(super) fn sort(&mut self) -> Vec<u64> {
        self.images.sort_by_key(|image| image.position);
        let mut seen = HashSet::new();
        self.images.retain(|image| seen.insert(image.url.clone()));
        let kept = self.images.len().min(MAX_IMAGES);
        let others = self.images.split_off(kept);
        others.into_iter().map(|image| image.row).collect()
    }

    /// Sets the pictures of a variant: its own one first, then those of the product.
    pub(super) fn set(&self, own: Option<String>, changes: &mut ProductChanges) {
        let own = own.as_deref();
        let described = self
            .images
            .iter()
            .find(|image| Some(image.url.as_str()) == own);
        let alt_text = described.and_then(|image| image.alt_text.clone());
        let others = self
            .images
            .iter()
            .filter(|image| Some(image.url.as_str()) != own);
        let others = others.map(|image| (image.url.clone(), image.alt_text.clone()));
        let own = own.map(|url| (url.to_owned(), alt_text));
        let (urls, alt_texts) = own.into_iter().chain(others).take(MAX_IMAGES).unzip();
        changes.images = Some(urls);
        changes.alt_texts = Some(alt_texts);
    }
}

/// The URL of a picture. A wrong one is reported.
pub(super) fn url(cells: &mut RowCells<'_>, column: Column) -> Option<String> {
    cells.read(column, |url| {
        let mut changes = ProductChanges::default();
        changes.images = Some(vec![url.to_owned()]);
        match broken_rule(&changes) {
            None => Ok(url.to_owned()),
            Some(rule) => Err(rule),
        }
    })
}

fn position(text: &str) -> Result<i64, String> {
    match cells::whole(text, Numbers::default())? {
        position @ 1.. => Ok(position),
        _ => Err("Image position must be 1 or more".to_owned()),
    }
}

fn broken_alt_text_rule(text: &str) -> Option<String> {
    let mut changes = ProductChanges::default();
    changes.alt_texts = Some(vec![Some(text.to_owned())]);
    // A text belongs to an image.
    changes.images = Some(vec!["https://shop.example/image".to_owned()]);
    broken_rule(&changes)
}

/// The first rule that changes break.
fn broken_rule(changes: &ProductChanges) -> Option<String> {
    let report = changes.validate().err()?;
    let error = report.iter().next();
    error.map(|(_, error)| error.message().to_owned())
}
