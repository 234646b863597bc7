//! `/api/webhooks`, with a file for each call.

mod body;
mod create;
mod delete;
mod deliveries;
mod input;
mod list;
mod patch;
mod read;
mod retry;
mod rotate_secret;
mod send_test;
mod test_event;

use eggypro_domain::webhooks::WebhookId;

use crate::message::problem::Problem;

pub(crate) use self::create::{__path_create, create};
pub(crate) use self::delete::{__path_delete, delete};
pub(crate) use self::deliveries::{__path_deliveries, deliveries};
pub(crate) use self::list::{__path_list, list};
pub(crate) use self::patch::{__path_patch, patch};
pub(crate) use self::read::{__path_read, read};
pub(crate) use self::retry::{__path_retry, retry};
pub(crate) use self::rotate_secret::{__path_rotate_secret, rotate_secret};
pub(crate) use self::send_test::{__path_send_test, send_test};

/// The id in a path. A text that is no id names no webhook.
fn id_of(text: &str) -> Result<WebhookId, Problem> {
    text.parse().map_err(|_| not_found())
}

fn not_found() -> Problem {
    Problem::not_found("webhook")
}
