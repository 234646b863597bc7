//! A service of its own that links the domain: it prints which products must be ordered again.
//!
//! The example keeps its products in memory. A real service passes `eggypro-persistence`, or its own implementation of the
//! ports, to `ProductService::new`.
//!
//! ```sh
//! cargo run --package eggypro-domain --example low_stock
//! ```
#![expect(clippy::print_stdout, reason = "the output of the example")]

use std::error::Error;
use std::sync::Arc;

use eggypro_domain::Unvalidated;
use eggypro_domain::products::{NewProduct, ProductQuery, ProductService, ProductSort};
use eggypro_domain::testing::InMemoryShop;

/// Order a product again when fewer than this are left.
const ORDER_BELOW: i32 = 10;

fn main() -> Result<(), Box<dyn Error>> {
    pollster::block_on(async {
        let shop = Arc::new(InMemoryShop::default());
        let products = ProductService::new(shop.clone(), shop);
        for (name, price, stock) in [
            ("Egg Crisps Sea Salt", "2.90", 4),
            ("Egg White Powder 1kg", "34.90", 120),
            ("Vanilla Egg Bar", "1.50", 0),
        ] {
            let mut product = NewProduct::new(
                name.to_owned(),
                "Made of eggs.".to_owned(),
                "Contains egg.".to_owned(),
                price.parse()?,
                vec!["Egg white".to_owned()],
            );
            product.stock_quantity = stock;
            // The service only accepts validated input.
            let product = Unvalidated::new(product).validate()?;
            products.create(product).await?;
        }

        let mut query = ProductQuery::default();
        query.sort = ProductSort::NameAsc;
        let page = products.list(&query).await?;
        for product in page.items {
            if product.stock_quantity < ORDER_BELOW {
                println!("{}: {} left", product.name, product.stock_quantity);
            }
        }
        Ok(())
    })
}
