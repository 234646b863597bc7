use eggypro_domain::stock::{
    MAX_LINES, Movement, MovementReason, NewMovement, NewMovements, StockChange, StockLevel,
    StockLine,
};
use eggypro_domain::{Slug, Valid};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::api::changes::ActorBody;
use crate::api::products::Pagination;
use crate::message::fields::{Fields, Given};
use crate::message::problem::Problem;

/// One change of the stock of a product.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Movement)]
pub(super) struct MovementBody<'a> {
    /// A later movement of a product has a higher id.
    #[schema(example = 81)]
    id: i64,
    #[schema(example = "eggypro-vanilla-1kg")]
    slug: &'a str,
    /// Pieces that came, negative for pieces that went; 0 for a count that found the stock as it was.
    #[schema(example = -2)]
    change: i32,
    /// The stock after it.
    #[schema(example = 118)]
    balance: i32,
    /// `sale`, `delivery`, `return`, `count`, `loss`, `correction` (also of a product's write), `reservation` or
    /// `release`.
    #[schema(example = "sale")]
    reason: &'static str,
    /// What it belongs to.
    #[schema(example = "order-1001")]
    reference: Option<&'a str>,
    actor: ActorBody<'a>,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
}

impl<'a> MovementBody<'a> {
    pub(super) fn of(movement: &'a Movement) -> Self {
        Self {
            id: movement.id,
            slug: movement.slug.as_str(),
            change: movement.change,
            balance: movement.balance,
            reason: movement.reason.as_str(),
            reference: movement.reference.as_deref(),
            actor: ActorBody::of(&movement.actor),
            at: movement.at,
        }
    }
}

/// One page of movements.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MovementPage)]
pub(super) struct MovementPageBody<'a> {
    pub(super) data: Vec<MovementBody<'a>>,
    pub(super) pagination: Pagination,
}

/// The movements of an order, one for each product.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Movements)]
pub(super) struct MovementsBody<'a> {
    pub(super) movements: Vec<MovementBody<'a>>,
}

/// A movement to make: `change`, or `set` with or without `expected`.
#[derive(Debug, ToSchema)]
#[schema(as = MovementInput)]
#[expect(dead_code, reason = "documents what `read_movement` reads")]
pub(super) struct MovementInput {
    /// Pieces to add, or to take if negative. Not 0.
    #[schema(required = false, example = -2)]
    change: Option<i32>,
    /// The stock to set, such as what was counted.
    #[schema(required = false, minimum = 0)]
    set: Option<i32>,
    /// With `set`: the stock before it, else nothing is set.
    #[schema(required = false, minimum = 0)]
    expected: Option<i32>,
    /// `sale`, `delivery`, `return`, `count`, `loss` or `correction`.
    #[schema(example = "sale")]
    reason: String,
    /// What it belongs to.
    #[schema(
        required = false,
        min_length = 1,
        max_length = 255,
        example = "order-1001"
    )]
    reference: Option<String>,
}

/// Reads a movement from a body.
///
/// # Errors
/// 422 that names every invalid field.
pub(crate) fn read_movement(mut fields: Fields<'_>) -> Result<Valid<NewMovement>, Problem> {
    let (change, set) = (fields.whole("change"), fields.whole("set"));
    let expected = fields.whole("expected");
    let change = match (change, set) {
        (Given::Value(change), Given::Absent | Given::Null) => {
            if !matches!(expected, Given::Absent | Given::Null) {
                fields.refuse("expected", "Expected goes with set, not with change");
            }
            Some(StockChange::By(change))
        }
        (Given::Absent | Given::Null, Given::Value(stock)) => Some(StockChange::To {
            stock,
            expected: expected.value(),
        }),
        (Given::Broken, _) | (_, Given::Broken) => None,
        (Given::Value(_), _) => {
            fields.refuse("set", "Set can't be given together with change");
            None
        }
        _ => {
            fields.refuse("change", "Change or set is required");
            None
        }
    };
    let reason = read_reason(&mut fields);
    let reference = fields.text("reference").value();
    // What stands in for an invalid field has an error already.
    let nothing = StockChange::To {
        stock: StockLevel::default(),
        expected: None,
    };
    let mut movement = NewMovement::new(change.unwrap_or(nothing), reason);
    movement.reference = reference;
    fields.validate(movement)
}

/// The movements of an order: all are made or none.
#[derive(Debug, ToSchema)]
#[schema(as = MovementsInput)]
#[expect(dead_code, reason = "documents what `read_movements` reads")]
pub(super) struct MovementsInput {
    /// `sale`, `delivery`, `return`, `count`, `loss` or `correction`.
    #[schema(example = "sale")]
    reason: String,
    /// What they belong to.
    #[schema(
        required = false,
        min_length = 1,
        max_length = 255,
        example = "order-1001"
    )]
    reference: Option<String>,
    /// 1 to 200. Those of one product count together.
    #[schema(min_items = 1, max_items = 200)]
    lines: Vec<LineInput>,
}

/// The change of one product in an order.
#[derive(Debug, ToSchema)]
#[schema(as = MovementLine)]
#[expect(dead_code, reason = "documents what `read_movements` reads")]
struct LineInput {
    #[schema(example = "eggypro-vanilla-1kg")]
    slug: String,
    /// Pieces to add, or to take if negative. Not 0.
    #[schema(example = -2)]
    change: i32,
}

/// Reads the movements of an order from a body.
///
/// # Errors
/// 422 that names every invalid field.
pub(super) fn read_movements(mut fields: Fields<'_>) -> Result<Valid<NewMovements>, Problem> {
    let reason = read_reason(&mut fields);
    let reference = fields.text("reference").value();
    let lines = read_lines(&mut fields, |line| {
        let (slug, change) = (line.slug("slug"), line.whole("change"));
        let slug = line.require("slug", slug).value();
        let change = line.require("change", change).value();
        Some(StockLine {
            slug: slug?,
            change: change?,
        })
    });
    let mut movements = NewMovements::new(reason, lines);
    movements.reference = reference;
    fields.validate(movements)
}

/// Reads the lines of an order, without those that are invalid.
pub(crate) fn read_lines<T>(
    fields: &mut Fields<'_>,
    read: impl Fn(&mut Fields<'_>) -> Option<T>,
) -> Vec<T> {
    let lines = fields.objects("lines", MAX_LINES, read);
    let lines = fields.require("lines", lines).or_default();
    lines.into_iter().flatten().collect()
}

/// Reads a reason. A sale stands in for an invalid one, which has an error already.
fn read_reason(fields: &mut Fields<'_>) -> MovementReason {
    let reason = fields.one_of("reason", &MovementReason::GIVEN, MovementReason::as_str);
    fields.require("reason", reason).or(MovementReason::Sale)
}

/// The problem of unknown products in the lines of an order.
pub(crate) fn unknown_products<'a>(
    unknown: &[Slug],
    lines: impl Iterator<Item = &'a Slug>,
) -> Problem {
    let lines = lines.enumerate();
    let lines = lines.filter(|(_, slug)| unknown.contains(slug));
    Problem::of_fields(lines.map(|(index, slug)| {
        let field = format!("lines[{index}].slug");
        (field, format!("Unknown product: {slug}"))
    }))
}
