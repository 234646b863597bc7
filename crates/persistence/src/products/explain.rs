use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Text;

/// How PostgreSQL executes a statement, as `EXPLAIN` prints it.
pub(super) fn explain(
    connection: &mut PgConnection,
    statement: impl QueryFragment<Pg>,
) -> QueryResult<String> {
    let lines: Vec<String> = Explain(statement).load(connection)?;
    Ok(lines.join("\n"))
}

struct Explain<T>(T);

impl<T: QueryFragment<Pg>> QueryFragment<Pg> for Explain<T> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ");
        self.0.walk_ast(out)
    }
}

impl<T> QueryId for Explain<T> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T> Query for Explain<T> {
    type SqlType = Text;
}

impl<T> RunQueryDsl<PgConnection> for Explain<T> {}
