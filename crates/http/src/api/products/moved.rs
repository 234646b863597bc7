use std::str;
use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpRequest, HttpResponse, ResponseError};
use eggypro_cache::{Key, LoadError, Loaded, Region};
use eggypro_domain::changes::Tag;
use eggypro_domain::products::ProductError;
use eggypro_domain::{Permission, Slug};

use crate::message::problem::Problem;
use crate::pipeline::permissions::require;
use crate::state::Api;

/// Turns a 404 for a product's former slug into a 308 to its current one. Requests that change or delete the product
/// keep their 404: the client may not mean the product under its new slug.
pub(crate) async fn redirect_former_slug(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let is_write = matches!(
        *request.method(),
        Method::PUT | Method::PATCH | Method::DELETE
    );
    let response = next.call(request).await?.map_into_boxed_body();
    let problem = response.response().error();
    let problem = problem.and_then(|error| error.as_error::<Problem>());
    // All routes of this middleware are below a product's slug, so any 404 may be due to a former slug.
    if is_write || !problem.is_some_and(Problem::is_not_found) {
        return Ok(response);
    }
    let moved = match new_address(response.request()).await {
        Ok(None) => return Ok(response),
        Ok(Some(address)) => HttpResponse::PermanentRedirect()
            .insert_header((header::LOCATION, address))
            // Revalidate each time, because another product may take the slug.
            .insert_header((header::CACHE_CONTROL, "no-cache"))
            .finish(),
        Err(problem) => problem.error_response(),
    };
    Ok(response.into_response(moved))
}

async fn new_address(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let former = request.match_info().get("slug");
    let former = former.and_then(|slug| slug.parse::<Slug>().ok());
    let (Some(former), Some(api)) = (former, request.app_data::<Data<Api>>()) else {
        return Ok(None);
    };
    let mut slug = published(api, &former).await?;
    if slug.is_none() && require(request, Permission::ProductsRead).is_ok() {
        slug = match api.products.read_by_former_slug(&former).await {
            Ok(product) => Some(product.slug),
            Err(ProductError::NotFound) => None,
            Err(error) => return Err(error.into()),
        };
    }
    Ok(slug.map(|slug| with_slug(request, &slug)))
}

/// The current slug of an active product with this former slug. The result is cached.
async fn published(api: &Api, former: &Slug) -> Result<Option<Slug>, Problem> {
    let key = Key::new(
        format!("moved {former}"),
        Tag::Product(former.clone()),
        Region::Searches,
    );
    let (products, former) = (api.products.clone(), former.clone());
    let load = async move {
        match products.read_by_former_slug(&former).await {
            Ok(product) if product.is_active => {
                let slug = product.slug.as_str().as_bytes();
                Ok(Loaded::long_lived(Bytes::copy_from_slice(slug)))
            }
            Ok(_) | Err(ProductError::NotFound) => Ok(Loaded::short_lived(Bytes::new())),
            Err(error) => Err(Arc::new(Problem::from(error)) as LoadError),
        }
    };
    let slug = match api.cache.get(&key) {
        Some(slug) => slug,
        None => api
            .cache
            .load(key, load)
            .await
            .map_err(|error| Problem::of_load(&error))?,
    };
    Ok(str::from_utf8(&slug)
        .ok()
        .and_then(|slug| slug.parse().ok()))
}

/// The requested address with another slug.
fn with_slug(request: &HttpRequest, slug: &Slug) -> String {
    let pattern = request.match_pattern().unwrap_or_default();
    let below = pattern.split_once("{slug}").map_or("", |(_, below)| below);
    let query = request.uri().query();
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("/api/products/{slug}{below}{query}")
}
