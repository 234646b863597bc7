use super::*;

fn lossless(width: u32, height: u32) -> Vec<u8> {
    let bits = (width - 1) | (height - 1) << 14;
    webp_chunk(b"VP8L", &[&[0x2f], &bits.to_le_bytes()[..], &[0]].concat())
}

#[test]
fn webp_has_one_image_of_the_canvas_size() {
    let exif = webp_chunk(b"EXIF", b"MM");
    for picture in [lossy(64, 48), lossless(64, 48)] {
        let whole = check(webp_of(&[canvas(64, 48), picture, exif.clone()])).unwrap();
        assert_eq!((whole.width(), whole.height()), (64, 48));
    }
    for chunks in [
        vec![canvas(64, 48), canvas(64, 48), lossy(64, 48)],
        vec![lossy(64, 48), lossless(64, 48)],
        vec![canvas(64, 48), lossy(16_383, 16_383)],
        vec![canvas(64, 48), exif],
        vec![lossy(64, 48), lossy(64, 48)],
        vec![webp_chunk(b"VP8L", &[0x2e, 0, 0, 0, 0, 0])],
    ] {
        assert_eq!(check(webp_of(&chunks)), Err(InvalidImage::Broken));
    }
    // Unknown chunks are dropped, and the length in the header is updated.
    let other = webp_chunk(b"PK\x03\x04", b"archive.");
    for chunks in [
        [other.clone(), lossy(64, 48)],
        [lossy(64, 48), other.clone()],
    ] {
        assert_eq!(check(webp_of(&chunks)).unwrap().bytes(), &webp(64, 48));
    }
    let mut longer = webp(64, 48);
    longer.extend(b"archive.");
    longer[4] += 8;
    let mut shorter = webp(64, 48);
    shorter[4] -= 2;
    for file in [longer, shorter] {
        assert_eq!(check(file), Err(InvalidImage::Broken));
    }
}

#[test]
fn webp_is_padded_to_even_length() {
    let odd = webp_chunk(b"EXIF", b"MM\0");
    let even = [&odd[..], &[0]].concat();
    let whole = webp_of(&[lossy(64, 48), even]);
    let unpadded = webp_of(&[lossy(64, 48), odd]);
    let mut uncounted = whole.clone();
    uncounted[4] -= 1;
    let mut cut = whole.clone();
    cut.pop();
    for file in [unpadded, uncounted, cut] {
        assert_eq!(check(file).unwrap().bytes(), &whole);
    }
    let picture = [&lossy(64, 48)[..], &[0, 0]].concat();
    let mut whole = webp_of(&[picture]);
    // The picture has 13 bytes, and the last byte of the file is its padding.
    whole[16] = 13;
    let cut = whole[..whole.len() - 1].to_vec();
    assert_eq!(check(cut).unwrap().bytes(), &whole);
}
