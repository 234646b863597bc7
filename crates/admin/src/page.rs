//! The page itself, which names the version of its files.

use std::sync::LazyLock;

use crate::{Asset, etag_of, version};

/// Stands for the version in the addresses of `index.html`.
const PLACEHOLDER: &str = "/admin/@/";

static TEXT: LazyLock<String> = LazyLock::new(|| {
    let text = include_str!("../assets/index.html");
    text.replace(PLACEHOLDER, &format!("/admin/{}/", version()))
});

static ETAG: LazyLock<String> = LazyLock::new(|| etag_of(TEXT.as_bytes()));

pub(crate) static PAGE: LazyLock<Asset> = LazyLock::new(|| Asset {
    bytes: TEXT.as_bytes(),
    content_type: "text/html; charset=utf-8",
    etag: &ETAG,
    is_immutable: false,
});
