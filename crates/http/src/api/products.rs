//! `/api/products`, with a file for each call.

pub(crate) mod body;
mod bulk;
mod create;
pub(crate) mod cursor;
mod delete;
mod export;
mod facets;
mod facts;
mod filter;
pub(crate) mod input;
pub(crate) mod jsonld;
pub(crate) mod list;
mod moved;
mod page;
mod patch;
pub(crate) mod read;
mod replace;
pub(crate) mod search;
mod selection;
pub(crate) mod suggest;

use std::collections::HashSet;

use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::categories::CategoryError;
use eggypro_domain::idempotency::after_commit;
use eggypro_domain::products::{Contradiction, ProductChanges, ProductId};
use eggypro_domain::{Slug, Valid, Validate};

use crate::message::entity_tag;
use crate::message::fields::Fields;
use crate::message::problem::{FieldError, Problem};
use crate::state::Api;

pub(crate) use self::body::ProductBody;
pub(crate) use self::bulk::{__path_bulk, bulk};
pub(crate) use self::create::{__path_create, create};
pub(crate) use self::delete::{__path_delete, delete};
pub(crate) use self::export::{__path_export, export};
pub(crate) use self::jsonld::{__path_jsonld, jsonld};
pub(crate) use self::list::{__path_list, list};
pub(crate) use self::moved::redirect_former_slug;
pub(crate) use self::page::{Pagination, read_limit, read_start, slug};
pub(crate) use self::patch::{__path_patch, patch};
pub(crate) use self::read::{__path_read, read};
pub(crate) use self::replace::{__path_replace, replace};
pub(crate) use self::search::{__path_search, search};
pub(crate) use self::selection::{HIT_MEMBERS, LIST_MEMBERS};
pub(crate) use self::suggest::{__path_suggest, suggest};

/// The slug in the path. 404 if it is not a valid slug.
pub(crate) fn slug_of(path: web::Path<String>) -> Result<Slug, Problem> {
    Slug::try_from(path.into_inner()).map_err(|_| Problem::not_found("product"))
}

/// Applies changes to a product if `If-Match` holds, and answers with the changed product.
async fn change(
    request: &HttpRequest,
    slug: &Slug,
    fields: Fields<'_>,
    changes: ProductChanges,
    api: &Api,
) -> Result<HttpResponse, Problem> {
    let expected = entity_tag::expected(request, ProductId)?;
    let categories = changes.categories.clone().unwrap_or_default();
    let unchecked = changes.clone();
    let changes = match validated(fields, changes, &categories, api).await {
        Ok(changes) => changes,
        Err(problem) => return Err(with_contradictions(problem, unchecked, slug, api).await),
    };
    let written = api.products.update(slug, changes, expected).await;
    let product = written.map_err(|error| entity_tag::refusal(request, error))?;
    let document = body::document(&product, &api.storefront)?;
    document
        .respond_to_write(HttpResponse::Ok().finish(), request)
        .await
}

/// Adds the rules that refused changes would also break together with what the product has.
async fn with_contradictions(
    mut problem: Problem,
    changes: ProductChanges,
    slug: &Slug,
    api: &Api,
) -> Problem {
    // If the store is unavailable, the known errors are still reported.
    let Ok(product) = api.products.read_any(slug).await else {
        return problem;
    };
    for Contradiction { field, message } in changes.resolved(&product).err().unwrap_or_default() {
        if !problem.names(&field) {
            problem = problem.with_error(FieldError { field, message });
        }
    }
    problem
}

/// Removes the images of removed products from the image store, without letting the client wait. They are recorded as due
/// for removal, so a failed removal is tried again.
async fn remove_images_after_commit(api: &Api) {
    let images = api.images.clone();
    after_commit(async move {
        tokio::spawn(async move { images.remove_due().await });
    })
    .await;
}

/// Validates what was read from a body. If it is invalid, the problem also names categories that don't exist. If it is
/// valid, the store checks the categories when it writes.
async fn validated<T: Validate<Context = ()>>(
    fields: Fields<'_>,
    value: T,
    categories: &[Slug],
    api: &Api,
) -> Result<Valid<T>, Problem> {
    let mut problem = match fields.validate(value) {
        Ok(valid) => return Ok(valid),
        Err(problem) => problem,
    };
    let mut checked = HashSet::new();
    for slug in categories
        .iter()
        .filter(|slug| checked.insert(*slug))
        .take(10)
    {
        // If the store is unavailable, the known errors are still reported.
        if let Err(CategoryError::NotFound) = api.categories.read_any(slug).await {
            problem = problem.with_error(FieldError::unknown_category(slug));
        }
    }
    Err(problem)
}
