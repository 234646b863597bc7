use eggypro_domain::Valid;
use eggypro_domain::stock::{NewReservation, Reservation, ReservedLine};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::api::stock::body::read_lines;
use crate::message::fields::Fields;
use crate::message::problem::Problem;

/// Stock that was taken for an order which is not paid yet.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reservation)]
pub(super) struct ReservationBody<'a> {
    #[schema(example = "3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a7")]
    id: String,
    /// `held`, `confirmed` (sold for good) or `released` (the stock is back).
    #[schema(example = "held")]
    status: &'static str,
    #[schema(example = "order-1001")]
    reference: &'a str,
    /// When it is released by itself, unless it was confirmed.
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
    /// Each product once.
    lines: Vec<LineBody<'a>>,
}

/// A number of pieces of a product.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReservedLine)]
struct LineBody<'a> {
    #[schema(example = "eggypro-vanilla-1kg")]
    slug: &'a str,
    #[schema(example = 2)]
    quantity: i32,
}

impl<'a> ReservationBody<'a> {
    pub(super) fn of(reservation: &'a Reservation) -> Self {
        let lines = reservation.lines.iter().map(|line| LineBody {
            slug: line.slug.as_str(),
            quantity: line.quantity.get(),
        });
        Self {
            id: reservation.id.to_string(),
            status: reservation.status.as_str(),
            reference: &reservation.reference,
            expires_at: reservation.expires_at,
            lines: lines.collect(),
        }
    }
}

/// A reservation to make.
#[derive(Debug, ToSchema)]
#[schema(as = ReservationInput)]
#[expect(dead_code, reason = "documents what `read_input` reads")]
pub(super) struct ReservationInput {
    /// What it belongs to.
    #[schema(min_length = 1, max_length = 255, example = "order-1001")]
    reference: String,
    /// How long it lasts, in seconds.
    #[schema(required = false, minimum = 10, maximum = 86_400, default = 900)]
    expires_in: Option<u32>,
    /// 1 to 200. Those of one product count together.
    #[schema(min_items = 1, max_items = 200)]
    lines: Vec<LineInput>,
}

/// A number of pieces of a product.
#[derive(Debug, ToSchema)]
#[schema(as = ReservationLine)]
#[expect(dead_code, reason = "documents what `read_input` reads")]
struct LineInput {
    #[schema(example = "eggypro-vanilla-1kg")]
    slug: String,
    #[schema(minimum = 1, example = 2)]
    quantity: i32,
}

/// Reads a reservation from a body.
///
/// # Errors
/// 422 that names every invalid field.
pub(super) fn read_input(mut fields: Fields<'_>) -> Result<Valid<NewReservation>, Problem> {
    let reference = fields.text("reference");
    let reference = fields.require("reference", reference).or_default();
    let expires_in = fields.integer("expires_in");
    let lines = read_lines(&mut fields, |line| {
        let (slug, quantity) = (line.slug("slug"), line.whole("quantity"));
        let slug = line.require("slug", slug).value();
        let quantity = line.require("quantity", quantity).value();
        Some(ReservedLine {
            slug: slug?,
            quantity: quantity?,
        })
    });
    let mut reservation = NewReservation::new(reference, lines);
    reservation.expires_in = expires_in.or(reservation.expires_in);
    fields.validate(reservation)
}
