//! The sequences of ids. Logical replication copies rows but not sequences, so a subscriber that becomes the database
//! would assign used ids again.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::ConnectionString;
use crate::seed::SeedError;

/// Number of ids to skip above the highest, since ids of removed rows must not be used again either.
const GAP: i64 = 1_000;

/// A sequence of the schema, and the column that it belongs to.
#[derive(QueryableByName)]
struct Sequence {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    column: String,
    #[diesel(sql_type = Text)]
    table: String,
}

#[derive(QueryableByName)]
struct Set {
    #[diesel(sql_type = Nullable<BigInt>)]
    to: Option<i64>,
}

/// Raises each sequence above the ids of its table. Returns the names of those that were too low.
///
/// # Errors
/// When the database can't be reached or refuses a statement.
pub fn raise(url: &ConnectionString) -> Result<Vec<String>, SeedError> {
    let mut connection = url.connect()?;
    let sequences: Vec<Sequence> = sql_query(
        "SELECT s.oid::regclass::text AS name, quote_ident(a.attname) AS column, t.oid::regclass::text AS table \
         FROM pg_class s JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid \
         AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') \
         JOIN pg_class t ON t.oid = d.refobjid \
         JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid \
         WHERE s.relkind = 'S' AND s.relnamespace = to_regnamespace(quote_ident(current_schema())) ORDER BY 1",
    )
    .load(&mut connection)?;
    let mut raised = vec![];
    for Sequence {
        name,
        column,
        table,
    } in sequences
    {
        // PostgreSQL has quoted all three names.
        let raise = format!(
            "SELECT setval('{}', ids.highest + {GAP}) AS \"to\" FROM {name} s, \
             (SELECT max({column})::bigint AS highest FROM {table}) ids \
             WHERE ids.highest >= s.last_value + s.is_called::int",
            name.replace('\'', "''")
        );
        let set: Vec<Set> = sql_query(raise).load(&mut connection)?;
        if set.iter().any(|set| set.to.is_some()) {
            raised.push(name);
        }
    }
    Ok(raised)
}
