//! Answers to reads: from the cache, or loaded into it.

use std::borrow::Cow;
use std::sync::Arc;

use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use eggypro_cache::{Cache, Key, LoadError, Loaded};
use eggypro_domain::Permission;

use crate::admin::require;
use crate::api::Api;
use crate::document::{Document, Representation, caching_of};
use crate::encoding::Form;
use crate::problem::Problem;

/// Answers a read with the document of this key, of which `load` makes a new one. It is kept in every form that was
/// asked for; so is, for a moment, that there is no such thing, which is then called `what`. It is the same for everybody,
/// whatever credentials they bring.
pub(crate) async fn answer(
    request: &HttpRequest,
    api: &Api,
    key: Key,
    what: &'static str,
    load: impl Future<Output = Result<Document, Problem>> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let form = Form::accepted_by(request);
    let in_form = key_in(&key, form).into_owned();
    let packed = match api.cache.get(&in_form) {
        Some(packed) => packed,
        None => {
            let loaded = loaded(&api.cache, key, in_form, form, load).await;
            loaded.map_err(|error| problem(&error))?
        }
    };
    if packed.is_empty() {
        return Err(Problem::not_found(what));
    }
    let answer = Representation::unpack(packed)
        .ok_or_else(|| Problem::unexpected("a kept answer can't be read"))?
        .linked(request.uri());
    Ok(answer.respond(request, &caching_of(request))?.into())
}

/// The answer for everybody or, where there is none and the caller may see what the public doesn't, the document of
/// `load`, which is never kept.
pub(crate) async fn or_unpublished(
    request: &HttpRequest,
    answer: Result<HttpResponse, Problem>,
    load: impl Future<Output = Result<Document, Problem>>,
) -> Result<HttpResponse, Problem> {
    match answer {
        Err(problem) if problem.is_not_found() => {
            match require(request, Permission::ProductsRead) {
                Ok(_) => load.await?.respond(request).await,
                Err(_) => Err(problem),
            }
        }
        answer => answer,
    }
}

/// The key of an answer in a form.
pub(crate) fn key_in(key: &Key, form: Form) -> Cow<'_, Key> {
    match form.encoding() {
        None => Cow::Borrowed(key),
        Some(encoding) => Cow::Owned(key.clone().in_form(encoding)),
    }
}

async fn loaded(
    cache: &Cache,
    key: Key,
    in_form: Key,
    form: Form,
    load: impl Future<Output = Result<Document, Problem>> + Send + 'static,
) -> Result<Bytes, LoadError> {
    let untouched = async { pack(load.await, Form::Identity).await };
    if form == Form::Identity {
        return cache.load(key, untouched).await;
    }
    let of = cache.clone();
    let packed = async move {
        let packed = match of.get(&key) {
            Some(packed) => packed,
            None => of.load(key, untouched).await?,
        };
        let document = Representation::unpack(packed).map(Representation::into_document);
        pack(document.ok_or_else(|| Problem::not_found("")), form).await
    };
    cache.load(in_form, packed).await
}

/// What is kept of a load: nothing at all where there is no such thing.
async fn pack(document: Result<Document, Problem>, form: Form) -> Result<Loaded, LoadError> {
    let packed = async { Ok(document?.represent(form).await?.pack()) };
    match packed.await {
        Ok(packed) => Ok(Loaded::whole(packed)),
        Err(problem) if Problem::is_not_found(&problem) => Ok(Loaded::brief(Bytes::new())),
        Err(problem) => Err(Arc::new(problem)),
    }
}

/// What is kept of who calls, or loaded. While the changes of others are not heard, what is kept may be what was: then the
/// store is asked, and what is kept counts where that does not answer.
///
/// # Errors
/// Those of the load.
pub(crate) async fn known_or_loaded(
    api: &Api,
    key: Key,
    load: impl Future<Output = Result<Loaded, LoadError>> + Send + 'static,
) -> Result<Bytes, Problem> {
    let kept = api.cache.get(&key);
    let known = match kept {
        Some(kept) if api.cache.hears() => return Ok(kept),
        Some(kept) => match load.await {
            Ok(loaded) => Ok(loaded.into_bytes()),
            Err(_) => return Ok(kept),
        },
        None => api.cache.load(key, load).await,
    };
    known.map_err(|error| problem(&error))
}

/// Why a load failed, as its loader said.
pub(crate) fn problem(error: &LoadError) -> Problem {
    let problem = error.downcast_ref::<Problem>().cloned();
    problem.unwrap_or_else(|| Problem::unexpected(error.to_string()))
}
