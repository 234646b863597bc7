//! Small PNG files: each pixel is the index of one of a few colours.

use std::collections::BTreeMap;
use std::error::Error;
use std::num::NonZeroU64;

use png::{BitDepth, ColorType, Encoder, chunk};
use tiny_skia::Pixmap;
use zopfli::{Format, Options};

/// So many colours keep the edges of the shapes smooth.
const COLOURS: usize = 40;

type Rgb = [u8; 3];

/// Encodes an opaque picture as a PNG with a palette.
pub(crate) fn encode(picture: &Pixmap) -> Result<Vec<u8>, Box<dyn Error>> {
    let pixels: Vec<Rgb> = picture
        .pixels()
        .iter()
        .map(|pixel| [pixel.red(), pixel.green(), pixel.blue()])
        .collect();
    let mut counts = BTreeMap::<Rgb, u32>::new();
    for pixel in &pixels {
        *counts.entry(*pixel).or_default() += 1;
    }
    let (palette, indices) = quantise(&counts);
    let width = usize::try_from(picture.width())?;
    let mut rows = Vec::with_capacity(pixels.len());
    for row in pixels.chunks(width) {
        // Each row begins with its filter, which is none: filters would compute with indices as if they were
        // brightness.
        rows.push(0);
        rows.extend(row.iter().filter_map(|pixel| indices.get(pixel)));
    }
    // Zopfli's data is a sixth smaller than that of the encoder.
    let mut data = Vec::new();
    let options = Options {
        iteration_count: NonZeroU64::MIN.saturating_add(3),
        ..Options::default()
    };
    zopfli::compress(options, Format::Zlib, rows.as_slice(), &mut data)?;

    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, picture.width(), picture.height());
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_palette(palette.concat());
    let mut writer = encoder.write_header()?;
    writer.write_chunk(chunk::IDAT, &data)?;
    writer.finish()?;
    Ok(file)
}

/// Chooses the colours of the palette, and gives each colour the index of the nearest chosen one. Each choice is the
/// colour that the earlier choices represent worst, by its difference and by its number of pixels.
fn quantise(counts: &BTreeMap<Rgb, u32>) -> (Vec<Rgb>, BTreeMap<Rgb, u8>) {
    let mut palette = Vec::new();
    let mut nearest: BTreeMap<Rgb, (u32, u8)> = counts
        .keys()
        .map(|colour| (*colour, (u32::MAX, 0)))
        .collect();
    for index in 0..COLOURS {
        let worst = counts
            .iter()
            .zip(nearest.values())
            .map(|((colour, count), (difference, _))| {
                (u64::from(*count) * u64::from(*difference), *colour)
            })
            .max();
        let Some((1.., choice)) = worst else { break };
        palette.push(choice);
        for (colour, (difference, chosen)) in &mut nearest {
            let now = distance(*colour, choice);
            if now < *difference {
                (*difference, *chosen) = (now, u8::try_from(index).unwrap_or(u8::MAX));
            }
        }
    }
    let indices = nearest
        .into_iter()
        .map(|(colour, (_, index))| (colour, index));
    (palette, indices.collect())
}

/// The square of the distance between two colours.
fn distance(one: Rgb, other: Rgb) -> u32 {
    one.into_iter()
        .zip(other)
        .map(|(one, other)| u32::from(one.abs_diff(other)).pow(2))
        .sum()
}
