use actix_web::Route;
use actix_web::guard;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig, resource};
use eggypro_cache::Key;

use crate::api::{
    admin, categories, changes, docs, feeds, health, images, imports, keys, media, metrics,
    products, reservations, reviews, root, search, session, stock, ucp, webhooks,
};
use crate::{long_calls, openapi};

/// Registers every route of the API. A resource answers methods that it doesn't list with 405. The handlers need an
/// [`Api`](crate::Api) as app data and an [`Edge`](crate::Edge) around them: without it, no caller is an administrator.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/").route(read().to(root::greet)))
        .service(resource("/admin").route(read().to(admin::page)))
        .service(resource("/admin/{path:.+}").route(read().to(admin::file)))
        .service(
            resource("/api/products")
                .route(read().to(products::list))
                .route(web::post().to(products::create)),
        )
        .service(resource("/api/products/search").route(read().to(products::search)))
        .service(resource("/api/products/suggest").route(read().to(products::suggest)))
        // A guard, so that a product that had the slug `export` before it was reserved can be renamed.
        .service(
            resource("/api/products/export")
                .guard(guard::Any(guard::Get()).or(guard::Head()))
                .route(read().to(products::export)),
        )
        // A guard, so that reads of this address find a product with the slug `bulk`.
        .service(
            resource("/api/products/bulk")
                .guard(guard::Post())
                .route(web::post().to(products::bulk)),
        )
        .service(
            resource("/api/products/{slug}")
                .route(read().to(products::read))
                .route(web::put().to(products::replace))
                .route(web::patch().to(products::patch))
                .route(web::delete().to(products::delete))
                .wrap(from_fn(products::redirect_former_slug)),
        )
        .service(
            resource("/api/products/{slug}/images")
                .route(web::post().to(images::upload_to_product))
                .wrap(from_fn(products::redirect_former_slug)),
        )
        .service(
            resource("/api/products/{slug}/reviews")
                .route(read().to(reviews::list))
                .route(web::post().to(reviews::create))
                .wrap(from_fn(products::redirect_former_slug)),
        )
        .service(
            resource("/api/products/{slug}/jsonld")
                .route(read().to(products::jsonld))
                .wrap(from_fn(products::redirect_former_slug)),
        )
        .service(
            resource("/api/products/{slug}/stock")
                .route(read().to(stock::list))
                .route(web::post().to(stock::make))
                .wrap(from_fn(products::redirect_former_slug)),
        )
        .service(resource("/api/stock").route(web::post().to(stock::make_all)))
        .service(resource("/api/reservations").route(web::post().to(reservations::create)))
        .service(resource("/api/reservations/{id}").route(read().to(reservations::read)))
        .service(
            resource("/api/reservations/{id}/confirm").route(web::post().to(reservations::confirm)),
        )
        .service(
            resource("/api/reservations/{id}/release").route(web::post().to(reservations::release)),
        )
        .service(resource("/api/reviews").route(read().to(reviews::queue)))
        .service(resource("/api/reviews/bulk").route(web::post().to(reviews::decide)))
        .service(
            resource("/api/reviews/{id}")
                .route(web::patch().to(reviews::verify))
                .route(web::delete().to(reviews::delete)),
        )
        .service(resource("/api/images").route(web::post().to(images::upload)))
        .service(resource("/api/images/{public_id:.+}").route(web::delete().to(images::delete)))
        .service(
            resource(long_calls::IMPORTS)
                .route(read().to(imports::list))
                .route(web::post().to(imports::create)),
        )
        .service(
            resource("/api/imports/{id}")
                .route(read().to(imports::read))
                .route(web::delete().to(imports::cancel)),
        )
        .service(resource("/api/imports/{id}/errors.csv").route(read().to(imports::errors)))
        .service(
            resource("/api/categories")
                .route(read().to(categories::list))
                .route(web::post().to(categories::create)),
        )
        .service(
            resource("/api/categories/{slug}")
                .route(read().to(categories::read))
                .route(web::put().to(categories::replace))
                .route(web::delete().to(categories::delete)),
        )
        .service(
            resource("/api/search/synonyms")
                .route(read().to(search::synonyms::read))
                .route(web::put().to(search::synonyms::replace)),
        )
        .service(resource(long_calls::CHECK).route(web::post().to(search::check::check)))
        .service(
            resource("/api/auth/admin")
                .route(read().to(session::read))
                .route(web::post().to(session::begin))
                .route(web::delete().to(session::end)),
        )
        .service(
            resource("/api/keys")
                .route(read().to(keys::list))
                .route(web::post().to(keys::create)),
        )
        .service(resource("/api/keys/{id}").route(web::delete().to(keys::revoke)))
        .service(resource("/api/keys/{id}/rotate").route(web::post().to(keys::rotate)))
        .service(resource("/api/changes").route(read().to(changes::list)))
        .service(resource(long_calls::EVENTS).route(read().to(changes::events::read)))
        .configure(webhook_routes)
        .service(resource(long_calls::FEED_REPORT).route(read().to(feeds::report)))
        .service(resource("/feeds/google.xml").route(read().to(feeds::google_feed)))
        .service(resource("/feeds/openai.jsonl.gz").route(read().to(feeds::openai_feed)))
        .service(resource("/.well-known/ucp").route(read().to(ucp::profile)))
        .service(resource("/ucp/catalog/search").route(web::post().to(ucp::search)))
        .service(resource("/ucp/catalog/lookup").route(web::post().to(ucp::lookup)))
        .service(resource("/ucp/catalog/product").route(web::post().to(ucp::product)))
        .service(resource("/ucp/mcp").route(web::post().to(ucp::mcp)))
        .service(resource("/sitemap.xml").route(read().to(feeds::pages)))
        .service(resource(r"/sitemap-{number:\d{1,6}}.xml").route(read().to(feeds::part_of_pages)))
        .service(resource("/api/metrics").route(read().to(metrics::read)))
        .service(resource("/api/health").route(read().to(health::summary)))
        .configure(probes)
        .service(resource("/api/openapi.json").route(read().to(openapi::serve)))
        .service(resource("/api/docs").route(read().to(docs::page)))
        .service(resource("/api/docs/{asset}").route(read().to(docs::asset)));
}

fn webhook_routes(config: &mut ServiceConfig) {
    config
        .service(
            resource("/api/webhooks")
                .route(read().to(webhooks::list))
                .route(web::post().to(webhooks::create)),
        )
        .service(
            resource("/api/webhooks/{id}")
                .route(read().to(webhooks::read))
                .route(web::patch().to(webhooks::patch))
                .route(web::delete().to(webhooks::delete)),
        )
        .service(
            resource("/api/webhooks/{id}/secret").route(web::post().to(webhooks::rotate_secret)),
        )
        .service(resource("/api/webhooks/{id}/test").route(web::post().to(webhooks::send_test)))
        .service(resource("/api/webhooks/{id}/deliveries").route(read().to(webhooks::deliveries)))
        .service(
            resource("/api/webhooks/{id}/deliveries/{event}/retry")
                .route(web::post().to(webhooks::retry)),
        );
}

/// Registers the probes of an orchestrator, `live` and `ready`. A server can also serve them on a separate address,
/// which clients of the API can't overload. The handlers need an [`Api`](crate::Api) as app data.
pub fn probes(config: &mut ServiceConfig) {
    config
        .service(resource("/api/health/live").route(read().to(health::live)))
        .service(resource("/api/health/ready").route(read().to(health::ready)));
}

/// Registers the route that serves a folder of pictures.
pub(crate) fn media(config: &mut ServiceConfig) {
    config.service(resource("/media/{path:.+}").route(read().to(media::file)));
}

/// A route for `GET` and `HEAD`.
fn read() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// The cache key of the public answer to a path and query, and the pattern of its route; `None` if that answer is not
/// cached.
pub(crate) fn cached_read(path: &str, query: &str) -> Option<(Key, &'static str)> {
    let name = path.strip_prefix("/api/")?;
    match name {
        "products" => return Some((products::list::key_of(query)?, "/api/products")),
        "products/search" => {
            return Some((products::search::key_of(query)?, "/api/products/search"));
        }
        "products/suggest" => {
            return Some((products::suggest::key_of(query)?, "/api/products/suggest"));
        }
        _ if name.ends_with("/reviews") => {
            let slug = name.strip_prefix("products/")?.strip_suffix("/reviews")?;
            let key = reviews::list::key_of(slug, query)?;
            return Some((key, "/api/products/{slug}/reviews"));
        }
        // The other cached reads take no parameters.
        _ if !query.is_empty() => return None,
        "categories" => return Some((categories::list::key(), "/api/categories")),
        _ => {}
    }
    match name.split_once('/')? {
        ("products", slug) => Some((products::read::key_of(slug)?, "/api/products/{slug}")),
        ("categories", slug) => Some((categories::read::key_of(slug)?, "/api/categories/{slug}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
