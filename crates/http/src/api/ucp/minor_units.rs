//! Amounts in minor units of a currency (ISO 4217): 39.90 EUR are 3990, 39.90 JPY are 40, 39.90 KWD are 39900.

use eggypro_domain::Decimal;
use iso_currency::Currency;

/// An amount in minor units, rounded half up.
pub(super) fn minor_units(amount: Decimal, currency: Currency) -> u64 {
    let exact = amount.saturating_mul(units(currency));
    let rounded = exact.saturating_add(half()).floor();
    u64::try_from(rounded).unwrap_or(u64::MAX)
}

/// The lowest price that is shown as `amount` minor units or more.
pub(super) fn lowest_price(amount: Decimal, currency: Currency) -> Decimal {
    if is_exact(currency) {
        amount / units(currency)
    } else {
        (amount - half()).max(Decimal::ZERO) / units(currency)
    }
}

/// The highest price that is shown as `amount` minor units or less.
pub(super) fn highest_price(amount: Decimal, currency: Currency) -> Decimal {
    if is_exact(currency) {
        amount / units(currency)
    } else {
        let cent = Decimal::new(1, 2);
        amount.saturating_add(half()) / units(currency) - cent
    }
}

/// How many minor units one unit has.
fn units(currency: Currency) -> Decimal {
    let exponent = currency.exponent().unwrap_or_default();
    Decimal::from(10_i64.pow(exponent.into()))
}

/// Whether a price, which has two decimals, is a whole number of minor units.
fn is_exact(currency: Currency) -> bool {
    units(currency) >= Decimal::ONE_HUNDRED
}

fn half() -> Decimal {
    Decimal::new(5, 1)
}
