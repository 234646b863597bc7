use std::future::{Ready, ready};
use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use eggypro_auth::{AdminUser, RunningSession};
use eggypro_domain::Permission;

use crate::message::problem::Problem;
use crate::pipeline::{Credentials, too_many};

/// A permission as a type, for the signatures of handlers.
pub(crate) trait Grants {
    const PERMISSION: Permission;
}

/// `products:read`
#[derive(Debug)]
pub(crate) struct ProductsRead;

impl Grants for ProductsRead {
    const PERMISSION: Permission = Permission::ProductsRead;
}

/// `products:write`
#[derive(Debug)]
pub(crate) struct ProductsWrite;

impl Grants for ProductsWrite {
    const PERMISSION: Permission = Permission::ProductsWrite;
}

/// `products:delete`
#[derive(Debug)]
pub(crate) struct ProductsDelete;

impl Grants for ProductsDelete {
    const PERMISSION: Permission = Permission::ProductsDelete;
}

/// `stock:write`
#[derive(Debug)]
pub(crate) struct StockWrite;

impl Grants for StockWrite {
    const PERMISSION: Permission = Permission::StockWrite;
}

/// `reviews:moderate`
#[derive(Debug)]
pub(crate) struct ReviewsModerate;

impl Grants for ReviewsModerate {
    const PERMISSION: Permission = Permission::ReviewsModerate;
}

/// `metrics:read`
#[derive(Debug)]
pub(crate) struct MetricsRead;

impl Grants for MetricsRead {
    const PERMISSION: Permission = Permission::MetricsRead;
}

/// `changes:read`
#[derive(Debug)]
pub(crate) struct ChangesRead;

impl Grants for ChangesRead {
    const PERMISSION: Permission = Permission::ChangesRead;
}

/// `webhooks:manage`
#[derive(Debug)]
pub(crate) struct WebhooksManage;

impl Grants for WebhooksManage {
    const PERMISSION: Permission = Permission::WebhooksManage;
}

/// `keys:manage`
#[derive(Debug)]
pub(crate) struct KeysManage;

impl Grants for KeysManage {
    const PERMISSION: Permission = Permission::KeysManage;
}

/// Proves that the caller has a permission. A handler with this argument runs only for such callers.
#[derive(Debug)]
pub(crate) struct Admin<P: Grants>(PhantomData<P>);

impl<P: Grants> FromRequest for Admin<P> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(require(request, P::PERMISSION).map(|_| Self(PhantomData)))
    }
}

/// Proves that the caller may make some write of products. A handler with this argument checks the permission of each.
#[derive(Debug)]
pub(crate) struct ProductWriter;

impl FromRequest for ProductWriter {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let some = [
            Permission::ProductsWrite,
            Permission::ProductsDelete,
            Permission::StockWrite,
        ];
        ready(caller(request).and_then(|user| {
            match some.into_iter().any(|permission| user.may(permission)) {
                true => Ok(Self),
                false => Err(Problem::not_permitted(Permission::ProductsWrite)),
            }
        }))
    }
}

/// The caller, if it has a permission. For handlers that need the permission only for some requests.
///
/// # Errors
/// 401 without credentials or with wrong ones, 403 without the permission.
pub(crate) fn require(request: &HttpRequest, permission: Permission) -> Result<AdminUser, Problem> {
    permit(caller(request)?, permission)
}

/// The caller, with any permissions.
///
/// # Errors
/// 401 without credentials or with wrong ones, 429 from an address that has sent wrong credentials too often.
pub(crate) fn caller(request: &HttpRequest) -> Result<AdminUser, Problem> {
    match credentials(request) {
        Credentials::Session(session) => Ok(session.user),
        Credentials::Secret(user) | Credentials::Key(user) => Ok(user),
        other => Err(refusal(&other)),
    }
}

/// The caller, and its session if the credentials are a session token.
///
/// # Errors
/// As for [`caller`].
pub(crate) fn caller_and_session(
    request: &HttpRequest,
) -> Result<(AdminUser, Option<RunningSession>), Problem> {
    match credentials(request) {
        Credentials::Session(session) => Ok((session.user.clone(), Some(session))),
        Credentials::Secret(user) | Credentials::Key(user) => Ok((user, None)),
        other => Err(refusal(&other)),
    }
}

/// The credentials that the edge checked.
fn credentials(request: &HttpRequest) -> Credentials {
    request
        .extensions()
        .get()
        .cloned()
        .unwrap_or(Credentials::None)
}

fn refusal(credentials: &Credentials) -> Problem {
    match credentials {
        Credentials::Locked(reset) => too_many(
            "This address has brought wrong credentials too often. Try again later.",
            *reset,
        ),
        Credentials::Unknown(problem) => Problem::clone(problem),
        Credentials::Ended => unauthorized("The session has ended. Begin another one."),
        Credentials::EndedKey => unauthorized("The key has expired or was revoked."),
        _ => unauthorized(
            "This needs `Authorization: Bearer` with the admin secret, an API key or the token of a session.",
        ),
    }
}

fn permit(user: AdminUser, permission: Permission) -> Result<AdminUser, Problem> {
    if user.may(permission) {
        Ok(user)
    } else {
        Err(Problem::not_permitted(permission))
    }
}

pub(crate) fn unauthorized(detail: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
        .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::ResponseError;

    #[test]
    fn a_caller_without_the_permission_is_forbidden() {
        let reader = AdminUser::with(&[Permission::ProductsRead]);
        assert!(permit(reader.clone(), Permission::ProductsRead).is_ok());
        let refused = permit(reader, ProductsDelete::PERMISSION).unwrap_err();
        assert_eq!(refused.status_code(), StatusCode::FORBIDDEN);
    }
}
