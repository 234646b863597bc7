use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz};
use eggypro_domain::Slug;
use eggypro_domain::changes::{Actor, Origin};
use eggypro_domain::stock::{Movement, MovementReason, Shortage, StockError};
use time::OffsetDateTime;

use super::Result;
use crate::error::{Failure, corrupt};

/// What all movements of one call have in common.
pub(super) struct Moved {
    pub(super) reason: MovementReason,
    pub(super) reference: Option<String>,
    actor: Actor,
}

impl Moved {
    pub(super) fn by(origin: &Origin, reason: MovementReason, reference: Option<String>) -> Self {
        Self {
            reason,
            reference,
            actor: origin.actor.clone(),
        }
    }
}

/// A movement, or why a product has none: a row of the SQL type `stock_outcome`.
#[derive(QueryableByName)]
pub(super) struct Outcome {
    #[diesel(sql_type = Text)]
    slug: String,
    #[diesel(sql_type = Nullable<Text>)]
    refusal: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    available: Option<i32>,
    #[diesel(sql_type = Nullable<BigInt>)]
    id: Option<i64>,
    #[diesel(sql_type = Nullable<Integer>)]
    change: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    balance: Option<i32>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    at: Option<OffsetDateTime>,
}

/// A row of the SQL function `commit_movements`.
#[derive(QueryableByName)]
pub(super) struct AnnouncedOutcome {
    #[diesel(embed)]
    pub(super) outcome: Option<Outcome>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) announcement: Option<String>,
}

impl Outcome {
    /// The movements, or the reason why there is none.
    pub(super) fn movements(outcomes: Vec<Self>, moved: &Moved) -> Result<Vec<Movement>> {
        let (mut unknown, mut short, mut high, mut made) = (vec![], vec![], vec![], vec![]);
        for outcome in outcomes {
            let slug: Slug = outcome.slug.parse().map_err(corrupt)?;
            let available = outcome.available.unwrap_or(0);
            match outcome.refusal.as_deref() {
                None => made.extend(outcome.movement(slug, moved)),
                Some("not found") => unknown.push(slug),
                Some("insufficient") => short.push(Shortage { slug, available }),
                Some("changed") => return Err(Failure::Refused(StockError::Changed { available })),
                Some(_) => high.push(slug),
            }
        }
        if !unknown.is_empty() {
            return Err(Failure::Refused(StockError::NotFound(unknown)));
        }
        if !short.is_empty() {
            return Err(Failure::Refused(StockError::Insufficient(short)));
        }
        if !high.is_empty() {
            return Err(Failure::Refused(StockError::TooHigh(high)));
        }
        Ok(made)
    }

    fn movement(self, slug: Slug, moved: &Moved) -> Option<Movement> {
        let counts = (self.change?, self.balance?);
        let actor = moved.actor.clone();
        let mut movement = Movement::new(self.id?, slug, counts, moved.reason, actor, self.at?);
        movement.reference.clone_from(&moved.reference);
        Some(movement)
    }
}

/// A row of the ledger.
#[derive(QueryableByName)]
pub(super) struct MovementRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Integer)]
    change: i32,
    #[diesel(sql_type = Integer)]
    balance: i32,
    #[diesel(sql_type = Text)]
    reason: String,
    #[diesel(sql_type = Nullable<Text>)]
    reference: Option<String>,
    #[diesel(sql_type = Text)]
    actor_kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    actor_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    actor_name: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    at: OffsetDateTime,
}

impl MovementRow {
    pub(super) fn read(self, slug: &Slug) -> QueryResult<Movement> {
        let mut actor = Actor::customer();
        actor.kind = self.actor_kind.parse().map_err(corrupt)?;
        actor.id = self.actor_id;
        actor.name = self.actor_name;
        let reason = self.reason.parse().map_err(corrupt)?;
        let counts = (self.change, self.balance);
        let mut movement = Movement::new(self.id, slug.clone(), counts, reason, actor, self.at);
        movement.reference = self.reference;
        Ok(movement)
    }
}
