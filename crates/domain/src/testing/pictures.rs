/// A whole PNG of 2 × 1 pixels, as an encoder writes it.
pub fn a_png() -> Vec<u8> {
    const PNG: &[u8] = include_bytes!("pictures/two-pixels.png");
    PNG.to_vec()
}
