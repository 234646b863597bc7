use clap::{Parser, Subcommand};

use super::{export, feeds, images, import, keys, migrate, search, seed, webhooks};

/// The product backend of a shop for egg-protein foods. Without a command it serves.
#[derive(Parser)]
#[command(
    name = "eggypro",
    version,
    after_help = "`eggypro check-env --example` prints the environment variables and what they mean."
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Run the server until SIGTERM or SIGINT (the default)
    Serve,
    /// Apply pending migrations; safe to run from several machines at once
    Migrate(migrate::Arguments),
    /// Check the environment and print each of its problems
    CheckEnv {
        /// Also try the database, Redis and the image service, and say what was found
        #[arg(long)]
        connect: bool,
        /// Print what can be set and what it means instead, in the form of a `.env` file
        #[arg(long, conflicts_with = "connect")]
        example: bool,
    },
    /// Load the demonstration catalogue; what is there already stays as it is
    Seed(seed::Arguments),
    /// Write all products to a file, for spreadsheets or another shop
    Export(export::Arguments),
    /// Create and change products as a file says: CSV, JSON lines, or an export of Shopify or WooCommerce
    Import(import::Arguments),
    /// Look after stored images
    Images {
        #[command(subcommand)]
        command: images::Command,
    },
    /// Look after API keys: the first one, and those of emergencies
    Keys {
        #[command(subcommand)]
        command: keys::Command,
    },
    /// Look after the catalogue index, which answers lists and searches
    Search {
        #[command(subcommand)]
        command: search::Command,
    },
    /// Look after the feeds of products for Google Merchant Center and OpenAI
    Feeds {
        #[command(subcommand)]
        command: feeds::Command,
    },
    /// Look after receivers of webhooks
    Webhooks {
        #[command(subcommand)]
        command: webhooks::Command,
    },
    /// Ask the server that runs here, at HOST and PORT, whether it is ready, and exit with 0 or 1
    Health,
    /// Print the OpenAPI document
    Openapi,
    /// Print what completes commands in a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}
