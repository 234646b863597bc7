/// A valid PNG of 2 × 1 pixels, written by an encoder.
pub fn a_png() -> Vec<u8> {
    const PNG: &[u8] = include_bytes!("pictures/two-pixels.png");
    PNG.to_vec()
}
