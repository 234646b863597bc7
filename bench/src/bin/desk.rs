//! Measures how long the staff page needs until its table of products is shown, with 24 products and with 100 000:
//! `desk [ROUNDS]`. Prints the median of each, in rounds that alternate, and their ratio, and fails if the ratio is too high.
//! It needs Chromium and chromedriver (`scripts/setup chromium`).
#![expect(clippy::print_stdout, reason = "the program prints its figures")]

#[path = "desk/browser.rs"]
mod browser;
#[path = "desk/shop.rs"]
mod shop;

use std::env;
use std::error::Error;

use self::browser::Browser;
use self::shop::{Database, Shop};

/// The numbers of products.
const SMALL: u32 = 24;
const LARGE: u32 = 100_000;

/// How much longer the table of the large shop may take.
const HIGHEST_RATIO: f64 = 1.2;

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let rounds = env::args().nth(1).map_or(Ok(15), |text| text.parse())?;
    let database = Database::start()?;
    let shops = [
        Shop::start(&database, SMALL)?,
        Shop::start(&database, LARGE)?,
    ];
    let mut browser = Browser::start()?;
    let mut times = [vec![], vec![]];
    // The first round fills caches of the servers, and is not counted.
    for round in 0..=rounds {
        for (shop, times) in shops.iter().zip(&mut times) {
            let time = browser.time_to_table(shop.port, shop::SECRET)?;
            if round > 0 {
                times.push(time);
            }
        }
    }
    let [small, large] = times.map(median);
    println!("first rows of {SMALL} products after {small:.0} ms, of {LARGE} after {large:.0} ms");
    let ratio = large / small;
    println!("ratio {ratio:.2}");
    if ratio > HIGHEST_RATIO {
        return Err(format!("the ratio is above {HIGHEST_RATIO}").into());
    }
    Ok(())
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
