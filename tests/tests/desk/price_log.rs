//! Seeing who changed a price.

use serde_json::json;

use super::at_both_widths;

#[tokio::test]
async fn the_log_names_who_changed_a_price() {
    at_both_widths("price-log", async |desk| {
        for name in ["Eggs", "Bars"] {
            desk.shop
                .create_product(json!({ "name": name, "price": 20 }))
                .await;
        }
        for (name, slug, price) in [("Mara", "eggs", 18.5), ("Tom", "bars", 22.0)] {
            let user = desk.shop.bearer(&desk.key(name, &["products:write"]).await);
            let path = format!("/api/products/{slug}");
            user.patch(&path, &json!({ "price": price }))
                .await
                .expect(200);
        }
        desk.sign_in().await;
        desk.open("Changes").await;
        desk.sees("Key Tom changed a product bars").await;
        desk.fill("Address", "eggs\t").await;
        desk.misses("Tom").await;
        desk.sees("Key Mara changed a product eggs").await;
        desk.sees("€20.00 → €18.50").await;
        desk.look("log").await;

        // The same stands at the product itself.
        desk.open("Products").await;
        desk.follow("Eggs").await;
        desk.wait_for("heading", "Last changes").await;
        desk.sees("Key Mara changed a product").await;
        desk.show("heading", "Last changes").await;
        desk.look("product").await;
    })
    .await;
}
