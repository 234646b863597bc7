use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Untyped;
use diesel::{PgConnection, QueryResult, RunQueryDsl};

/// A query for the rows of an SQL function. Unlike `sql_query`, it is parsed and planned once for each connection, which
/// also saves a round trip.
pub(crate) struct Call<A> {
    function: &'static str,
    arguments: A,
}

impl<A> Call<A> {
    /// Calls a function with a tuple of bound arguments.
    pub(crate) fn new(function: &'static str, arguments: A) -> Self {
        Self {
            function,
            arguments,
        }
    }
}

impl<A: QueryFragment<Pg>> QueryFragment<Pg> for Call<A> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT * FROM ");
        out.push_sql(self.function);
        out.push_sql("(");
        self.arguments.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}

/// Diesel finds the statement by its text.
impl<A> QueryId for Call<A> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<A> Query for Call<A> {
    type SqlType = Untyped;
}

impl<A> RunQueryDsl<PgConnection> for Call<A> {}
