//! What of the catalogue decides how a product's picture looks.

use serde::Deserialize;

use crate::flavour::Flavour;

#[derive(Debug, Deserialize)]
pub(crate) struct Catalogue {
    pub(crate) products: Vec<Product>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Product {
    pub(crate) slug: String,
    categories: Vec<String>,
    /// Names and values, such as "Flavour" and "Vanilla".
    #[serde(default)]
    options: Vec<(String, String)>,
}

/// The package that a picture shows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Package {
    Pouch,
    SmallPouch,
    Tub,
    Sachets,
    BarBox,
    Bars,
    BiteBag,
    Carton,
    Bottle,
    SixBottles,
    FoamBottle,
    CrispBags,
    PuffBag,
    JerkyPouches,
    GranolaBag,
    CrackerBox,
    StarterBox,
    SavouryBox,
    AthleteBox,
}

/// Words of a slug that name a package. The first that occurs counts.
const PACKAGES: [(&str, Package); 16] = [
    ("starter", Package::StarterBox),
    ("discovery", Package::SavouryBox),
    ("bundle", Package::AthleteBox),
    ("sachets", Package::Sachets),
    ("bites", Package::BiteBag),
    ("unflavoured", Package::Tub),
    ("1kg", Package::Pouch),
    ("12", Package::BarBox),
    ("6x500ml", Package::SixBottles),
    ("1l", Package::Carton),
    ("foam", Package::FoamBottle),
    ("crisps", Package::CrispBags),
    ("puffs", Package::PuffBag),
    ("jerky", Package::JerkyPouches),
    ("granola", Package::GranolaBag),
    ("crackers", Package::CrackerBox),
];

impl Product {
    /// The package that the slug names, or else the usual one of the category.
    pub(crate) fn package(&self) -> Package {
        PACKAGES
            .into_iter()
            .find(|(word, _)| self.slug.split('-').any(|part| part == *word))
            .map_or_else(|| self.usual_package(), |(_, package)| package)
    }

    fn usual_package(&self) -> Package {
        match self.categories.first().map(String::as_str) {
            Some("protein-bars") => Package::Bars,
            Some("liquid-egg-whites") => Package::Bottle,
            Some("snacks") => Package::PuffBag,
            Some("bundles") => Package::StarterBox,
            _ => Package::SmallPouch,
        }
    }

    /// The flavour that the options name, or else the slug.
    pub(crate) fn flavour(&self) -> Flavour {
        self.options
            .iter()
            .filter(|(name, _)| name == "Flavour" || name == "Variety")
            .find_map(|(_, value)| Flavour::named_in(value))
            .or_else(|| Flavour::named_in(&self.slug))
            .unwrap_or(Flavour::Plain)
    }
}
