use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;

use super::DatabaseSettings;
use crate::error::Language;

/// The language of PostgreSQL's messages, as the last new connection detected it.
#[derive(Debug)]
pub(crate) struct ServerLanguage {
    is_other: AtomicBool,
    lock_timeout: Duration,
}

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    locale: String,
}

impl ServerLanguage {
    /// English, until a connection detects another language.
    pub(crate) fn of(settings: &DatabaseSettings) -> Self {
        Self {
            is_other: AtomicBool::new(false),
            lock_timeout: settings.lock_timeout,
        }
    }

    pub(super) fn get(&self) -> Language {
        if self.is_other.load(Ordering::Relaxed) {
            Language::Other {
                lock_timeout: self.lock_timeout,
            }
        } else {
            Language::English
        }
    }

    /// Switches a new session to English messages if its role may do so, and stores the resulting language. Superusers
    /// may, and since version 15 also roles with a grant.
    pub(super) fn detect(&self, session: &mut PgConnection, may_set: bool) -> QueryResult<()> {
        let setting: Setting =
            sql_query("SELECT current_setting('lc_messages') AS locale").get_result(session)?;
        let mut is_other = !Language::is_english(&setting.locale);
        if is_other && may_set && session.batch_execute("SET lc_messages = 'C'").is_ok() {
            is_other = false;
        }
        if is_other && !self.is_other.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "PostgreSQL speaks another language than English, so that faults without a place in the statement are \
                 taken for outages: GRANT SET ON PARAMETER lc_messages to the role, or ALTER ROLE ... SET lc_messages = 'C'"
            );
        }
        self.is_other.store(is_other, Ordering::Relaxed);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
