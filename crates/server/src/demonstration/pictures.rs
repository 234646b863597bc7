//! The pictures of the demonstration catalogue, which `examples/draw-pictures` draws.

use eggypro_domain::Slug;
use eggypro_domain::images::{Image, ImageFile, ImageService, Upload};

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

/// Stores the pictures of these products.
///
/// # Errors
/// When the image store or the database is not available. Then none are stored.
pub(crate) async fn store(
    images: &ImageService,
    products: &[Slug],
) -> Result<Vec<(Slug, Image)>, Failure> {
    let mut stored = vec![];
    for products in products.chunks(Upload::MAX_FILES) {
        if let Err(error) = store_some(images, products, &mut stored).await {
            discard(images, stored).await;
            return Err(error);
        }
    }
    Ok(stored)
}

async fn store_some(
    images: &ImageService,
    products: &[Slug],
    stored: &mut Vec<(Slug, Image)>,
) -> Result<(), Failure> {
    let pictures = products.iter().filter_map(picture_of);
    let files = pictures.map(|picture| images.file(picture.into()));
    let files: Vec<ImageFile> = files.collect::<Result<_, _>>()?;
    let uploaded = images.upload(Upload::try_from(files)?, None).await?;
    stored.extend(products.iter().cloned().zip(uploaded));
    Ok(())
}

/// Removes stored pictures that no product shows.
pub(crate) async fn discard(images: &ImageService, stored: Vec<(Slug, Image)>) {
    for (_, image) in stored {
        // What can't be removed now, `images sweep` removes later.
        let _ = images.delete(&image.id).await;
    }
}

fn picture_of(product: &Slug) -> Option<&'static [u8]> {
    let mut pictures = PICTURES.into_iter();
    let (_, picture) = pictures.find(|(slug, _)| *slug == product.as_str())?;
    Some(picture)
}
