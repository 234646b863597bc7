#![doc = include_str!("../README.md")]

mod admin_secret;
mod catalogue;
mod commands;
mod database;
mod environment;
mod hearing;
mod logging;
mod shop;
mod signals;

pub use catalogue::load_demonstration;
pub use commands::run;
pub use shop::{ImageSettings, RateSettings, RedisSettings, RunningShop, ShopSettings, start};
