use actix_web::Route;
use actix_web::guard;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig, resource};

use crate::{
    categories, changes, docs, health, images, index_check, keys, media, metrics, openapi,
    products, reviews, root, session, synonyms,
};

/// Every address of the API. A resource answers methods that it doesn't list with 405. The handlers need an
/// [`Api`](crate::Api) as app data, and an [`Edge`](crate::Edge) around them, without which nobody is an administrator.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/").route(read().to(root::greet)))
        .service(resource("/admin").route(read().to(root::admin)))
        .service(
            resource("/api/products")
                .route(read().to(products::list))
                .route(web::post().to(products::create)),
        )
        .service(resource("/api/products/search").route(read().to(products::search)))
        .service(resource("/api/products/suggest").route(read().to(products::suggest)))
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
                .route(read().to(synonyms::read))
                .route(web::put().to(synonyms::replace)),
        )
        .service(resource(index_check::PATH).route(web::post().to(index_check::check)))
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
        .service(resource(changes::events::PATH).route(read().to(changes::events::read)))
        .service(resource("/api/metrics").route(read().to(metrics::read)))
        .service(resource("/api/health").route(read().to(health::summary)))
        .configure(probes)
        .service(resource("/api/openapi.json").route(read().to(openapi::serve)))
        .service(resource("/api/docs").route(read().to(docs::page)))
        .service(resource("/api/docs/{asset}").route(read().to(docs::asset)));
}

/// What an orchestrator asks: `live` and `ready`. A server can have them on an address of their own as well, which clients
/// of the API can't keep busy. The handlers need an [`Api`](crate::Api) as app data.
pub fn probes(config: &mut ServiceConfig) {
    config
        .service(resource("/api/health/live").route(read().to(health::live)))
        .service(resource("/api/health/ready").route(read().to(health::ready)));
}

/// The address of a folder of pictures.
pub(crate) fn media(config: &mut ServiceConfig) {
    config.service(resource("/media/{path:.+}").route(read().to(media::file)));
}

/// `HEAD` works wherever `GET` does.
fn read() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}
