use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Text};
use eggypro_domain::Slug;
use eggypro_domain::changes::{Change, Tag};

use super::listen::CHANNEL;
use crate::error::Failure;

/// What a transaction touches, as it goes on.
#[derive(Debug, Default)]
pub(crate) struct Touched(Vec<Tag>);

impl Touched {
    /// Notes that this is touched.
    pub(crate) fn add(&mut self, tag: Tag) {
        if !self.0.contains(&tag) {
            self.0.push(tag);
        }
    }

    /// Notes that a product is touched, and what shows it besides.
    pub(crate) fn product(&mut self, slug: &Slug) {
        self.add(Tag::Products);
        self.add(Tag::Product(slug.clone()));
        self.add(Tag::Reviews(slug.clone()));
    }
}

/// Does work in a transaction and lets the news of it travel with the commit: either both happen or neither, even if
/// this process ends right after.
pub(super) fn committed<T, E>(
    connection: &mut PgConnection,
    work: impl FnOnce(&mut PgConnection, &mut Touched) -> Result<T, Failure<E>>,
) -> Result<(T, Change), Failure<E>> {
    connection.transaction(|connection| {
        let mut touched = Touched::default();
        let value = work(connection, &mut touched)?;
        Ok((value, announce(connection, touched.0)?))
    })
}

#[derive(QueryableByName)]
struct Announced {
    #[diesel(sql_type = Text)]
    name: String,
}

/// How many tags a notification has at most: with the longest slugs they fit its 8 000 bytes.
const MOST_TAGS: usize = 25;

/// Tells of a change when the transaction commits, by several notifications if there are many tags.
pub(crate) fn announce(connection: &mut PgConnection, tags: Vec<Tag>) -> QueryResult<Change> {
    let nameless = |tags: &[Tag]| {
        let (name, tags) = (String::new(), tags.to_vec());
        Change { name, tags }.to_string()
    };
    let said: Vec<String> = tags.chunks(MOST_TAGS).map(nameless).collect();
    // A name, so that who hears of it twice knows. Not the transaction's number: a database that was put back to an
    // earlier state gives those again.
    let announced: Announced = sql_query(
        "SELECT name, (SELECT count(pg_notify($1, name || '-' || part || tags)) \
         FROM unnest($2) WITH ORDINALITY said(tags, part)) AS said \
         FROM (SELECT gen_random_uuid()::text AS name OFFSET 0) t",
    )
    .bind::<Text, _>(CHANNEL)
    .bind::<Array<Text>, _>(said)
    .get_result(connection)?;
    Ok(Change {
        name: format!("{}-1", announced.name),
        tags,
    })
}
