use std::time::Duration;

use super::own_server::{self, Answer};
use super::{Failure, say};

/// Maximum time for the server to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Asks the server of this environment whether it is ready.
pub(super) fn run() -> Result<(), Failure> {
    let Answer { host, status, .. } = own_server::ask(PATIENCE, |client, address| {
        client.get(format!("{address}/api/health/ready"))
    })?;
    if status.is_success() {
        say("The server is ready.");
        Ok(())
    } else {
        Err(format!("The server at {host} is not ready: it answers {status}.").into())
    }
}
