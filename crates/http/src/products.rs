//! `/api/products`: a file a call.

mod body;
mod create;
mod cursor;
mod delete;
mod facets;
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
use eggypro_domain::products::{ProductChanges, ProductId};
use eggypro_domain::{Slug, Valid, Validate};

use crate::api::Api;
use crate::entity_tag;
use crate::fields::Fields;
use crate::problem::{FieldError, Problem};

pub(crate) use self::body::ProductBody;
pub(crate) use self::create::{__path_create, create};
pub(crate) use self::delete::{__path_delete, delete};
pub(crate) use self::list::{__path_list, list};
pub(crate) use self::moved::redirect_former_slug;
pub(crate) use self::page::{Pagination, read_limit, read_start, slug};
pub(crate) use self::patch::{__path_patch, patch};
pub(crate) use self::read::{__path_read, read};
pub(crate) use self::replace::{__path_replace, replace};
pub(crate) use self::search::{__path_search, search};
pub(crate) use self::selection::{HIT_MEMBERS, LIST_MEMBERS};
pub(crate) use self::suggest::{__path_suggest, suggest};

/// The slug of an address. A text that is no slug names no product.
pub(crate) fn slug_of(path: web::Path<String>) -> Result<Slug, Problem> {
    Slug::try_from(path.into_inner()).map_err(|_| Problem::not_found("product"))
}

/// Changes a product as a body says, if it is as `If-Match` expects, and answers with what it is then.
async fn change(
    request: &HttpRequest,
    slug: &Slug,
    fields: Fields<'_>,
    changes: ProductChanges,
    api: &Api,
) -> Result<HttpResponse, Problem> {
    let expected = entity_tag::expected(request, ProductId)?;
    let categories = changes.categories.clone().unwrap_or_default();
    let changes = validated(fields, changes, &categories, api).await?;
    let written = api.products.update(slug, changes, expected).await;
    let product = written.map_err(|error| entity_tag::refusal(request, error))?;
    let document = body::document(&product)?;
    document
        .respond_to_write(HttpResponse::Ok().finish(), request)
        .await
}

/// Checks the rules of what was read from a body. Where some are broken, the categories that don't exist are named
/// with them; otherwise the store finds those when it writes.
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
    let mut asked = HashSet::new();
    for slug in categories
        .iter()
        .filter(|slug| asked.insert(*slug))
        .take(10)
    {
        // Where the store does not answer, what is known to be wrong is still told.
        if let Err(CategoryError::NotFound) = api.categories.read_any(slug).await {
            problem = problem.with_error(FieldError::unknown_category(slug));
        }
    }
    Err(problem)
}
