//! Variants as the protocol shows them.

use eggypro_domain::Decimal;
use eggypro_domain::products::{Product, UnitMeasure};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::super::catalog_product::is_available;
use super::super::ids::CatalogId;
use super::super::minor_units::minor_units;
use super::parts::{
    CategoryBody, DescriptionBody, InputBody, MediaBody, PriceBody, RatingBody, SelectedBody,
    metadata,
};
use crate::state::Storefront;

/// What can be bought.
#[derive(Debug, Serialize)]
pub(super) struct VariantBody<'a> {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sku: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    barcodes: Option<[BarcodeBody<'a>; 1]>,
    handle: &'a str,
    title: String,
    description: DescriptionBody<'a>,
    url: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    categories: Vec<CategoryBody<'a>>,
    price: PriceBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    list_price: Option<PriceBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_price: Option<UnitPriceBody>,
    availability: AvailabilityBody,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<SelectedBody<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    media: Vec<MediaBody<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating: Option<RatingBody>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    metadata: Map<String, Value>,
    /// In answers to lookups only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) inputs: Vec<InputBody<'a>>,
}

#[derive(Debug, Serialize)]
struct BarcodeBody<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    value: &'a str,
}

#[derive(Debug, Serialize)]
struct AvailabilityBody {
    available: bool,
    status: &'static str,
}

/// The price of one unit of measure, which is computed from the price and the measure.
#[derive(Debug, Serialize)]
struct UnitPriceBody {
    amount: u64,
    currency: &'static str,
    /// What the package contains, in the unit of the reference.
    measure: MeasureBody,
    reference: MeasureBody,
}

#[derive(Debug, Serialize)]
struct MeasureBody {
    value: Number,
    unit: &'static str,
}

/// A number without zeros at its end, written without a conversion to a float.
#[derive(Debug)]
struct Number(Decimal);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digits = RawValue::from_string(self.0.normalize().to_string());
        let digits = digits.map_err(serde::ser::Error::custom)?;
        digits.serialize(serializer)
    }
}

impl<'a> VariantBody<'a> {
    pub(super) fn of(variant: &'a Product, shop: &'a Storefront) -> Self {
        let gtin = variant.gtin.as_ref();
        Self {
            id: CatalogId::Variant(variant.id).to_string(),
            sku: variant.sku.as_ref().map(|sku| sku.as_str()),
            barcodes: gtin.map(|gtin| {
                [BarcodeBody {
                    kind: "GTIN",
                    value: gtin.as_str(),
                }]
            }),
            handle: variant.slug.as_str(),
            title: title(variant),
            description: DescriptionBody::of(variant),
            url: shop.url_of(&variant.slug),
            categories: CategoryBody::all([variant]),
            price: PriceBody::of(variant.price, shop),
            list_price: variant.list_price.map(|price| PriceBody::of(price, shop)),
            unit_price: UnitPriceBody::of(variant, shop),
            availability: AvailabilityBody::of(variant),
            options: SelectedBody::all(&variant.options),
            media: MediaBody::all(variant),
            rating: RatingBody::of(variant.rating),
            metadata: metadata(variant, shop),
            inputs: vec![],
        }
    }
}

/// What distinguishes a variant of a group, such as `1 kg / Vanilla`, or else the title.
fn title(variant: &Product) -> String {
    let values = variant.options.iter().map(|option| option.value.as_str());
    let values: Vec<&str> = values.collect();
    if variant.group.is_none() || values.is_empty() {
        variant.shown_title().to_owned()
    } else {
        values.join(" / ")
    }
}

impl AvailabilityBody {
    fn of(variant: &Product) -> Self {
        let available = is_available(variant);
        Self {
            available,
            status: if available {
                "in_stock"
            } else {
                "out_of_stock"
            },
        }
    }
}

impl UnitPriceBody {
    /// `None` without a net content.
    fn of(variant: &Product, shop: &Storefront) -> Option<Self> {
        let (value, measure) = variant.net_content?.in_priced_unit();
        let unit = match measure {
            UnitMeasure::Kilogram => "kg",
            UnitMeasure::Litre => "l",
            UnitMeasure::Piece => "piece",
        };
        // Computed from the exact price: the unit price of the shop is rounded to two decimals already.
        let amount = variant.price.amount().checked_div(value)?;
        Some(Self {
            amount: minor_units(amount, shop.currency),
            currency: shop.currency.code(),
            measure: MeasureBody {
                value: Number(value),
                unit,
            },
            reference: MeasureBody {
                value: Number(Decimal::ONE),
                unit,
            },
        })
    }
}
