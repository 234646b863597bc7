//! Tests of the words that the API and stores use for the variants of enums, and of ids as text.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::str::FromStr;

use crate::Permission;
use crate::changes::{Action, ActorKind, EventType, Mark, Position, Resource};
use crate::images::{Crop, DeliveryFormat, ImageFormat, Quality};
use crate::imports::{DifferenceAction, ImportMode, ImportStatus, LeaseId};
use crate::metrics::SeriesStep;
use crate::products::{Facet, MismatchKind, Nutrient, ProductId, StatusFilter, StockFilter};
use crate::reviews::{Decision, ReviewSort, VerifiedFilter};
use crate::stock::{MovementReason, ReservationId, ReservationStatus};
use crate::webhooks::{DeliveryLease, DeliveryState};

fn written<T: Copy>(word: fn(T) -> &'static str, values: &[T]) -> Vec<&'static str> {
    values.iter().map(|value| word(*value)).collect()
}

fn read<T: FromStr<Err: Debug>>(words: &[&str]) -> Vec<T> {
    assert!("".parse::<T>().is_err());
    assert!("Created".parse::<T>().is_err());
    words.iter().map(|word| word.parse().unwrap()).collect()
}

#[track_caller]
fn are<T: FromStr<Err: Debug> + Copy + PartialEq + Debug>(
    word: fn(T) -> &'static str,
    values: &[T],
    words: &[&str],
) {
    assert_eq!(written(word, values), words);
    assert_eq!(read::<T>(words), values);
}

#[test]
fn permissions_have_the_names_of_the_api() {
    let names = [
        "products:read",
        "products:write",
        "products:delete",
        "stock:write",
        "reviews:moderate",
        "metrics:read",
        "changes:read",
        "webhooks:manage",
        "keys:manage",
    ];
    are(Permission::as_str, &Permission::ALL, &names);
    assert_eq!(Permission::KeysManage.to_string(), "keys:manage");
    assert_eq!(String::from(Permission::KeysManage), "keys:manage");
}

#[test]
fn the_log_has_the_words_of_the_api() {
    let resources = [
        "product", "category", "review", "image", "key", "session", "synonyms", "webhook",
    ];
    are(Resource::as_str, &Resource::ALL, &resources);
    let actions = [Action::Created, Action::Updated, Action::Deleted];
    are(Action::as_str, &actions, &["created", "updated", "deleted"]);
    let actors = ["admin", "key", "customer", "system", "database"];
    are(ActorKind::as_str, &ActorKind::ALL, &actors);
    let marks = ["back_in_stock", "low_stock", "verified", "unverified"];
    let marked = [
        Mark::BackInStock,
        Mark::LowStock,
        Mark::Verified,
        Mark::Unverified,
    ];
    assert_eq!(read::<Mark>(&marks), marked);
}

#[test]
fn events_have_the_types_of_the_api() {
    let types = [
        "product.created",
        "product.updated",
        "product.deleted",
        "product.back_in_stock",
        "product.low_stock",
        "category.created",
        "category.updated",
        "category.deleted",
        "review.submitted",
        "review.verified",
        "review.unverified",
        "review.deleted",
        "stock.moved",
        "webhook.disabled",
    ];
    are(EventType::as_str, &EventType::ALL, &types);
    assert_eq!(String::from(EventType::StockMoved), "stock.moved");
}

#[test]
fn imports_have_the_words_of_the_api() {
    let changes = [DifferenceAction::Created, DifferenceAction::Updated];
    are(DifferenceAction::as_str, &changes, &["created", "updated"]);
    assert_eq!(DifferenceAction::Updated.to_string(), "updated");
    let modes = ["upsert", "create", "update"];
    are(ImportMode::as_str, &ImportMode::ALL, &modes);
    let statuses = ["receiving", "running", "done", "failed", "cancelled"];
    are(ImportStatus::as_str, &ImportStatus::ALL, &statuses);
}

#[test]
fn stock_has_the_words_of_the_api() {
    let reasons = [
        "sale",
        "delivery",
        "return",
        "count",
        "loss",
        "correction",
        "reservation",
        "release",
    ];
    are(MovementReason::as_str, &MovementReason::ALL, &reasons);
    let statuses = [
        ReservationStatus::Held,
        ReservationStatus::Confirmed,
        ReservationStatus::Released,
    ];
    let words = ["held", "confirmed", "released"];
    are(ReservationStatus::as_str, &statuses, &words);
    assert_eq!(statuses.map(|status| status.to_string()), words);
}

#[test]
fn ids_are_written_as_stores_keep_them() {
    let id = ReservationId::random();
    assert_eq!(id.to_string().parse(), Ok(id));
    let texts = [
        id.to_string(),
        LeaseId::random().to_string(),
        DeliveryLease::random().to_string(),
    ];
    for text in &texts {
        assert_eq!((text.len(), text.matches('-').count()), (36, 4), "{text}");
    }
    assert_eq!(BTreeSet::from(texts).len(), 3);
    assert_eq!(ProductId(7).to_string(), "7");
    assert_eq!(Position("1.2".into()).to_string(), "1.2");
}

#[test]
fn deliveries_have_the_words_of_the_api() {
    let states = ["pending", "delivered", "failed"];
    are(DeliveryState::as_str, &DeliveryState::ALL, &states);
}

#[test]
fn answers_have_the_words_of_the_api() {
    let facets = [
        Facet::Category,
        Facet::Price,
        Facet::Rating,
        Facet::Stock,
        Facet::Diet,
        Facet::Allergen,
    ];
    let names = ["category", "price", "rating", "stock", "diet", "allergen"];
    assert_eq!(written(Facet::as_str, &facets), names);
    let stock = [StockFilter::Low, StockFilter::Out];
    assert_eq!(written(StockFilter::as_str, &stock), ["low", "out"]);
    let statuses = [
        StatusFilter::Active,
        StatusFilter::Inactive,
        StatusFilter::All,
    ];
    let names = ["active", "inactive", "all"];
    assert_eq!(written(StatusFilter::as_str, &statuses), names);
    let names = ["true", "false", "all"];
    assert_eq!(written(VerifiedFilter::as_str, &VerifiedFilter::ALL), names);
    let names = ["newest", "oldest", "rating-desc", "rating-asc"];
    assert_eq!(written(ReviewSort::as_str, &ReviewSort::ALL), names);
    let names = ["verify", "unverify", "delete"];
    assert_eq!(written(Decision::as_str, &Decision::ALL), names);
    let mismatches = [
        MismatchKind::Missing,
        MismatchKind::Surplus,
        MismatchKind::Different,
    ];
    let names = ["missing", "surplus", "different"];
    assert_eq!(written(MismatchKind::as_str, &mismatches), names);
    let steps = [SeriesStep::Hour, SeriesStep::Day];
    assert_eq!(written(SeriesStep::as_str, &steps), ["hour", "day"]);
}

#[test]
fn nutrition_has_the_words_of_the_api() {
    let names = [
        "serving_size",
        "energy_kj",
        "energy_kcal",
        "fat",
        "saturates",
        "carbohydrate",
        "sugars",
        "fibre",
        "protein",
        "salt",
    ];
    assert_eq!(written(Nutrient::as_str, &Nutrient::ALL), names);
}

#[test]
fn pictures_have_the_words_of_cloudinary() {
    let crops = [
        Crop::Fill,
        Crop::Fit,
        Crop::Limit,
        Crop::LimitFill,
        Crop::Thumb,
        Crop::Scale,
    ];
    let names = ["fill", "fit", "limit", "lfill", "thumb", "scale"];
    assert_eq!(written(Crop::as_str, &crops), names);
    let formats = [
        DeliveryFormat::Auto,
        DeliveryFormat::Webp,
        DeliveryFormat::Jpg,
        DeliveryFormat::Png,
    ];
    let names = ["auto", "webp", "jpg", "png"];
    assert_eq!(written(DeliveryFormat::as_str, &formats), names);
    assert_eq!(Quality::Auto.to_string(), "auto");
    assert_eq!(Quality::Of(80).to_string(), "80");
    let formats = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Webp];
    assert_eq!(formats.map(String::from), ["jpg", "png", "webp"]);
}
