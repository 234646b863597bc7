//! `/media`: the images of a shop that stores them in a folder.

use std::path::PathBuf;

use actix_files::NamedFile;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::images::{ImageFormat, PublicId};

use crate::message::problem::Problem;
use crate::message::query::Query;

/// The folder with the images.
#[derive(Debug)]
pub(crate) struct MediaFolder(pub(crate) PathBuf);

/// A file never changes: each upload gets a new random id.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

pub(crate) async fn file(
    request: HttpRequest,
    path: web::Path<String>,
    folder: web::Data<MediaFolder>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let nothing = || Problem::not_found("file");
    if !is_picture(&path) {
        return Err(nothing());
    }
    let location = folder.0.join(path.as_str());
    let file = web::block(move || NamedFile::open(location)).await;
    let file = file.ok().and_then(Result::ok).ok_or_else(nothing)?;
    let mut response = file.into_response(&request);
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, IMMUTABLE);
    Ok(response)
}

/// Whether a path is an image id with a file name. Such a path can't leave the folder.
fn is_picture(path: &str) -> bool {
    let Some((id, (name, extension))) = path
        .rsplit_once('/')
        .and_then(|(id, file)| Some((id, file.split_once('.')?)))
    else {
        return false;
    };
    id.parse::<PublicId>().is_ok()
        && name
            .parse::<PublicId>()
            .is_ok_and(|name| !name.as_str().contains('/'))
        && extension.parse::<ImageFormat>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_picture;

    #[test]
    fn no_path_leads_out_of_the_folder() {
        for path in ["eggypro-products/a1/400w.jpg", "a/original.webp"] {
            assert!(is_picture(path), "{path}");
        }
        for path in [
            "",
            "a.jpg",
            "a/",
            "a/.jpg",
            "../a/b.jpg",
            "a/../b.jpg",
            "a/..",
            "/etc/passwd",
            "a//b.jpg",
            ".incoming/a/b.jpg",
            "a/b.jpg/..",
            "a/b.svg",
            "a/b.html",
            "a/b.tar.jpg",
            "a/b\\c.jpg",
            "a/b\0.jpg",
        ] {
            assert!(!is_picture(path), "{path}");
        }
    }
}
