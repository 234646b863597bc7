//! Names of closed sets, such as permissions, in both directions.

use eggypro_domain::{changes, products, stock};

/// Converts the names of the domain to those of the client, and back unless a newer server has sent one that the domain lacks.
macro_rules! names {
    ($($client:ty = $domain:ty, $unknown:ty;)*) => {$(
        impl From<$domain> for $client {
            fn from(name: $domain) -> Self {
                Self::from(name.as_str())
            }
        }

        impl TryFrom<&$client> for $domain {
            type Error = $unknown;

            fn try_from(name: &$client) -> Result<Self, $unknown> {
                name.as_str().parse()
            }
        }
    )*};
}

names! {
    crate::keys::Permission = eggypro_domain::Permission, eggypro_domain::UnknownPermission;
    crate::stock::MovementReason = stock::MovementReason, stock::UnknownMovementReason;
    crate::products::Allergen = products::Allergen, products::UnknownAllergen;
    crate::products::Diet = products::Diet, products::UnknownDiet;
    crate::products::NutritionBasis = products::NutritionBasis, products::UnknownNutritionBasis;
    crate::products::ContentUnit = products::ContentUnit, products::UnknownContentUnit;
    crate::changes::EventType = changes::EventType, changes::UnknownEventType;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks that each name of the domain is one of the client, and comes back.
    macro_rules! check {
        ($($client:ty = $domain:ty;)*) => {$(
            for name in <$domain>::ALL {
                let ours = <$client>::from(name);
                let unknown = format!("Other({name:?})", name = ours.as_str());
                assert_ne!(format!("{ours:?}"), unknown);
                assert_eq!(<$domain>::try_from(&ours), Ok(name));
            }
            let newer = <$client>::from("of the future");
            assert!(<$domain>::try_from(&newer).is_err());
        )*};
    }

    #[test]
    fn names_go_both_ways() {
        check! {
            crate::keys::Permission = eggypro_domain::Permission;
            crate::stock::MovementReason = stock::MovementReason;
            crate::products::Allergen = products::Allergen;
            crate::products::Diet = products::Diet;
            crate::products::NutritionBasis = products::NutritionBasis;
            crate::products::ContentUnit = products::ContentUnit;
            crate::changes::EventType = changes::EventType;
        }
    }
}
