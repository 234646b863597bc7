use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::{App, HttpResponse, HttpServer, web};

use eggypro_http::{Api, probes};

use super::figures::{Figures, Sources};

/// Content type of Prometheus' text format.
const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Serves `/metrics` and the health probes on a separate address. Clients of the API can use up neither its connections
/// nor its thread.
///
/// # Errors
/// When the socket can't be used.
pub(crate) fn serve(
    listener: TcpListener,
    figures: Arc<Figures>,
    sources: Sources,
    api: Api,
) -> io::Result<Server> {
    let figures: web::Data<Figures> = figures.into();
    let sources = web::Data::new(sources);
    let api = web::Data::new(api);
    let app = move || {
        App::new()
            .app_data(figures.clone())
            .app_data(sources.clone())
            .app_data(api.clone())
            .configure(probes)
            .route("/metrics", web::get().to(page))
    };
    let server = HttpServer::new(app).workers(1).disable_signals();
    Ok(server.listen(listener)?.run())
}

async fn page(figures: web::Data<Figures>, sources: web::Data<Sources>) -> HttpResponse {
    match figures.text(&sources) {
        Ok(text) => HttpResponse::Ok().content_type(FORMAT).body(text),
        Err(error) => {
            tracing::error!(%error, "the metrics can't be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}
