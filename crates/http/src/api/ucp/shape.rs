//! Products as the protocol shows them.

mod parts;
mod variant;

use eggypro_domain::products::{Product, ProductOption, Rating};
use serde::Serialize;
use serde_json::{Map, Value};

pub(super) use self::parts::InputBody;
use self::parts::{
    CategoryBody, DescriptionBody, MediaBody, PriceRangeBody, RatingBody, SelectedBody, metadata,
};
use self::variant::VariantBody;
use super::catalog_product::CatalogProduct;
use super::options::{Signals, options};
use crate::state::Storefront;

/// A product with some of its variants.
#[derive(Debug, Serialize)]
pub(super) struct CatalogProductBody<'a> {
    id: String,
    handle: &'a str,
    title: &'a str,
    description: DescriptionBody<'a>,
    url: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    categories: Vec<CategoryBody<'a>>,
    /// Of all variants, shown or not.
    price_range: PriceRangeBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    list_price_range: Option<PriceRangeBody>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    media: Vec<MediaBody<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<OptionBody<'a>>,
    /// Of the details of one product only.
    #[serde(skip_serializing_if = "Option::is_none")]
    selected: Option<Vec<SelectedBody<'a>>>,
    variants: Vec<VariantBody<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating: Option<RatingBody>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    metadata: Map<String, Value>,
}

#[derive(Debug, Serialize)]
struct OptionBody<'a> {
    name: &'a str,
    values: Vec<OptionValueBody<'a>>,
}

#[derive(Debug, Serialize)]
struct OptionValueBody<'a> {
    label: &'a str,
    /// Of the details of one product only.
    #[serde(flatten)]
    signals: Option<Signals>,
}

impl<'a> CatalogProductBody<'a> {
    /// A product with these of its variants. The first one also stands for the product. Returns `None` without a
    /// variant, since no product has none.
    pub(super) fn of(
        product: &'a CatalogProduct,
        shown: &[&'a Product],
        shop: &'a Storefront,
    ) -> Option<Self> {
        let first = *shown.first()?;
        let all = product.variants();
        let with_list_price = all.iter().any(|variant| variant.list_price.is_some());
        let list_prices = all.iter().map(|of| of.list_price.unwrap_or(of.price));
        let list_prices = PriceRangeBody::of(list_prices, shop);
        Some(Self {
            id: product.id().to_string(),
            handle: product.handle(),
            title: first.shown_title(),
            description: DescriptionBody::of(first),
            url: shop.url_of(&first.slug),
            categories: CategoryBody::all(all),
            price_range: PriceRangeBody::of(all.iter().map(|of| of.price), shop)?,
            list_price_range: list_prices.filter(|_| with_list_price),
            media: MediaBody::all(first),
            options: option_bodies(all, |_, _| None),
            selected: None,
            variants: shown
                .iter()
                .map(|variant| VariantBody::of(variant, shop))
                .collect(),
            rating: RatingBody::of(total_rating(all)),
            metadata: metadata(first, shop),
        })
    }

    /// Adds what is selected, and what choosing other values would lead to.
    #[must_use]
    pub(super) fn with_selection(
        mut self,
        product: &'a CatalogProduct,
        selected: &'a [ProductOption],
    ) -> Self {
        let all = product.variants();
        self.options = option_bodies(all, |name, value| {
            Some(Signals::of(name, value, all, selected))
        });
        self.selected = Some(SelectedBody::all(selected));
        self
    }

    /// Adds the ids of the request that each of the variants was found by.
    #[must_use]
    pub(super) fn with_inputs(
        mut self,
        inputs: impl IntoIterator<Item = Vec<InputBody<'a>>>,
    ) -> Self {
        for (variant, inputs) in self.variants.iter_mut().zip(inputs) {
            variant.inputs = inputs;
        }
        self
    }
}

fn option_bodies<'a>(
    variants: &'a [Product],
    signals: impl Fn(&str, &str) -> Option<Signals>,
) -> Vec<OptionBody<'a>> {
    let body = |(name, values): (&'a str, Vec<&'a str>)| OptionBody {
        name,
        values: values
            .into_iter()
            .map(|label| OptionValueBody {
                label,
                signals: signals(name, label),
            })
            .collect(),
    };
    options(variants).into_iter().map(body).collect()
}

/// The ratings of all variants together.
fn total_rating(variants: &[Product]) -> Rating {
    let mut total = Rating::default();
    for variant in variants {
        let counts = total
            .distribution
            .iter_mut()
            .zip(variant.rating.distribution);
        for (total, count) in counts {
            *total = total.saturating_add(count);
        }
    }
    total
}
