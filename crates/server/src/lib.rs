#![doc = include_str!("../README.md")]

mod admin_secret;
mod change_listener;
mod commands;
mod database;
mod demonstration;
mod environment;
mod failure;
mod followers;
mod logging;
mod metrics;
mod shop;
mod signals;
mod tracking;

pub use commands::run;
pub use demonstration::load_demonstration;
pub use logging::on_one_line;
pub use shop::{
    ImageSettings, MetricsSettings, RateSettings, RedisSettings, RunningShop, ShopSettings,
    WebhookSettings, start,
};
pub use tracking::TrackerSettings;
