//! `UCP-Agent`, the header by which an agent introduces itself.

use actix_web::HttpRequest;

use super::answer::Refusal;
use super::envelope::VERSION;

const HEADER: &str = "ucp-agent";

/// Checks the version that the agent asks for. An agent that asks for none, or sends no header, gets this one.
///
/// # Errors
/// If the agent asks for another version.
pub(super) fn check(request: &HttpRequest) -> Result<(), Refusal> {
    let headers = request.headers().get_all(HEADER);
    let mut asked = headers.filter_map(|header| version(header.to_str().ok()?));
    check_version(asked.find(|asked| *asked != VERSION))
}

/// Checks the version that an agent asks for.
///
/// # Errors
/// If it is another one.
pub(super) fn check_version(asked: Option<&str>) -> Result<(), Refusal> {
    match asked {
        Some(asked) if asked != VERSION => Err(Refusal::unsupported_version(format!(
            "Version {asked} is not supported. This shop supports {VERSION}."
        ))),
        _ => Ok(()),
    }
}

/// The version in a header such as `profile="https://agent.example/ucp";version="2026-04-08"` (a dictionary of RFC
/// 8941). It may be a member or a parameter.
pub(super) fn version(header: &str) -> Option<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let mut parts = header.split(|character| {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ => {}
        }
        !is_quoted && matches!(character, ',' | ';')
    });
    parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let is_version = name.trim().eq_ignore_ascii_case("version");
        is_version.then(|| value.trim().trim_matches('"'))
    })
}
