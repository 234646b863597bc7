//! Adding thirty products from a spreadsheet.

use std::fs;
use std::path::PathBuf;

use serde_json::json;
use tempfile::TempDir;

use super::{Desk, at_both_widths};

/// A table as a spreadsheet of a European computer saves it, with these prices.
fn table(price_of: impl Fn(usize) -> String) -> String {
    let header = "sku;title;name;description;details;price;stock_quantity;ingredients";
    let row = |number| {
        let price = price_of(number);
        format!(
            "EP-{number:02};Crème bar № {number};Bar {number};A bar;Keep dry;{price};10;Egg white|Cocoa"
        )
    };
    let rows: Vec<String> = (1..=30).map(row).collect();
    format!("\u{FEFF}{header}\r\n{}\r\n", rows.join("\r\n"))
}

/// Two files of thirty products. The first one has a slip: a word in place of a price.
fn files(folder: &TempDir) -> [PathBuf; 2] {
    let price = |number: usize| format!("{},90", 2 + number);
    let with_slip = |number| {
        if number == 7 {
            "free".into()
        } else {
            price(number)
        }
    };
    let files = ["bars.csv", "bars-2.csv"].map(|name| folder.path().join(name));
    fs::write(&files[0], table(with_slip)).unwrap();
    fs::write(&files[1], table(price)).unwrap();
    files
}

/// The number of products in the shop.
async fn count(desk: &Desk) -> usize {
    let all = desk
        .shop
        .admin()
        .get("/api/products?status=all&limit=100")
        .await;
    all.expect(200).names().len()
}

#[tokio::test]
async fn thirty_products_come_from_a_spreadsheet() {
    let folder = TempDir::new().unwrap();
    let [wrong, right] = files(&folder);
    at_both_widths("spreadsheet", async |desk| {
        desk.sign_in().await;
        desk.open("Import and export").await;
        desk.give_file(0, &wrong).await;
        desk.wait_for("heading", "What bars.csv would do").await;
        desk.sees("1 row with errors").await;
        desk.sees("free").await;
        desk.look("errors").await;
        desk.press("Another file").await;
        desk.give_file(0, &right).await;
        desk.wait_for("heading", "What bars-2.csv would do").await;
        desk.sees("30 would be created").await;
        desk.look("dry-run").await;
        assert_eq!(count(desk).await, 0, "a dry run writes nothing");

        desk.press("Import 30 products").await;
        desk.wait_for("heading", "bars-2.csv is imported").await;
        desk.look("imported").await;
        desk.follow("See the products").await;
        desk.sees("30 products").await;
        desk.sees("Crème bar № 1").await;
        desk.look("products").await;
        assert_eq!(count(desk).await, 30);
        assert_eq!(desk.product("bar-7").await["price"], json!(9.9));
    })
    .await;
}
