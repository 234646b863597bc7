//! Floors: upper bounds for the speed of a server of this kind. It answers constant bytes from actix-web alone, and
//! single statements through diesel and r2d2 in `web::block`.
//!
//! `floors PORT POSTGRES_URL BYTES_OF_A_LIST BYTES_OF_A_PRODUCT`

use std::error::Error;

use actix_web::web::{self, Bytes, Data, Path};
use actix_web::{App, HttpResponse, HttpServer};
use diesel::PgConnection;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool};
use eggypro_domain::Slug;
use eggypro_domain::products::Product;
use eggypro_persistence::testing::statements;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

type Connections = Pool<ConnectionManager<PgConnection>>;

/// Makes PostgreSQL plan statements as it does for the server.
#[derive(Debug)]
struct Session;

impl CustomizeConnection<PgConnection, diesel::r2d2::Error> for Session {
    fn on_acquire(&self, connection: &mut PgConnection) -> Result<(), diesel::r2d2::Error> {
        statements::plan_as_a_server(connection).map_err(diesel::r2d2::Error::QueryError)
    }
}

/// A product as the API shows it.
#[derive(Serialize)]
struct Body<'a> {
    id: i32,
    name: &'a str,
    slug: &'a str,
    description: &'a str,
    details: &'a str,
    price: String,
    images: &'a [String],
    ingredients: &'a [String],
    stock_quantity: i64,
    is_active: bool,
    categories: Vec<(i32, &'a str, &'a str)>,
    rating: (Option<f64>, u64),
    version: i32,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    updated_at: OffsetDateTime,
}

impl<'a> Body<'a> {
    fn of(product: &'a Product) -> Self {
        let categories = product.categories.iter();
        Self {
            id: product.id.0,
            name: &product.name,
            slug: product.slug.as_str(),
            description: &product.description,
            details: &product.details,
            price: product.price.to_string(),
            images: &product.images,
            ingredients: &product.ingredients,
            stock_quantity: product.stock_quantity.into(),
            is_active: product.is_active,
            categories: categories
                .map(|category| {
                    (
                        category.id.0,
                        category.name.as_str(),
                        category.slug.as_str(),
                    )
                })
                .collect(),
            rating: (product.rating.average(), product.rating.count()),
            version: product.version,
            created_at: product.created_at,
            updated_at: product.updated_at,
        }
    }
}

/// Answers constant bytes.
async fn constant(bytes: Data<Bytes>) -> HttpResponse {
    let bytes = Bytes::clone(&bytes);
    HttpResponse::Ok()
        .content_type("application/json")
        .body(bytes)
}

async fn empty() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// Runs a job on a connection of the pool, as most programs with diesel do.
async fn block<T: Send + 'static>(
    connections: Data<Connections>,
    job: impl FnOnce(&mut PgConnection) -> diesel::QueryResult<T> + Send + 'static,
) -> actix_web::Result<T> {
    let result = web::block(move || {
        let mut connection = connections.get().map_err(|error| error.to_string())?;
        job(&mut connection).map_err(|error| error.to_string())
    });
    result
        .await?
        .map_err(actix_web::error::ErrorInternalServerError)
}

async fn product(
    connections: Data<Connections>,
    slug: Path<String>,
) -> actix_web::Result<HttpResponse> {
    let slug = Slug::try_from(slug.into_inner()).map_err(actix_web::error::ErrorNotFound)?;
    let product = block(connections, move |connection| {
        statements::product(connection, &slug)
    })
    .await?;
    let product = product.ok_or_else(|| actix_web::error::ErrorNotFound("no such product"))?;
    Ok(HttpResponse::Ok().json(Body::of(&product)))
}

#[derive(Deserialize)]
struct Parameters {
    offset: i32,
}

/// Answers a page of products by id. Generated products have consecutive ids.
async fn list(
    connections: Data<Connections>,
    parameters: web::Query<Parameters>,
) -> actix_web::Result<HttpResponse> {
    let first = parameters.offset + 1;
    let ids: Vec<i32> = (first..first + 20).collect();
    let products = block(connections, move |connection| {
        statements::products(connection, &ids)
    })
    .await?;
    let bodies: Vec<_> = products.iter().map(Body::of).collect();
    Ok(HttpResponse::Ok().json(bodies))
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [port, url, list_bytes, product_bytes] = arguments.as_slice() else {
        return Err("floors PORT POSTGRES_URL BYTES_OF_A_LIST BYTES_OF_A_PRODUCT".into());
    };
    let connections = Pool::builder()
        .max_size(20)
        // The test costs a round trip. A program that aims for speed goes without.
        .test_on_check_out(false)
        .connection_customizer(Box::new(Session))
        .build(ConnectionManager::<PgConnection>::new(url))?;
    let of_length = |text: &str| text.parse().map(|length| Bytes::from(vec![b'x'; length]));
    let (list_bytes, product_bytes) = (of_length(list_bytes)?, of_length(product_bytes)?);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(Data::new(connections.clone()))
            .service(
                web::resource("/constant/list")
                    .app_data(Data::new(list_bytes.clone()))
                    .route(web::get().to(constant)),
            )
            .service(
                web::resource("/constant/product")
                    .app_data(Data::new(product_bytes.clone()))
                    .route(web::get().to(constant)),
            )
            .service(web::resource("/empty").route(web::get().to(empty)))
            .service(web::resource("/block/products").route(web::get().to(list)))
            .service(web::resource("/block/products/{slug}").route(web::get().to(product)))
    });
    server.bind(("127.0.0.1", port.parse()?))?.run().await?;
    Ok(())
}
