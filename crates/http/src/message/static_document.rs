use actix_web::{HttpRequest, HttpResponse};
use tokio::sync::OnceCell;

use crate::message::document::{Document, Representation, caching_of};
use crate::message::encoding::Form;
use crate::message::problem::Problem;

/// A document that never changes. The first request for a form creates it, and later requests reuse it. Compression of
/// the largest document takes 50 ms, so that repeated compression would let an attacker exhaust the CPU.
#[derive(Debug)]
pub(crate) struct StaticDocument {
    document: Document,
    forms: [OnceCell<Representation>; Form::ALL.len()],
}

impl StaticDocument {
    pub(crate) fn new(document: Document) -> Self {
        Self {
            document,
            forms: Default::default(),
        }
    }

    /// Answers a read: 200, or 304 if the client already has this form.
    pub(crate) async fn respond(&self, request: &HttpRequest) -> Result<HttpResponse, Problem> {
        let form = Form::accepted_by(request);
        let made = self.forms[form as usize]
            .get_or_try_init(|| self.document.clone().represent(form))
            .await?;
        Ok(made.respond(request, &caching_of(request))?.into())
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use actix_web::http::header;
    use actix_web::test::TestRequest;
    use actix_web::web::Bytes;

    use super::*;

    #[actix_web::test]
    async fn each_form_is_encoded_once() {
        let text = Bytes::from("egg ".repeat(5_000));
        let document = StaticDocument::new(Document::new(text, "text/plain"));
        let request = TestRequest::default().insert_header((header::ACCEPT_ENCODING, "gzip"));
        let request = request.to_http_request();
        for _ in 0..2 {
            let response = document.respond(&request).await.unwrap();
            let encoding = response.headers().get(header::CONTENT_ENCODING);
            assert_eq!(encoding.unwrap(), "gzip");
            let body = to_bytes(response.into_body()).await.unwrap();
            let cached = document.forms[Form::Gzip as usize].get().unwrap();
            assert_eq!(body.len(), cached.len());
        }
        let made = document.forms.iter().filter(|form| form.initialized());
        assert_eq!(made.count(), 1);
    }
}
