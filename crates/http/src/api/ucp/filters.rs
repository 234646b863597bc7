//! The filters of a request.

use eggypro_domain::products::{Product, ProductFilter};
use eggypro_domain::{Decimal, Slug, parse_amount};
use serde_json::Number;

use super::answer::Refusal;
use super::catalog_product::CatalogProduct;
use super::envelope::Message;
use super::minor_units::{highest_price, lowest_price};
use super::request::{Context, Filters, PriceFilter};
use crate::state::Storefront;

/// Maximum number of categories in a filter.
const MAX_CATEGORIES: usize = 50;

/// The variants that a request allows.
#[derive(Debug, Default)]
pub(super) struct Narrowing {
    /// For lists and searches.
    pub(super) filter: ProductFilter,
    /// Whether the request has a filter.
    pub(super) is_given: bool,
    /// Whether no variant can match, because no category has any of the given values.
    pub(super) selects_nothing: bool,
    /// What the agent must know of the filters.
    pub(super) messages: Vec<Message>,
}

impl Narrowing {
    /// Reads filters.
    ///
    /// # Errors
    /// If an amount is invalid, or there are too many categories.
    pub(super) fn of(
        filters: Option<&Filters>,
        context: Option<&Context>,
        shop: &Storefront,
    ) -> Result<Self, Refusal> {
        let mut narrowing = Self::default();
        let Some(filters) = filters else {
            return Ok(narrowing);
        };
        narrowing.read_categories(filters.categories.as_deref().unwrap_or_default())?;
        if let Some(price) = &filters.price {
            let currency = context.and_then(|context| context.currency.as_deref());
            narrowing.read_price(price, currency, shop)?;
        }
        Ok(narrowing)
    }

    fn read_categories(&mut self, values: &[String]) -> Result<(), Refusal> {
        if values.len() > MAX_CATEGORIES {
            let content = format!("A filter takes at most {MAX_CATEGORIES} categories.");
            return Err(Refusal::too_large(content));
        }
        // A value that is not a slug is no category.
        let mut slugs: Vec<Slug> = values
            .iter()
            .filter_map(|value| value.parse().ok())
            .collect();
        // Sorted, so that equal filters have equal cursors.
        slugs.sort_unstable();
        slugs.dedup();
        self.is_given |= !values.is_empty();
        self.selects_nothing = !values.is_empty() && slugs.is_empty();
        self.filter.categories = slugs;
        Ok(())
    }

    fn read_price(
        &mut self,
        price: &PriceFilter,
        currency: Option<&str>,
        shop: &Storefront,
    ) -> Result<(), Refusal> {
        let (min, max) = (amount(price.min.as_ref())?, amount(price.max.as_ref())?);
        if min.is_none() && max.is_none() {
            return Ok(());
        }
        self.is_given = true;
        let code = shop.currency.code();
        if let Some(other) = currency.filter(|other| !other.eq_ignore_ascii_case(code)) {
            let content = format!(
                "The price filter was ignored: it is in {other}, and all prices are in {code}."
            );
            self.messages.push(Message::Warning {
                code: "price_filter_ignored",
                content,
            });
            return Ok(());
        }
        self.filter.min_price = min.map(|amount| lowest_price(amount, shop.currency));
        self.filter.max_price = max.map(|amount| highest_price(amount, shop.currency));
        Ok(())
    }

    /// The variants of a product that the request allows, the featured one first.
    pub(super) fn allowed<'a>(&self, product: &'a CatalogProduct) -> Vec<&'a Product> {
        let mut variants = product.featured_first();
        variants.retain(|variant| self.allows(variant));
        variants
    }

    /// Whether the request allows a variant.
    pub(super) fn allows(&self, variant: &Product) -> bool {
        !self.selects_nothing && self.filter.matches(variant)
    }
}

fn amount(number: Option<&Number>) -> Result<Option<Decimal>, Refusal> {
    let Some(number) = number else {
        return Ok(None);
    };
    let amount = parse_amount(&number.to_string());
    amount.map(Some).ok_or_else(|| {
        Refusal::invalid("A price filter is an amount of 0 or more, in minor units.")
    })
}
