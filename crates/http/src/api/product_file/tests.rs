use actix_web::ResponseError;
use actix_web::body::to_bytes;
use actix_web::test::TestRequest;

use super::*;

const FILE: ProductFile = ProductFile {
    content_type: "text/plain",
    is_gzip: false,
    is_complete: false,
    readers: &PUBLIC,
    write_head: |out, _| out.push_str("head "),
    write_item: |out, product, _| {
        out.push_str(&product.name);
        Ok(())
    },
    tail: "tail",
};

async fn answer() -> Result<HttpResponse, Problem> {
    let api = Data::new(Api::in_memory());
    let contents = matching(&api, ProductFilter::default()).await?;
    let request = TestRequest::default().to_http_request();
    let caching = HeaderValue::from_static("no-store");
    FILE.respond(&request, &api, contents, &caching).await
}

#[actix_web::test]
async fn files_have_few_readers_at_a_time() {
    let readers = PUBLIC.0.available_permits();
    let mut open = vec![];
    for _ in 0..readers {
        open.push(answer().await.unwrap());
    }
    let refused = answer().await.unwrap_err();
    assert_eq!(refused.error_response().status(), 503);
    let body = open.pop().unwrap().into_body();
    assert_eq!(to_bytes(body).await.unwrap(), "head tail");
    answer().await.unwrap();
    // A client that leaves makes room as well.
    drop(open);
    assert_eq!(PUBLIC.0.available_permits(), readers);
}
