//! The pictures of the demonstration catalogue, which `examples/draw-pictures` draws.

use std::collections::HashMap;

use eggypro_domain::Slug;
use eggypro_domain::images::{ImageService, Upload};

use crate::failure::Failure;

macro_rules! picture {
    ($slug:literal) => {
        (
            $slug,
            include_bytes!(concat!("../seed/pictures/", $slug, ".png")),
        )
    };
}

/// The picture of each product, by its slug.
const PICTURES: [(&str, &[u8]); 24] = [
    picture!("eggypro-vanilla-protein-powder-1kg"),
    picture!("eggypro-dark-cacao-protein-powder-1kg"),
    picture!("unflavoured-egg-white-powder-500g"),
    picture!("creme-brulee-protein-powder-750g"),
    picture!("acai-berry-recovery-powder-600g"),
    picture!("cafe-mocha-breakfast-shake-10-sachets"),
    picture!("salted-caramel-egg-white-bar-12-pack"),
    picture!("peanut-crunch-egg-protein-bar-12-pack"),
    picture!("lemon-meringue-protein-bar-8-pack"),
    picture!("raspberry-puree-layer-bar-8-pack"),
    picture!("date-and-walnut-whole-egg-bar-6-pack"),
    picture!("mini-coconut-bites-20-pack"),
    picture!("eggypro-liquid-egg-whites-1l"),
    picture!("free-range-liquid-egg-whites-6x500ml"),
    picture!("spinach-and-herb-omelette-mix-500ml"),
    picture!("barista-foam-egg-whites-250ml"),
    picture!("jalapeno-egg-white-crisps-6-pack"),
    picture!("smoked-paprika-egg-white-puffs-150g"),
    picture!("teriyaki-egg-white-jerky-3-pack"),
    picture!("pumpkin-spice-egg-white-granola-400g"),
    picture!("miso-sesame-egg-white-crackers-150g"),
    picture!("starter-bundle-bars-and-powder"),
    picture!("savoury-snack-discovery-box"),
    picture!("athlete-monthly-protein-bundle"),
];

/// Stores the pictures of these products. Returns their addresses by slug.
///
/// # Errors
/// When the image store or the database is not available.
pub(crate) async fn store(
    images: &ImageService,
    products: &[Slug],
) -> Result<HashMap<Slug, String>, Failure> {
    let mut addresses = HashMap::new();
    for products in products.chunks(Upload::MAX_FILES) {
        let (mut slugs, mut files) = (vec![], vec![]);
        for product in products {
            if let Some(picture) = picture_of(product) {
                slugs.push(product.clone());
                files.push(images.file(picture.into())?);
            }
        }
        let stored = images.upload(Upload::try_from(files)?, None).await?;
        let stored = stored.into_iter().map(|image| image.original);
        addresses.extend(slugs.into_iter().zip(stored));
    }
    Ok(addresses)
}

fn picture_of(product: &Slug) -> Option<&'static [u8]> {
    let mut pictures = PICTURES.into_iter();
    let (_, picture) = pictures.find(|(slug, _)| *slug == product.as_str())?;
    Some(picture)
}
