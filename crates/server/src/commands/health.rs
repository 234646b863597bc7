use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use reqwest::Client;
use tokio::runtime::Builder;

use super::{Failure, say};
use crate::environment;

/// How long the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Asks the server of this environment whether it is ready.
pub(super) fn run() -> Result<(), Failure> {
    let (host, port) = environment::read_address()?;
    let host = match host.parse::<IpAddr>() {
        Ok(address) => SocketAddr::new(address, port).to_string(),
        Err(_) => format!("{host}:{port}"),
    };
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let status = runtime.block_on(async {
        // Nothing is asked over TLS, so the system's certificates need not be read.
        let client = Client::builder()
            .tls_certs_only([])
            .no_proxy()
            .timeout(PATIENCE)
            .build()?;
        let answer = client.get(format!("http://{host}/api/health/ready"));
        Ok::<_, Failure>(answer.send().await?.status())
    });
    let status = status.map_err(|error| format!("{host} does not answer: {error}"))?;
    if status.is_success() {
        say("The server is ready.");
        Ok(())
    } else {
        Err(format!("The server at {host} is not ready: it answers {status}.").into())
    }
}
