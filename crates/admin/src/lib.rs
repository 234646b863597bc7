#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod files;
mod page;

use std::collections::HashMap;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use self::files::FILES;

/// The `Content-Security-Policy` of every file. Pictures may come from anywhere, because products name any address,
/// and a server without https names its own by one of its names; `data:` and `blob:` are previews of files that are being
/// uploaded.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' http: https: data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

/// A file of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// The content, uncompressed.
    pub bytes: &'static [u8],
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// A hash of the content, without the quotes of a header.
    pub etag: &'static str,
    /// Whether the address names this version of the page, so that its content never changes and browsers may keep it
    /// for a year. The others must be revalidated.
    pub is_immutable: bool,
}

/// The file at a path below `/admin/`. The empty path is the page itself.
///
/// The page asks for its files below a folder that is named after their [`version`], such as `3f9c0a51b2d4/main.js`. Without
/// that folder, or with that of another version, the same file is found, but it is not immutable: a page that was loaded
/// before an update of the server goes on.
pub fn asset(path: &str) -> Option<Asset> {
    if path.is_empty() {
        return Some(*page::PAGE);
    }
    if let Some(asset) = ASSETS.get(path) {
        return Some(*asset);
    }
    let (folder, name) = path.split_once('/')?;
    let asset = ASSETS.get(name)?;
    Some(Asset {
        is_immutable: folder == version(),
        ..*asset
    })
}

/// All files, with the page itself.
pub fn assets() -> impl Iterator<Item = Asset> {
    std::iter::once(*page::PAGE).chain(ASSETS.values().copied())
}

/// The demonstration catalogue as JSON: categories, products with reviews, and synonyms. The page offers it to empty shops, and
/// servers load it before their first start.
pub fn demonstration() -> &'static [u8] {
    ASSETS
        .get("demonstration.json")
        .map_or(&[], |asset| asset.bytes)
}

/// A hash of all files, in twelve hexadecimal digits.
pub fn version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let mut hash = Sha256::new();
        for (path, bytes) in FILES {
            hash.update(path);
            hash.update(Sha256::digest(bytes));
        }
        hexadecimal(&hash.finalize()[..6])
    });
    &VERSION
}

/// The files by path.
static ASSETS: LazyLock<HashMap<&'static str, Asset>> = LazyLock::new(|| {
    let files = FILES.iter().zip(&*ETAGS);
    let assets = files.map(|((path, bytes), etag)| {
        let asset = Asset {
            bytes,
            content_type: content_type(path),
            etag,
            is_immutable: false,
        };
        (*path, asset)
    });
    assets.collect()
});

/// The hashes of the files, in their order.
static ETAGS: LazyLock<Vec<String>> =
    LazyLock::new(|| FILES.iter().map(|(_, bytes)| etag_of(bytes)).collect());

fn etag_of(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes)[..12])
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "text/html; charset=utf-8",
    }
}

#[cfg(test)]
mod tests;
