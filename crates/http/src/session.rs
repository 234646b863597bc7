//! `/api/auth/admin`: a file a call.

mod begin;
mod body;
mod end;
mod read;

use std::sync::Arc;

use actix_web::web::Bytes;
use eggypro_auth::RunningSession;
use eggypro_cache::{Key, LoadError, Loaded, Room};
use eggypro_domain::changes::Tag;

use crate::answers::known_or_loaded;
use crate::api::Api;
use crate::problem::Problem;

pub(crate) use self::begin::{__path_begin, begin};
pub(crate) use self::end::{__path_end, end};
pub(crate) use self::read::{__path_read, read};

/// Whether a session was ended before its time. Asked with each request of it, so the answer is kept until that changes.
///
/// # Errors
/// When the store did not answer.
pub(crate) async fn has_ended(api: &Api, session: &RunningSession) -> Result<bool, Problem> {
    let Some(id) = session.id else {
        return Ok(false);
    };
    let key = Key::new(format!("session {id}"), Tag::Session(id), Room::Searches);
    let sessions = Arc::clone(&api.sessions);
    let load = async move {
        let has_ended = sessions.has_ended(id).await;
        let has_ended = has_ended.map_err(|error| Arc::new(Problem::from(error)) as LoadError)?;
        Ok(Loaded::whole(Bytes::copy_from_slice(&[has_ended.into()])))
    };
    let kept = known_or_loaded(api, key, load).await?;
    Ok(*kept == [1])
}
