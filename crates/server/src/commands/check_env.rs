use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use eggypro_domain::health::Probe;
use eggypro_persistence::migrations::MigrationError;
use eggypro_persistence::{Inspection, inspect, passes_notifications};
use eggypro_redis::Redis;
use tokio::runtime::Builder;

use super::{Failure, say};
use crate::environment::{Address, Environment};
use crate::shop::{ImageSettings, RedisSettings};

/// Maximum time of a call to the image service.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reports that the environment is in order and, with `connect`, the state of the services that it names.
pub(super) fn run(environment: &Environment, connect: bool) -> Result<(), Failure> {
    environment.remarks.iter().for_each(say);
    say("The environment is in order.");
    if !connect {
        return Ok(());
    }
    let mut report = Report { problems: 0 };
    report.look_at_database(environment);
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(report.look_at_services(environment));
    // Do not wait for threads that still look up names or certificates.
    runtime.shutdown_background();
    match report.problems {
        0 => Ok(()),
        1 => Err("There is a problem.".into()),
        problems => Err(format!("There are {problems} problems.").into()),
    }
}

/// Prints findings and counts problems.
struct Report {
    problems: u32,
}

impl Report {
    fn problem(&mut self, service: &str, problem: impl fmt::Display) {
        self.problems += 1;
        say(format_args!("{service}: PROBLEM: {problem}"));
    }

    fn look_at_database(&mut self, environment: &Environment) {
        let database = &environment.database;
        let Some(url) = &database.url else {
            say("PostgreSQL: not set, a private PostgreSQL will be started");
            return;
        };
        let is_there = self.look_at(url, database.has_sessions);
        let direct = database
            .migration_url
            .as_ref()
            .filter(|direct| direct.variable != url.variable);
        if let Some(direct) = direct {
            self.look_at_direct(direct);
        } else {
            self.judge_rights(url);
        }
        for replica in &database.read_urls {
            self.look_at(replica, database.has_sessions);
        }
        if is_there {
            self.listen(database.listen_url.as_ref().unwrap_or(url), url);
        }
    }

    /// Returns whether the database is reachable.
    fn look_at(&mut self, url: &Address, has_sessions: bool) -> bool {
        let Some(found) = self.inspected(url) else {
            return false;
        };
        if found.is_pooled && has_sessions {
            self.problem(
                url.variable,
                "a pooler that gives each transaction another session stands before it: set \
                 POSTGRES_PREPARED_STATEMENTS=false, POSTGRES_LISTEN_URL and MIGRATION_URL",
            );
        } else if found.is_pooled {
            say(format_args!("{}: a pooler stands before it", url.variable));
        }
        true
    }

    fn look_at_direct(&mut self, url: &Address) {
        if self.inspected(url).is_some_and(|found| found.is_pooled) {
            self.problem(
                url.variable,
                "a pooler stands before it, through which migrations hold no lock: name a direct connection",
            );
        }
        self.judge_rights(url);
    }

    fn inspected(&mut self, url: &Address) -> Option<Inspection> {
        match inspect(&url.connection) {
            Ok(found) => {
                self.describe(url.variable, &found);
                Some(found)
            }
            Err(MigrationError::Failed(_)) => {
                self.problem(
                    url.variable,
                    "the database refuses what it is asked: has the role its rights?",
                );
                None
            }
            Err(error) => {
                self.problem(url.variable, error);
                None
            }
        }
    }

    fn describe(&mut self, variable: &str, found: &Inspection) {
        say(format_args!("{variable}: PostgreSQL {}", found.version));
        for unfit in &found.unfit {
            self.problem(variable, unfit);
        }
        let pending = found
            .migrations
            .iter()
            .filter(|migration| !migration.is_applied)
            .count();
        if pending == 0 {
            say(format_args!("{variable}: every migration is applied"));
            return;
        }
        say(format_args!(
            "{variable}: {pending} migrations are pending: run `eggypro migrate`"
        ));
    }

    /// Checks whether migrations can be applied through this address.
    fn judge_rights(&mut self, url: &Address) {
        let Ok(found) = inspect(&url.connection) else {
            return;
        };
        let variable = url.variable;
        if !found.may_create {
            self.problem(
                variable,
                "the role may not CREATE in the schema, which migrations do",
            );
        }
        if !found.has_extensions {
            self.problem(
                variable,
                "the role may not create the extensions pg_trgm and unaccent: give it CREATE on the database, or \
                 create them as its owner",
            );
        }
    }

    fn listen(&mut self, listen: &Address, url: &Address) {
        match passes_notifications(&url.connection, &listen.connection) {
            Ok(true) => say(format_args!("{}: changes are received", listen.variable)),
            Ok(false) => self.problem(
                listen.variable,
                "changes are not heard through it: name a direct connection as POSTGRES_LISTEN_URL",
            ),
            Err(error) => self.problem(listen.variable, error),
        }
    }

    async fn look_at_services(&mut self, environment: &Environment) {
        match &environment.redis {
            Some(redis) => self.look_at_redis(redis).await,
            None => say("Redis: not set, each server counts and keeps answers by itself"),
        }
        match &environment.images {
            ImageSettings::Folder(_) => say("Cloudinary: not set, pictures are kept in a folder"),
            cloudinary @ ImageSettings::Cloudinary(_) => self.look_at_images(cloudinary).await,
        }
    }

    async fn look_at_redis(&mut self, settings: &RedisSettings) {
        let checked = match Redis::at(&settings.url) {
            Ok(redis) => {
                let key = format!("{}:health", settings.prefix);
                redis.check(&key).await.map_err(|error| error.to_string())
            }
            Err(error) => Err(error.to_string()),
        };
        match checked {
            Ok(()) => say("Redis: it takes what is written to it"),
            Err(problem) => self.problem("Redis", problem),
        }
    }

    async fn look_at_images(&mut self, settings: &ImageSettings) {
        // Nothing is uploaded, so the address is not used.
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let probe: Option<Arc<dyn Probe>> =
            settings.open(nowhere).ok().and_then(|images| images.probe);
        let Some(probe) = probe else {
            return self.problem("Cloudinary", "the settings can't be used");
        };
        match tokio::time::timeout(PATIENCE, probe.check()).await {
            Ok(Ok(())) => say("Cloudinary: the account is there"),
            Ok(Err(error)) => self.problem("Cloudinary", error),
            Err(_) => self.problem("Cloudinary", "no answer in time"),
        }
    }
}
