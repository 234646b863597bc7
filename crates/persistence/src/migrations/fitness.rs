use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Integer, Nullable, Text};

/// The oldest version that works.
const OLDEST: i32 = 14;

/// Why a shop can't be kept in a database, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Its server is too old.
    #[error("PostgreSQL {0} is too old: take {OLDEST} or later")]
    Version(i32),
    /// It does not keep every letter.
    #[error(
        "its encoding is {0}: make it anew with CREATE DATABASE ... TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
    )]
    Encoding(String),
    /// It does not know which letters go together, and drops many from searches.
    #[error(
        "its character classes are those of C, which knows the letters of English alone: make it anew with CREATE \
         DATABASE ... TEMPLATE template0 LC_CTYPE 'C.UTF-8', or with the locale of a language"
    )]
    CharacterClasses,
    /// Its server can't give it an extension.
    #[error(
        "its server lacks the extension {0}: install PostgreSQL's contrib modules (postgresql-contrib)"
    )]
    ExtensionUnavailable(String),
    /// The schema that was asked for is not there.
    #[error(
        "it lacks the schema that the address asks for, or the role may not use it: CREATE SCHEMA, or GRANT USAGE, CREATE ON \
         SCHEMA ... TO the role"
    )]
    SchemaMissing,
    /// The role may not create tables.
    #[error(
        "the role may not create tables where they belong: GRANT CREATE ON SCHEMA public (or the one that the address asks \
         for) TO the role"
    )]
    SchemaClosed,
    /// An extension that it once had is gone.
    #[error("the extension {0} is missing: CREATE EXTENSION {0}")]
    ExtensionMissing(String),
    /// An extension is where statements don't look.
    #[error(
        "the extension {name} is in the schema {schema}, which is not in the search path: ALTER EXTENSION {name} SET \
         SCHEMA one that is, or name it in the role's search_path"
    )]
    ExtensionHidden {
        /// Its name.
        name: String,
        /// Where it is.
        schema: String,
    },
}

#[derive(QueryableByName)]
struct Server {
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Text)]
    encoding: String,
    #[diesel(sql_type = Text)]
    schema: String,
    #[diesel(sql_type = Bool)]
    may_create: bool,
}

#[derive(QueryableByName)]
struct Letters {
    #[diesel(sql_type = Bool)]
    are_known: bool,
}

#[derive(QueryableByName)]
struct Extension {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    is_available: bool,
    #[diesel(sql_type = Nullable<Text>)]
    schema: Option<String>,
    #[diesel(sql_type = Bool)]
    is_visible: bool,
}

/// All that makes a database unfit. One that has every migration has the extensions as well.
pub(crate) fn of(
    connection: &mut PgConnection,
    schema: Option<&str>,
    is_migrated: bool,
) -> QueryResult<Vec<Unfit>> {
    let server: Server = sql_query(
        "SELECT current_setting('server_version_num')::int / 10000 AS version, \
         current_setting('server_encoding') AS encoding, coalesce(current_schema()::text, '') AS schema, \
         coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_create",
    )
    .get_result(connection)?;
    let extensions: Vec<Extension> = sql_query(
        "SELECT w.name, a.name IS NOT NULL AS is_available, n.nspname::text AS schema, \
         coalesce(n.nspname = ANY(current_schemas(true)), false) AS is_visible \
         FROM (VALUES ('pg_trgm'), ('unaccent')) w (name) \
         LEFT JOIN pg_available_extensions a ON a.name = w.name \
         LEFT JOIN pg_extension e ON e.extname = w.name LEFT JOIN pg_namespace n ON n.oid = e.extnamespace",
    )
    .load(connection)?;
    let mut unfit = server.judge();
    if schema.is_some_and(|schema| schema != server.schema) {
        unfit.push(Unfit::SchemaMissing);
    } else if !is_migrated && !server.may_create {
        unfit.push(Unfit::SchemaClosed);
    }
    // Another encoding may not even have these letters.
    if server.encoding == "UTF8" && !knows_letters(connection, &extensions)? {
        unfit.push(Unfit::CharacterClasses);
    }
    let judged = extensions
        .into_iter()
        .filter_map(|extension| extension.judge(is_migrated));
    unfit.extend(judged);
    Ok(unfit)
}

/// Whether letters of other alphabets have case and are letters to trigrams, which ask LC_CTYPE even where ICU decides on
/// case.
fn knows_letters(connection: &mut PgConnection, extensions: &[Extension]) -> QueryResult<bool> {
    let has_trigrams = extensions
        .iter()
        .any(|extension| extension.name == "pg_trgm" && extension.is_visible);
    let are_letters = if has_trigrams {
        r"show_trgm(U&'\0416') <> '{}'"
    } else {
        "true"
    };
    let letters: Letters = sql_query(format!(
        r"SELECT lower(U&'\00C9\0416') = U&'\00E9\0436' AND {are_letters} AS are_known"
    ))
    .get_result(connection)?;
    Ok(letters.are_known)
}

impl Server {
    fn judge(&self) -> Vec<Unfit> {
        let mut unfit = vec![];
        if self.version < OLDEST {
            unfit.push(Unfit::Version(self.version));
        }
        if self.encoding != "UTF8" {
            unfit.push(Unfit::Encoding(self.encoding.clone()));
        }
        unfit
    }
}

impl Extension {
    fn judge(self, is_migrated: bool) -> Option<Unfit> {
        let Self {
            name,
            is_available,
            schema,
            is_visible,
        } = self;
        match schema {
            Some(_) if is_visible => None,
            Some(schema) => Some(Unfit::ExtensionHidden { name, schema }),
            None if !is_available => Some(Unfit::ExtensionUnavailable(name)),
            None => is_migrated.then_some(Unfit::ExtensionMissing(name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_versions_are_named() {
        let server = |version| Server {
            version,
            encoding: "UTF8".to_owned(),
            schema: "public".to_owned(),
            may_create: true,
        };
        assert_eq!(server(13).judge(), [Unfit::Version(13)]);
        assert_eq!(server(14).judge(), []);
        assert_eq!(
            Unfit::Version(13).to_string(),
            "PostgreSQL 13 is too old: take 14 or later"
        );
    }

    #[test]
    fn a_server_without_contrib_is_named() {
        let extension = Extension {
            name: "pg_trgm".to_owned(),
            is_available: false,
            schema: None,
            is_visible: false,
        };
        let unavailable = Unfit::ExtensionUnavailable("pg_trgm".to_owned());
        assert_eq!(extension.judge(false), Some(unavailable));
    }
}
