//! Errors of operations as errors of their rows.

use super::ImportError;
use crate::products::{OperationError, ProductCodes, ProductError};
use crate::stock::StockError;
use crate::{Slug, StoreError};

/// Why an operation on a product was refused, by the fields of the API.
///
/// # Errors
/// If it was not refused: the store is unavailable or has failed.
pub(super) fn errors(
    row: u64,
    slug: &Slug,
    codes: &ProductCodes,
    error: OperationError,
) -> Result<Vec<ImportError>, StoreError> {
    match error {
        OperationError::Product(error) => of_product(row, slug, codes, error),
        OperationError::Stock(StockError::Store(error)) => Err(error),
        OperationError::Stock(error) => {
            let message = format!("The stock can't be moved: {error}");
            Ok(vec![ImportError::new(row, "stock_quantity", "", message)])
        }
    }
}

fn of_product(
    row: u64,
    slug: &Slug,
    codes: &ProductCodes,
    error: ProductError,
) -> Result<Vec<ImportError>, StoreError> {
    let one = |column: &str, value: &str, message: &str| {
        vec![ImportError::new(row, column, value, message)]
    };
    Ok(match error {
        ProductError::Store(error) => return Err(error),
        ProductError::NotFound | ProductError::Changed(_) => {
            one("", slug.as_str(), "The product has changed meanwhile")
        }
        ProductError::SlugTaken(slug) => {
            one("slug", slug.as_str(), "Another product has this slug")
        }
        ProductError::SkuTaken => {
            let sku = codes.sku.as_ref().map_or("", |sku| sku.as_str());
            one("sku", sku, "Another product has this SKU")
        }
        ProductError::GtinTaken => {
            let gtin = codes.gtin.as_ref().map_or("", |gtin| gtin.as_str());
            one("gtin", gtin, "Another product has this GTIN")
        }
        ProductError::VariantClash(clash) => one("options", "", &clash.to_string()),
        ProductError::Contradicts(rules) => {
            let rules = rules.into_iter();
            rules
                .map(|rule| ImportError::new(row, rule.field, "", rule.message))
                .collect()
        }
        ProductError::UnknownCategories(slugs) => {
            let slugs = slugs.iter().map(Slug::as_str);
            slugs
                .map(|slug| ImportError::new(row, "categories", slug, "There is no such category"))
                .collect()
        }
    })
}
