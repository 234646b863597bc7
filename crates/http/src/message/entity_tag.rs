use std::fmt::Display;

use actix_web::http::header::{self, EntityTag, Header, HeaderValue, IfMatch, IfNoneMatch};
use actix_web::{HttpMessage, HttpRequest};
use eggypro_domain::products::{Expected, Revision};

use crate::message::encoding::Form;
use crate::message::problem::Problem;

/// The maximum number of tags in `If-Match`. A client does not need more versions of a resource.
const MAX_TAGS: usize = 16;

/// The tag of one version of a resource, without the suffix of a compressed form.
pub(crate) fn of_revision<Id: Display>(revision: Revision<Id>) -> String {
    format!("{}-{}", revision.id, revision.version)
}

/// The version that a write expects, from `If-Match`. The tag of any form is accepted. A weak tag or a tag of another
/// format matches no version.
///
/// # Errors
/// 400 when `If-Match` can't be read.
pub(crate) fn expected<Id>(
    request: &HttpRequest,
    id: impl Fn(i32) -> Id,
) -> Result<Expected<Id>, Problem> {
    if !request.headers().contains_key(header::IF_MATCH) {
        return Ok(Expected::Any);
    }
    match request.get_header::<IfMatch>() {
        Some(IfMatch::Any) => Ok(Expected::Any),
        Some(IfMatch::Items(tags)) if (1..=MAX_TAGS).contains(&tags.len()) => {
            let strong = tags.iter().filter(|tag| !tag.weak);
            Ok(Expected::OneOf(
                strong.filter_map(|tag| revision(tag.tag(), &id)).collect(),
            ))
        }
        _ => Err(Problem::malformed_header(&header::IF_MATCH)),
    }
}

/// The version that a tag in a body names, or any version for `*`; `None` if it is no strong tag.
pub(crate) fn expected_tag<Id>(tag: &str, id: impl Fn(i32) -> Id) -> Option<Expected<Id>> {
    if tag == "*" {
        return Some(Expected::Any);
    }
    let tag: EntityTag = tag.parse().ok().filter(|tag: &EntityTag| !tag.weak)?;
    let named = revision(tag.tag(), &id);
    Some(Expected::OneOf(named.into_iter().collect()))
}

/// The problem of a refused write. Adds an explanation if the client sent weak tags.
pub(crate) fn refusal(request: &HttpRequest, error: impl Into<Problem>) -> Problem {
    let problem = error.into();
    let (Some(current), Some(IfMatch::Items(tags))) =
        (problem.current_tag(), request.get_header::<IfMatch>())
    else {
        return problem;
    };
    let names_current = |tag: &EntityTag| Form::strip_suffix(tag.tag()) == current;
    let mut weak = tags.iter().filter(|tag| tag.weak).peekable();
    if weak.peek().is_none() {
        return problem;
    }
    let names_current = weak.any(names_current);
    problem.explaining_weak_tag(names_current)
}

/// Whether the client already has the representation of this tag.
///
/// # Errors
/// 400 when `If-None-Match` can't be read.
pub(crate) fn is_known(request: &impl HttpMessage, tag: &HeaderValue) -> Result<bool, Problem> {
    let Some(known) = request.headers().get(header::IF_NONE_MATCH) else {
        return Ok(false);
    };
    // The common case: the same tag, byte for byte.
    if known == tag {
        return Ok(true);
    }
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => Ok(true),
        Ok(IfNoneMatch::Items(tags)) if !tags.is_empty() => {
            let current = tag.to_str().ok().and_then(|tag| tag.parse().ok());
            // Apache compresses uncompressed responses and appends the coding to their tags.
            let is_compressed = |known: &EntityTag, current: &EntityTag| {
                let mut forms = Form::COMPRESSED.into_iter();
                forms.any(|form| {
                    form.tag(current.tag()) == known.tag() && form.is_accepted_by(request)
                })
            };
            let is_current = |known: &EntityTag| {
                let current = current.as_ref();
                current.is_some_and(|tag| known.weak_eq(tag) || is_compressed(known, tag))
            };
            Ok(tags.iter().any(is_current))
        }
        _ => Err(Problem::malformed_header(&header::IF_NONE_MATCH)),
    }
}

fn revision<Id>(tag: &str, made: impl Fn(i32) -> Id) -> Option<Revision<Id>> {
    let (id, version) = Form::strip_suffix(tag).split_once('-')?;
    Some(Revision {
        id: made(id.parse().ok()?),
        version: version.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;
    use eggypro_domain::products::ProductId;

    fn expected_by(header: &str) -> Option<Expected> {
        let request = TestRequest::default()
            .insert_header(("If-Match", header))
            .to_http_request();
        expected(&request, ProductId).ok()
    }

    #[test]
    fn if_match_names_revisions() {
        let one = Revision {
            id: ProductId(7),
            version: 3,
        };
        let two = Revision {
            id: ProductId(7),
            version: 4,
        };
        assert_eq!(expected_by("*"), Some(Expected::Any));
        assert_eq!(expected_by("\"7-3\""), Some(Expected::OneOf(vec![one])));
        assert_eq!(
            expected_by("\"7-3-gzip\", \"7-4-br\""),
            Some(Expected::OneOf(vec![one, two]))
        );
        assert_eq!(expected_by("W/\"7-3\""), Some(Expected::OneOf(vec![])));
        assert_eq!(expected_by("\"something\""), Some(Expected::OneOf(vec![])));
        assert_eq!(expected_by(&["\"7-3\""; 17].join(", ")), None);
        assert_eq!(expected_by("garbage"), None);
        assert_eq!(expected_by(""), None);
    }
}
