#![doc = include_str!("../README.md")]

mod admin_secret;
mod catalogue;
mod commands;
mod database;
mod environment;
mod followers;
mod hearing;
mod logging;
mod metrics;
mod shop;
mod signals;
mod tracking;

pub use catalogue::load_demonstration;
pub use commands::run;
pub use logging::on_one_line;
pub use shop::{
    ImageSettings, MetricsSettings, RateSettings, RedisSettings, RunningShop, ShopSettings, start,
};
pub use tracking::TrackerSettings;
