use rust_decimal::Decimal;

use super::Nutrition;

/// A number of a [`Nutrition`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[expect(missing_docs, reason = "each means what its field of Nutrition means")]
pub enum Nutrient {
    ServingSize,
    EnergyKj,
    EnergyKcal,
    Fat,
    Saturates,
    Carbohydrate,
    Sugars,
    Fibre,
    Protein,
    Salt,
}

impl Nutrient {
    /// All numbers, in the order of a label.
    pub const ALL: [Self; 10] = [
        Self::ServingSize,
        Self::EnergyKj,
        Self::EnergyKcal,
        Self::Fat,
        Self::Saturates,
        Self::Carbohydrate,
        Self::Sugars,
        Self::Fibre,
        Self::Protein,
        Self::Salt,
    ];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ServingSize => "serving_size",
            Self::EnergyKj => "energy_kj",
            Self::EnergyKcal => "energy_kcal",
            Self::Fat => "fat",
            Self::Saturates => "saturates",
            Self::Carbohydrate => "carbohydrate",
            Self::Sugars => "sugars",
            Self::Fibre => "fibre",
            Self::Protein => "protein",
            Self::Salt => "salt",
        }
    }
}

impl Nutrition {
    /// A number, to be changed.
    pub fn number_mut(&mut self, nutrient: Nutrient) -> &mut Option<Decimal> {
        match nutrient {
            Nutrient::ServingSize => &mut self.serving_size,
            Nutrient::EnergyKj => &mut self.energy_kj,
            Nutrient::EnergyKcal => &mut self.energy_kcal,
            Nutrient::Fat => &mut self.fat,
            Nutrient::Saturates => &mut self.saturates,
            Nutrient::Carbohydrate => &mut self.carbohydrate,
            Nutrient::Sugars => &mut self.sugars,
            Nutrient::Fibre => &mut self.fibre,
            Nutrient::Protein => &mut self.protein,
            Nutrient::Salt => &mut self.salt,
        }
    }
}
