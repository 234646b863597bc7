use std::sync::Arc;
use std::time::Duration;

use clap::Subcommand;
use eggypro_auth::GeneratedKey;
use eggypro_domain::changes::{Actor, Origin};
use eggypro_domain::keys::{ApiKey, KeyId, KeyRepository, NewKey};
use eggypro_domain::time::OffsetDateTime;
use eggypro_domain::{Permission, Unvalidated};
use eggypro_persistence::{Database, DatabaseSettings, PostgresKeys};
use secrecy::ExposeSecret;
use tokio::runtime::Builder;

use super::{Failure, say};
use crate::database::DatabaseLocation;
use crate::environment::Environment;
use crate::signals::interruptible;

#[derive(Debug, Clone, Subcommand)]
pub(super) enum Command {
    /// Make a key, and print it this once
    Create {
        /// What people call it
        name: String,
        /// What it may do, as products:write,products:read; `all` for everything. Without it, what the public may
        #[arg(long, value_delimiter = ',', value_name = "PERMISSIONS")]
        permissions: Vec<String>,
        /// After how many days it ends by itself
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
        expires_in: Option<u32>,
    },
    /// List all keys, those that have ended included
    List,
    /// Make another key in place of one, which ends after the overlap. If others may know a key, revoke it and create a new one
    Rotate {
        /// Its id, the part of it between the underscores
        id: KeyId,
        /// For how many seconds the old key still holds
        #[arg(long, value_name = "SECONDS", default_value_t = 86_400, value_parser = clap::value_parser!(u32).range(0..=604_800))]
        overlap: u32,
    },
    /// End a key for good, on all servers at once
    Revoke {
        /// Its id, the part of it between the underscores
        id: KeyId,
    },
}

pub(super) fn run(environment: &Environment, command: &Command) -> Result<(), Failure> {
    let location = DatabaseLocation::open(environment)?;
    location.prepare(environment.database.migrate_on_start)?;
    let database = Database::start(&DatabaseSettings {
        pool_size: 1,
        has_sessions: environment.database.has_sessions,
        ..DatabaseSettings::new(location.url.clone())
    })?;
    let (keys, command) = (PostgresKeys::new(database.clone()), command.clone());
    interruptible(move || {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let mut origin = Origin::system("eggypro keys");
        let mut actor = Actor::customer();
        (actor.kind, actor.id) = (origin.actor.kind, Some("command line".to_owned()));
        origin.actor = actor;
        runtime.block_on(Arc::new(origin).scope(execute(&keys, command)))
    })?;
    database.close(Duration::from_secs(5));
    Ok(())
}

async fn execute(keys: &PostgresKeys, command: Command) -> Result<(), Failure> {
    match command {
        Command::Create {
            name,
            permissions,
            expires_in,
        } => create(keys, name, &permissions, expires_in).await,
        Command::List => list(keys).await,
        Command::Rotate { id, overlap } => {
            let fresh = fresh()?;
            let overlap = Duration::from_secs(overlap.into());
            let key = keys.rotate(&id, &fresh.id, fresh.digest, overlap).await?;
            show(&key, &fresh);
            Ok(())
        }
        Command::Revoke { id } => {
            keys.revoke(&id).await?;
            say(format_args!("The key {id} has ended."));
            Ok(())
        }
    }
}

async fn create(
    keys: &PostgresKeys,
    name: String,
    permissions: &[String],
    expires_in: Option<u32>,
) -> Result<(), Failure> {
    let mut new = NewKey::new(name);
    new.permissions = read_permissions(permissions)?;
    let days = expires_in.map(|days| Duration::from_secs(u64::from(days) * 24 * 60 * 60));
    new.expires_at = days.map(|days| OffsetDateTime::now_utc() + days);
    let fresh = fresh()?;
    let new = Unvalidated::new(new)
        .validate()
        .map_err(|report| report.to_string().trim_end().to_owned())?;
    let key = keys.create(&fresh.id, fresh.digest, new).await?;
    show(&key, &fresh);
    Ok(())
}

fn read_permissions(names: &[String]) -> Result<Vec<Permission>, Failure> {
    if names == ["all"] {
        return Ok(Permission::ALL.to_vec());
    }
    let known = Permission::ALL.map(Permission::as_str).join(", ");
    let permissions = names.iter().map(|name| {
        let permission = name.trim().parse();
        permission.map_err(|_| format!("{name} is no permission. There are {known}.").into())
    });
    permissions.collect()
}

async fn list(keys: &PostgresKeys) -> Result<(), Failure> {
    let now = OffsetDateTime::now_utc();
    for key in keys.list().await? {
        let state = if key.holds_at(now) { "holds" } else { "ended" };
        let permissions = key.permissions.iter().map(|name| name.as_str());
        let permissions = permissions.collect::<Vec<_>>().join(",");
        let (id, name) = (&key.id, &key.name);
        let used = key
            .last_used_at
            .map_or("never".to_owned(), |at| at.date().to_string());
        say(format_args!(
            "{id}  {state}  used {used}  {name}  [{permissions}]"
        ));
    }
    Ok(())
}

fn show(key: &ApiKey, fresh: &GeneratedKey) {
    say(format_args!(
        "The key {} ({}), which is shown this once:",
        key.id, key.name
    ));
    say(fresh.text.expose_secret());
}

fn fresh() -> Result<GeneratedKey, Failure> {
    GeneratedKey::generate().ok_or_else(|| "a key can't be made".into())
}
