use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_http::{HttpService, KeepAlive, Protocol};
use actix_service::{IntoServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::App;
use actix_web::dev::{AppConfig, Server};
use actix_web::middleware::from_fn;
use actix_web::rt::net::TcpStream;
use actix_web::web;
use socket2::SockRef;

use crate::api::images::UploadMemory;
use crate::api::imports::ImportUploads;
use crate::api::media::MediaFolder;
use crate::message::document::PublicCaching;
use crate::pipeline::connection::{Connections, Stream};
use crate::pipeline::fast_path::FastPath;
use crate::pipeline::{Edge, RateLimits};
use crate::routes;
use crate::settings::HttpSettings;
use crate::state::Api;

/// Maximum number of connections that wait to be accepted. The system may allow fewer. The standard library uses 128:
/// clients of a larger burst are dropped and try again after a second.
const BACKLOG: i32 = 2_048;

/// How long a closing connection still reads what its client sends.
const LINGER: Duration = Duration::from_secs(1);

/// Serves the API on a listening socket until the returned server is stopped. Sets the socket's backlog to 2048. The
/// caller handles signals.
///
/// # Errors
/// If the socket can't be used.
pub fn serve(
    listener: TcpListener,
    api: Api,
    rates: RateLimits,
    settings: &HttpSettings,
) -> io::Result<Server> {
    SockRef::from(&listener).listen(BACKLOG)?;
    let address = listener.local_addr()?;
    let limits = settings.limits.clone();
    let edge = Arc::new(Edge::new(api.clone(), rates, settings));
    let api = web::Data::new(api);
    let limits_data = web::Data::new(limits.clone());
    let media = settings.media.clone();
    let media = media.map(|folder| web::Data::new(MediaFolder(folder)));
    let upload_room = web::Data::new(UploadMemory::default());
    let import_uploads = web::Data::new(ImportUploads::default());
    let caching = web::Data::new(PublicCaching::of(settings));
    let mut server = Server::build()
        .disable_signals()
        .max_concurrent_connections(limits.connections)
        .shutdown_timeout(settings.shutdown_timeout.as_secs());
    if let Some(workers) = settings.workers {
        server = server.workers(workers);
    }
    // `Connections` closes idle connections, without a timer for each connection.
    let keep_alive = if limits.keep_alive.is_zero() {
        KeepAlive::Disabled
    } else {
        KeepAlive::Os
    };
    let stopping = server.graceful_shutdown_signal();
    // Does what `HttpServer` does, and also watches the connections.
    let connection_settings = settings.clone();
    let recorder = edge.recorder();
    let worker = move || {
        let (api, edge, fast_edge) = (api.clone(), Arc::clone(&edge), Arc::clone(&edge));
        let media = media.clone();
        let app = App::new()
            .app_data(api)
            .app_data(limits_data.clone())
            .app_data(caching.clone())
            .wrap(from_fn(move |request, next| {
                Arc::clone(&edge).around(request, next)
            }))
            .app_data(upload_room.clone())
            .app_data(import_uploads.clone())
            .configure(routes::configure)
            .configure(|config| {
                if let Some(folder) = media {
                    routes::media(config.app_data(folder));
                }
            })
            .into_factory()
            .map_err(|error: actix_web::Error| error.error_response());
        let app = map_config(app, |()| AppConfig::default());
        let stopping = stopping.clone();
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .keep_alive(keep_alive)
            .client_request_timeout(limits.head_time)
            // Otherwise a client that is still sending gets a connection reset instead of the answer.
            .client_disconnect_timeout(LINGER)
            .local_addr(address)
            .on_connect_ext(|stream: &Stream, data| stream.attach_to(data))
            .finish(FastPath::new(fast_edge, routes::cached_read, app));
        let connections = Connections::watch(&connection_settings, recorder.clone());
        fn_service(move |stream: TcpStream| {
            let peer = stream.peer_addr().ok();
            let stream = connections.add(stream);
            async move { Ok((stream, Protocol::Http1, peer)) }
        })
        .and_then(http)
    };
    Ok(server.listen("http", listener, worker)?.run())
}
