use rust_decimal::Decimal;
use time::OffsetDateTime;

use super::{NameKey, Product};
use crate::Price;

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum ProductSort {
    /// By title, in the order of [`NameKey`].
    #[default]
    NameAsc,
    /// By title, reversed.
    NameDesc,
    /// Cheapest first.
    PriceAsc,
    /// Most expensive first.
    PriceDesc,
    /// Newest first.
    Newest,
    /// Best rating first; products without a rating last.
    RatingDesc,
    /// Most protein first; products without a number last.
    ProteinDesc,
    /// Lowest price of 1 kg, 1 l or a piece first; products without a net content last.
    UnitPriceAsc,
    /// Lowest price of 100 g of protein first; products without one last.
    ProteinPriceAsc,
}

impl ProductSort {
    /// All orders.
    pub const ALL: [Self; 9] = [
        Self::NameAsc,
        Self::NameDesc,
        Self::PriceAsc,
        Self::PriceDesc,
        Self::Newest,
        Self::RatingDesc,
        Self::ProteinDesc,
        Self::UnitPriceAsc,
        Self::ProteinPriceAsc,
    ];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NameAsc => "name-asc",
            Self::NameDesc => "name-desc",
            Self::PriceAsc => "price-asc",
            Self::PriceDesc => "price-desc",
            Self::Newest => "newest",
            Self::RatingDesc => "rating-desc",
            Self::ProteinDesc => "protein-desc",
            Self::UnitPriceAsc => "unit-price-asc",
            Self::ProteinPriceAsc => "protein-price-asc",
        }
    }

    /// Whether the greatest key comes first.
    pub fn is_descending(self) -> bool {
        match self {
            Self::NameAsc | Self::PriceAsc | Self::UnitPriceAsc | Self::ProteinPriceAsc => false,
            Self::NameDesc
            | Self::PriceDesc
            | Self::Newest
            | Self::RatingDesc
            | Self::ProteinDesc => true,
        }
    }

    /// The sort key of a product. Ties are broken by id.
    pub fn key(self, product: &Product) -> SortKey {
        match self {
            Self::NameAsc | Self::NameDesc => {
                SortKey::Name(NameKey::of(product.shown_title().to_owned()))
            }
            Self::PriceAsc | Self::PriceDesc => SortKey::Price(product.price),
            Self::Newest => SortKey::CreatedAt(product.created_at),
            Self::RatingDesc => SortKey::Rating(product.rating.score()),
            Self::ProteinDesc => SortKey::Number(scaled(product.protein(), 2).unwrap_or(-1)),
            Self::UnitPriceAsc => {
                let price = product.unit_price().map(|unit_price| unit_price.price);
                SortKey::Number(scaled(price, 2).unwrap_or(i64::MAX))
            }
            Self::ProteinPriceAsc => {
                SortKey::Number(scaled(product.protein_price(), 4).unwrap_or(i64::MAX))
            }
        }
    }
}

/// The value that a list is sorted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum SortKey {
    /// For sorting by name.
    Name(NameKey),
    /// For sorting by price.
    Price(Price),
    /// For newest first.
    CreatedAt(OffsetDateTime),
    /// For best rating first: [`Rating::score`](super::Rating::score).
    Rating(i32),
    /// For the numbers of facts: hundredths of a gram or of the currency, or ten-thousandths for prices of protein.
    Number(i64),
}

/// A number with so many decimals as an integer.
fn scaled(number: Option<Decimal>, decimals: u32) -> Option<i64> {
    let factor = Decimal::from(10_i64.pow(decimals));
    number?.checked_mul(factor)?.round().try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::products::{ContentUnit, Food, NetContent, Nutrition, NutritionBasis, ProductId};

    #[test]
    fn products_without_a_number_come_last() {
        let price = "9.90".parse().unwrap();
        let now = OffsetDateTime::UNIX_EPOCH;
        let slug = "bar".parse().unwrap();
        let unknown = Product::new(ProductId(1), "Bar".into(), slug, price, now);
        let mut known = unknown.clone();
        known.net_content = NetContent::new(Decimal::ONE, ContentUnit::Kilogram).ok();
        let mut nutrition = Nutrition::new(NutritionBasis::HundredGrams);
        nutrition.protein = Some(Decimal::ZERO);
        known.food = Some(Food {
            nutrition: Some(nutrition),
            ..Food::default()
        });
        let keys = |sort: ProductSort| (sort.key(&known), sort.key(&unknown));
        // Most protein first: 0 g comes before an unknown amount.
        let (known_key, unknown_key) = keys(ProductSort::ProteinDesc);
        assert!(known_key > unknown_key);
        let (known_key, unknown_key) = keys(ProductSort::UnitPriceAsc);
        assert!(known_key < unknown_key);
    }
}
