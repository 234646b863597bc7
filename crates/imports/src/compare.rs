//! Compares rows with the products that they are about.

use std::collections::BTreeSet;

use eggypro_domain::imports::{BatchRow, Difference, ImportError, ImportMode, RowAction};
use eggypro_domain::products::{
    Contradiction, Expected, Product, ProductChanges, ProductCodes, ProductOperation,
};
use eggypro_domain::{Report, Unvalidated};
use eggypro_exchange::{FieldError, Record};

use crate::batches::CodedRow;
use crate::difference;

/// How the rows of an import are compared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Comparison {
    pub(crate) mode: ImportMode,
    /// Whether the differences are told.
    pub(crate) tells_differences: bool,
    /// Whether the row is written whatever has become of its product since.
    pub(crate) is_unconditional: bool,
}

/// What is to be done for a row.
struct Action {
    action: RowAction,
    difference: Option<Difference>,
}

impl From<RowAction> for Action {
    fn from(action: RowAction) -> Self {
        Self {
            action,
            difference: None,
        }
    }
}

impl Comparison {
    /// What is to be done for a row, by the product that its codes have found.
    pub(crate) fn of(self, row: &CodedRow, found: Option<&Product>) -> BatchRow {
        let number = row.row.number;
        let action = match (&row.row.product, found) {
            (Err(errors), _) => {
                let errors = errors.iter();
                let errors = errors
                    .map(|error| {
                        ImportError::new(error.row, &*error.column, &*error.value, &*error.message)
                    })
                    .collect();
                Ok(RowAction::Refuse(errors).into())
            }
            (Ok(_), Some(product)) if self.mode == ImportMode::Create => {
                let (column, value, name) = code_of(&row.codes, Some(product));
                let message = format!("A product with this {name} exists already");
                Err(vec![ImportError::new(number, column, value, message)])
            }
            (Ok(_), None) if self.mode == ImportMode::Update => {
                let (column, value, name) = code_of(&row.codes, None);
                let message = format!("No product has this {name}");
                Err(vec![ImportError::new(number, column, value, message)])
            }
            (Ok(record), Some(product)) => self.change(number, record.clone(), product),
            (Ok(record), None) => self.creation(number, record.clone()),
        };
        let Action { action, difference } =
            action.unwrap_or_else(|errors| RowAction::Refuse(errors).into());
        BatchRow {
            number,
            cells: row.row.cells.clone(),
            action,
            difference,
        }
    }

    fn change(
        self,
        number: u64,
        record: Record,
        product: &Product,
    ) -> Result<Action, Vec<ImportError>> {
        let contradictions = |rules: Vec<Contradiction>| {
            let rules = rules.into_iter();
            rules
                .map(|rule| ImportError::new(number, rule.field, "", rule.message))
                .collect::<Vec<_>>()
        };
        let changes = record.resolved(product).map_err(contradictions)?;
        if !would_change(&changes, product) {
            return Ok(RowAction::Keep.into());
        }
        let difference = self
            .tells_differences
            .then(|| difference::of_change(number, product, &changes));
        let changes = Unvalidated::new(changes).validate();
        let changes = changes.map_err(|report| errors_of(number, &report))?;
        let expected = match self.is_unconditional {
            true => Expected::Any,
            false => Expected::OneOf(vec![product.revision()]),
        };
        let operation = ProductOperation::Update(product.slug.clone(), changes, expected);
        Ok(Action {
            action: RowAction::Write(operation),
            difference,
        })
    }

    fn creation(self, number: u64, record: Record) -> Result<Action, Vec<ImportError>> {
        let missing = |errors: Vec<FieldError>| {
            let errors = errors.into_iter();
            errors
                .map(|error| ImportError::new(number, error.field, "", error.message))
                .collect::<Vec<_>>()
        };
        let new = record.into_new().map_err(missing)?;
        let slug = new.slug();
        let difference = slug
            .as_ref()
            .filter(|_| self.tells_differences)
            .map(|slug| difference::of_creation(number, slug, &new));
        let new = Unvalidated::new(new).validate();
        let new = new.map_err(|report| errors_of(number, &report))?;
        // A valid product has one.
        let slug =
            slug.ok_or_else(|| vec![ImportError::new(number, "slug", "", "Slug is required")])?;
        Ok(Action {
            action: RowAction::Write(ProductOperation::Create(slug, new)),
            difference,
        })
    }
}

/// Whether changes that are resolved would change a product or its categories.
fn would_change(changes: &ProductChanges, product: &Product) -> bool {
    let moves = changes.categories.as_ref().is_some_and(|named| {
        let current = product.categories.iter().map(|category| &category.slug);
        named.iter().collect::<BTreeSet<_>>() != current.collect::<BTreeSet<_>>()
    });
    moves || changes.would_change(product)
}

fn errors_of(number: u64, report: &Report) -> Vec<ImportError> {
    let rules = report.iter();
    rules
        .map(|(path, rule)| ImportError::new(number, path.to_string(), "", rule.message()))
        .collect()
}

/// The first of these codes, or the one that has found a product: its column, its value and its name for people.
fn code_of(codes: &ProductCodes, found: Option<&Product>) -> (&'static str, String, &'static str) {
    let sku = codes.sku.as_ref().filter(|sku| {
        found.is_none_or(|product| {
            let known = product.sku.as_ref();
            known.is_some_and(|known| known.folded() == sku.folded())
        })
    });
    let gtin = codes.gtin.as_ref().filter(|gtin| {
        found.is_none_or(|product| {
            let known = product.gtin.as_ref();
            known.is_some_and(|known| known.padded() == gtin.padded())
        })
    });
    match (sku, gtin, &codes.slug) {
        (Some(sku), ..) => ("sku", sku.as_str().to_owned(), "SKU"),
        (None, Some(gtin), _) => ("gtin", gtin.as_str().to_owned(), "GTIN"),
        (None, None, Some(slug)) => ("slug", slug.as_str().to_owned(), "slug"),
        (None, None, None) => ("", String::new(), "name"),
    }
}
