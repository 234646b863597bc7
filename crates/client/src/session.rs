//! Sessions of administrators.

use secrecy::SecretString;
use serde::Deserialize;
use time::OffsetDateTime;

use crate::keys::Permission;
use crate::operation as op;
use crate::request::Request;
use crate::{Call, Client};

/// A session that has begun.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Session {
    /// Who the caller is.
    pub user: User,
    /// The token, which is accepted wherever the secret is; `None` if the server has no sessions.
    pub token: Option<SecretString>,
    /// When the token ends.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub expires_at: Option<OffsetDateTime>,
}

/// Who the caller is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct User {
    /// The id: `admin`, or that of an API key.
    pub id: String,
    /// The role.
    pub role: String,
    /// What the caller may do.
    pub permissions: Vec<Permission>,
}

/// The caller, as the server knows them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Caller {
    /// Who the caller is.
    pub user: User,
}

/// The calls of sessions. See [`Client::session`].
#[derive(Debug, Clone, Copy)]
pub struct Sessions<'a>(&'a Client);

impl Client {
    /// The session of the caller.
    pub fn session(&self) -> Sessions<'_> {
        Sessions(self)
    }
}

impl Sessions<'_> {
    /// Begins a session. With the token of a session, it renews it.
    ///
    /// # Errors
    /// 401 if the credentials are wrong, 429 after too many wrong ones.
    pub fn begin(&self) -> Call<Session> {
        Call::json(self.0, Request::new(&op::BEGIN_SESSION, &[]))
    }

    /// Reads who the caller is.
    ///
    /// # Errors
    /// 401 if the credentials are wrong.
    pub fn caller(&self) -> Call<Caller> {
        Call::json(self.0, Request::new(&op::READ_CALLER, &[]))
    }

    /// Ends the session everywhere. The server does not record idempotency keys of sessions, so that a repetition after a
    /// lost answer is a 401: the session has ended.
    ///
    /// # Errors
    /// 401 if it has ended already.
    pub fn end(&self) -> Call<()> {
        Call::empty(self.0, Request::new(&op::END_SESSION, &[]))
    }
}
