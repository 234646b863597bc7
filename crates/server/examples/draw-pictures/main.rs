//! Draws the pictures of the demonstration catalogue, one for each product, as small PNG files.
//!
//! `cargo run --release --package eggypro-server --example draw-pictures [FOLDER]`
//!
//! This takes about two minutes, nearly all of it to make the files small.
//!
//! The same catalogue gives the same bytes on each run. Without an argument, the pictures go to the folder that
//! the server reads them from.

mod bars;
mod bundles;
mod canvas;
mod colour;
mod flavour;
mod indexed;
mod liquids;
mod mark;
mod motifs;
mod pouches;
mod product;
mod scene;
mod snacks;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use self::product::Catalogue;

fn main() -> Result<(), Box<dyn Error>> {
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/seed");
    let folder = env::args_os()
        .nth(1)
        .map_or_else(|| seed.join("pictures"), PathBuf::from);
    let catalogue: Catalogue = serde_json::from_slice(eggypro_admin::demonstration())?;
    fs::create_dir_all(&folder)?;
    for product in &catalogue.products {
        let picture = scene::draw(product.package(), product.flavour())?;
        let file = folder.join(&product.slug).with_extension("png");
        fs::write(file, indexed::encode(&picture)?)?;
    }
    Ok(())
}
