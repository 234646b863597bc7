//! Redirects of reads. A write is sent nowhere else: it would become a read, or change another server.

use std::borrow::Cow;

use reqwest::header::LOCATION;
use reqwest::{Response, Url};

use crate::Error;
use crate::operation::Operation;

/// Maximum number of redirects of a read.
const MAX_REDIRECTS: usize = 10;

/// The addresses that an attempt is sent to, one after the other.
#[derive(Debug)]
pub(crate) struct Route<'a> {
    first: &'a Url,
    url: Cow<'a, Url>,
    redirects: usize,
    is_trusted: bool,
}

impl<'a> Route<'a> {
    pub(crate) fn new(first: &'a Url) -> Self {
        Self {
            first,
            url: Cow::Borrowed(first),
            redirects: 0,
            is_trusted: true,
        }
    }

    /// The present address.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// Whether the request has never left its first origin, so that it may have its credentials.
    pub(crate) fn is_trusted(&self) -> bool {
        self.is_trusted
    }

    /// Goes on to the address that an answer redirects to. `false` if it does not redirect.
    ///
    /// # Errors
    /// If the operation is a write, or the address can't be followed.
    pub(crate) fn follow(
        &mut self,
        response: &Response,
        operation: &Operation,
    ) -> Result<bool, Error> {
        let Some(mut next) = target(response) else {
            return Ok(false);
        };
        let reason = if operation.is_write() {
            "a write is not sent to another address, so check the base URL"
        } else if !matches!(next.scheme(), "http" | "https") {
            "this is neither http nor https"
        } else if self.redirects == MAX_REDIRECTS {
            "this is one redirect too many"
        } else {
            self.is_trusted &= next.origin() == self.first.origin();
            if self.is_trusted {
                set_user(&mut next, self.first.username(), self.first.password());
            }
            self.url = Cow::Owned(next);
            self.redirects += 1;
            return Ok(true);
        };
        Err(Error::Redirect {
            status: response.status().as_u16(),
            location: without_secrets(next),
            reason,
        })
    }
}

/// The address that an answer redirects to.
fn target(response: &Response) -> Option<Url> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = response.headers().get(LOCATION)?;
    let location = std::str::from_utf8(location.as_bytes()).ok()?;
    response.url().join(location).ok()
}

/// Sets the user of a URL. One that has no host can have none.
fn set_user(url: &mut Url, name: &str, password: Option<&str>) {
    let _ = url.set_username(name);
    let _ = url.set_password(password);
}

/// An address without what logs should not contain.
fn without_secrets(mut url: Url) -> String {
    set_user(&mut url, "", None);
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}
