//! Cloudinary's responses, as far as they are known.

use std::collections::BTreeMap;
use std::time::SystemTime;

use bytes::Bytes;
use eggypro_domain::images::ImageFile;
use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use super::{KEY, Request, SECRET};

pub(super) fn respond(request: &Request, images: &mut BTreeMap<String, u64>) -> (u16, Value) {
    let base = "/v1_1/egg%20cloud";
    match (request.method.as_str(), request.path.strip_prefix(base)) {
        ("GET", Some("/ping")) => ping(request),
        ("POST", Some("/image/upload")) => {
            signed(request, |fields| upload(fields, request, images))
        }
        ("POST", Some("/image/destroy")) => signed(request, |fields| destroy(fields, images)),
        _ => failure(404, "Resource not found"),
    }
}

fn failure(status: u16, message: &str) -> (u16, Value) {
    (status, json!({ "error": { "message": message } }))
}

fn ping(request: &Request) -> (u16, Value) {
    use base64::Engine;
    let credentials = base64::engine::general_purpose::STANDARD.encode(format!("{KEY}:{SECRET}"));
    match request.headers.get("authorization") {
        Some(given) if *given == format!("Basic {credentials}") => (200, json!({ "status": "ok" })),
        _ => failure(401, "api_secret mismatch"),
    }
}

type Fields = BTreeMap<String, String>;

/// Verifies the signature. It covers all text fields in the order of their names, except `UNSIGNED` and empty fields.
fn signed(request: &Request, act: impl FnOnce(&Fields) -> (u16, Value)) -> (u16, Value) {
    const UNSIGNED: [&str; 4] = ["api_key", "signature", "resource_type", "cloud_name"];
    let fields = &request.fields;
    let of_text = |escape: fn(&str) -> String| {
        let signed = fields
            .iter()
            .filter(|(name, value)| !UNSIGNED.contains(&name.as_str()) && !value.is_empty());
        let pairs: Vec<String> = signed
            .map(|(name, value)| escape(&format!("{name}={value}")))
            .collect();
        hash(&format!("{}{SECRET}", pairs.join("&")))
    };
    let given = fields.get("signature");
    let second = of_text(|pair| pair.replace('&', "%26"));
    let first = of_text(str::to_owned);
    if given != Some(&second) && given != Some(&first) {
        return failure(401, "Invalid Signature");
    }
    if fields.get("api_key").map(String::as_str) != Some(KEY) {
        return failure(401, "Unknown API key");
    }
    let timestamp: u64 = fields["timestamp"].parse().unwrap();
    if now().abs_diff(timestamp) > 3_600 {
        return failure(400, "Stale request");
    }
    act(fields)
}

fn upload(fields: &Fields, request: &Request, images: &mut BTreeMap<String, u64>) -> (u16, Value) {
    let id = &fields["public_id"];
    let Some(file) = &request.file else {
        return failure(400, "Missing required parameter - file");
    };
    let Ok(picture) = ImageFile::try_from(Bytes::from(file.clone())) else {
        return failure(400, "Invalid image file");
    };
    let exists = images.contains_key(id) && fields.get("overwrite").is_some_and(|on| on == "0");
    let version = *images.entry(id.clone()).or_insert_with(now);
    (
        200,
        json!({
            "public_id": id,
            "version": version,
            "signature": hash(&format!("public_id={id}&version={version}{SECRET}")),
            "width": picture.width(),
            "height": picture.height(),
            "format": picture.format().as_str(),
            "bytes": file.len(),
            "existing": exists,
            "something_new": { "of": "tomorrow" },
        }),
    )
}

fn destroy(fields: &Fields, images: &mut BTreeMap<String, u64>) -> (u16, Value) {
    let was_there = images.remove(&fields["public_id"]).is_some();
    let result = if was_there { "ok" } else { "not found" };
    (200, json!({ "result": result }))
}

fn hash(text: &str) -> String {
    let digest = Sha1::digest(text);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn now() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.unwrap().as_secs()
}
