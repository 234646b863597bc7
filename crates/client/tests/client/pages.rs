//! Streams that follow the cursors of pages.

use eggypro_client::products::{FacetName, ListProducts, ProductFilter, SearchProducts};
use eggypro_client::reviews::ListReviews;
use eggypro_client::{Error, TotalPrecision};

use crate::fixtures::{movement, page, product};
use crate::server::{Received, Reply, Server};

/// Three pages of two items, after the first of which the connection is lost once.
async fn three_pages(item: fn(i32) -> String) -> Server {
    Server::start(move |request: &Received, before| {
        let query = request.path.split_once('?').map_or("", |(_, query)| query);
        let mut parameters = query.split('&');
        let cursor = parameters.find_map(|pair| pair.strip_prefix("cursor="));
        if before == 1 {
            return Reply::Cut;
        }
        let (first, next) = match cursor {
            None => (1, Some("two")),
            Some("two") => (3, Some("three")),
            Some("three") => (5, None),
            Some(_) => return Reply::problem(400, "invalid-query"),
        };
        Reply::json(200, page(&[item(first), item(first + 1)], next))
    })
    .await
}

#[tokio::test]
async fn products_are_read_to_the_end() {
    let server = three_pages(|id| product(id, "eggs", "1.00")).await;
    let list = ListProducts {
        filter: ProductFilter {
            categories: vec!["bars".to_owned(), "powders".to_owned()],
            in_stock: true,
            min_price: Some("9.50".parse().unwrap()),
            ..ProductFilter::default()
        },
        offset: Some(4),
        facets: vec![FacetName::Price],
        ..ListProducts::default()
    };
    let client = server.client();
    let mut items = client.products().all(list.clone());
    let mut ids = vec![];
    while let Some(product) = items.next().await {
        ids.push(product.unwrap().id);
    }
    assert_eq!(ids, [1, 2, 3, 4, 5, 6]);
    let received = server.received();
    let filters = "category=bars%2Cpowders&inStock=true&minPrice=9.50";
    let first = format!("/api/products?{filters}&offset=4&facets=price");
    assert_eq!(received[0].path, first);
    // An offset does not go with a cursor.
    let last = format!("/api/products?{filters}&cursor=three&facets=price");
    assert_eq!(received[3].path, last);
    let mut pages = client.products().pages(list);
    let page = pages.next().await.unwrap().unwrap();
    assert_eq!(page.pagination.total_precision, TotalPrecision::AtLeast);
    assert_eq!(page.pagination.next_cursor.as_deref(), Some("two"));
}

#[tokio::test]
async fn movements_and_reviews_are_read_to_the_end() {
    let server = three_pages(|id| movement(id.into())).await;
    let movements = server.client().stock().all_movements("eggs");
    assert_eq!(movements.collect().await.unwrap().len(), 6);
    assert!(server.received()[0].path.ends_with("/stock?limit=100"));
    let server = three_pages(|id| {
        format!(
            r#"{{"id":{id},"product_id":7,"reviewer_name":"Ada","reviewer_image_url":null,"rating":5,"comment":"Good.",
            "image_url":null,"video_url":null,"is_verified":true,"created_at":"2026-01-05T10:00:00Z"}}"#
        )
    })
    .await;
    let reviews = server
        .client()
        .reviews()
        .all("eggs", ListReviews::default());
    assert_eq!(reviews.collect().await.unwrap().len(), 6);
}

#[tokio::test]
async fn hits_are_read_to_the_end() {
    let server = three_pages(|id| {
        let product = product(id, "eggs", "39.90");
        let highlight = r#","highlight":{"name":"<mark>Egg</mark>s","description":"D"}}"#;
        format!(
            "{}{highlight}",
            product.trim_end().strip_suffix('}').unwrap()
        )
    })
    .await;
    let hits = server
        .client()
        .products()
        .search_all(SearchProducts::new("egg & co"));
    let hits = hits.collect().await.unwrap();
    assert_eq!(hits.len(), 6);
    assert_eq!(hits[0].price.to_string(), "39.90");
    assert_eq!(hits[0].highlight.name, "<mark>Egg</mark>s");
    assert_eq!(
        server.received()[0].path,
        "/api/products/search?q=egg+%26+co"
    );
}

#[tokio::test]
async fn an_error_that_remains_ends_the_stream() {
    let server = Server::replying([Reply::problem(403, "forbidden")]).await;
    let mut items = server.client().products().all(ListProducts::default());
    let error = items.next().await.unwrap().unwrap_err();
    assert!(error.is_forbidden());
    assert!(items.next().await.is_none());
}

#[tokio::test]
async fn some_fields_are_read_into_a_type_of_the_caller() {
    #[derive(Debug, serde::Deserialize)]
    struct Label {
        slug: String,
    }
    let server = Server::replying([Reply::json(
        200,
        page(&[r#"{"slug":"eggs"}"#.to_owned()], None),
    )])
    .await;
    let client = server.client();
    let list = ListProducts::default();
    let call = client.products().list_fields::<Label>(&list, &["slug"]);
    assert_eq!(call.await.unwrap().data[0].slug, "eggs");
    assert_eq!(server.received()[0].path, "/api/products?fields=slug");
    // The whole product needs all fields.
    let error = client.products().list(&list).await.unwrap_err();
    assert!(matches!(
        error,
        Error::Decode {
            operation: "listProducts",
            ..
        }
    ));
}
