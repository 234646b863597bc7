//! Answers reads from the cache, and loads missing answers into it.

use std::sync::Arc;

use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use eggypro_cache::{Cache, Key, LoadError, Loaded};
use eggypro_domain::Permission;

use crate::message::document::{Document, Representation, caching_of};
use crate::message::encoding::{Form, key_in};
use crate::message::problem::Problem;
use crate::pipeline::permissions::require;
use crate::state::Api;

/// Answers a read from the cache, or with the document that `load` returns. Each requested form is cached. A 404 is
/// cached as short-lived, and names the missing resource with `what`. The answer must be the same for all callers,
/// whatever their credentials.
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
            loaded.map_err(|error| Problem::of_load(&error))?
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

/// The public answer. If that is a 404 and the caller may see unpublished resources, the document of `load`, which is
/// never cached.
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

async fn loaded(
    cache: &Cache,
    key: Key,
    in_form: Key,
    form: Form,
    load: impl Future<Output = Result<Document, Problem>> + Send + 'static,
) -> Result<Bytes, LoadError> {
    let identity = async { pack(load.await, Form::Identity).await };
    if form == Form::Identity {
        return cache.load(key, identity).await;
    }
    let cloned = cache.clone();
    let packed = async move {
        let packed = match cloned.get(&key) {
            Some(packed) => packed,
            None => cloned.load(key, identity).await?,
        };
        let document = Representation::unpack(packed).map(Representation::into_document);
        pack(document.ok_or_else(|| Problem::not_found("")), form).await
    };
    cache.load(in_form, packed).await
}

/// The bytes to cache for a loaded document. No bytes stand for a 404.
async fn pack(document: Result<Document, Problem>, form: Form) -> Result<Loaded, LoadError> {
    let packed = async { Ok(document?.represent(form).await?.pack()) };
    match packed.await {
        Ok(packed) => Ok(Loaded::long_lived(packed)),
        Err(problem) if Problem::is_not_found(&problem) => Ok(Loaded::short_lived(Bytes::new())),
        Err(problem) => Err(Arc::new(problem)),
    }
}
