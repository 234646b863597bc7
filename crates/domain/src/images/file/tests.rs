mod jpeg;
mod webp;

use super::*;
use proptest::prelude::*;

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    // A checksum of zero: the parser does not verify it, decoders do.
    [&length, &name[..], data, &[0; 4]].concat()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &[&sides[..], &[8, 2, 0, 0, 0]].concat()),
        chunk(b"IDAT", &[1, 2, 3]),
        chunk(b"IEND", &[]),
    ]
    .concat()
}

/// The segments of a JPEG of this size. One of its scans has a stuffed zero and a restart marker.
fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let [a, b] = height.to_be_bytes();
    let [c, d] = width.to_be_bytes();
    [
        &[0xff, 0xd8][..],
        &[
            0xff, 0xe0, 0, 16, b'J', b'F', b'I', b'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0,
        ],
        // A thumbnail with an `EOI` that does not end the file.
        &[0xff, 0xe1, 0, 6, 0xff, 0xd8, 0xff, 0xd9],
        &[0xff, 0xc0, 0, 11, 8, a, b, c, d, 1, 1, 0x11, 0],
        &[0xff, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0],
        &[7, 0xff, 0, 9, 0xff, 0xd3, 8],
        &[0xff, 0xd9],
    ]
    .concat()
}

fn webp_chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_le_bytes();
    [name, &length[..], data].concat()
}

fn webp_of(chunks: &[Vec<u8>]) -> Vec<u8> {
    webp_chunk(b"RIFF", &[b"WEBP", &chunks.concat()[..]].concat())
}

fn lossy(width: u16, height: u16) -> Vec<u8> {
    let [a, b] = width.to_le_bytes();
    let [c, d] = height.to_le_bytes();
    webp_chunk(b"VP8 ", &[0x30, 1, 0, 0x9d, 0x01, 0x2a, a, b, c, d, 0, 0])
}

fn canvas(width: u8, height: u8) -> Vec<u8> {
    webp_chunk(b"VP8X", &[0, 0, 0, 0, width - 1, 0, 0, height - 1, 0, 0])
}

fn webp(width: u16, height: u16) -> Vec<u8> {
    webp_of(&[lossy(width, height)])
}

fn check(bytes: impl Into<Bytes>) -> Result<ImageFile, InvalidImage> {
    let bytes: Bytes = bytes.into();
    ImageFile::try_from(bytes)
}

#[test]
fn format_is_detected_by_content() {
    for (bytes, format) in [
        (png(640, 480), ImageFormat::Png),
        (jpeg(640, 480), ImageFormat::Jpeg),
        (webp(640, 480), ImageFormat::Webp),
    ] {
        let file = check(bytes.clone()).unwrap();
        assert_eq!(
            (file.format(), file.width(), file.height()),
            (format, 640, 480)
        );
        assert_eq!(file.bytes(), &bytes);
        assert_eq!(file.size() as usize, bytes.len());
        let bytes = Bytes::from(bytes);
        let file = check(bytes.clone()).unwrap();
        assert_eq!(file.bytes().as_ptr(), bytes.as_ptr(), "it is not copied");
        assert_eq!(format.as_str().parse(), Ok(format));
    }
}

#[test]
fn non_images_are_refused() {
    for bytes in [
        &b""[..],
        b"\x89PNG",
        b"GIF89a\x01\0\x01\0\0\0\0;",
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        b"\x7fELF\x02\x01\x01",
        b"MZ\x90\0",
        b"%PDF-1.7",
        b"RIFF\x04\0\0\0WAVE",
        b"BM\x3a\0\0\0",
    ] {
        assert_eq!(check(bytes), Err(InvalidImage::Type), "{bytes:?}");
    }
    assert_eq!(check(png(0, 5)), Err(InvalidImage::Broken));
}

#[test]
fn truncated_images_are_refused() {
    for whole in [png(640, 480), webp(640, 480)] {
        // A PNG without `IEND` counts as complete.
        let unended = whole.len() - 12;
        let is_unended = |length| whole.starts_with(b"\x89PNG") && length == unended;
        for length in (12..whole.len()).filter(|length| !is_unended(*length)) {
            let half = whole[..length].to_vec();
            assert_eq!(check(half), Err(InvalidImage::Broken), "{length}");
        }
    }
}

#[test]
fn a_png_begins_with_its_header() {
    let whole = png(640, 480);
    let (signature, chunks) = whole.split_at(8);
    let text = chunk(b"tEXt", &[0, 0, 0, 1, 0, 0, 0, 1]);
    let late = [signature, &text, chunks].concat();
    assert_eq!(check(late), Err(InvalidImage::Broken));
    let header = 25;
    let twice = [&whole[..8 + header], &png(64, 48)[8..]].concat();
    let file = check(twice).unwrap();
    assert_eq!((file.width(), file.height()), (640, 480));
}

#[test]
fn missing_end_of_a_png_is_added() {
    let mut whole = png(640, 480);
    // The correct checksum of `IEND`.
    let sum = whole.len() - 4;
    whole[sum..].copy_from_slice(&[0xae, 0x42, 0x60, 0x82]);
    let unended = whole[..whole.len() - 12].to_vec();
    assert_eq!(check(unended).unwrap().bytes(), &whole);
}

#[test]
fn unsupported_codings_have_their_own_errors() {
    let of = |frame: u8, bits: u8| {
        let mut bytes = jpeg(640, 480);
        let at = bytes
            .windows(2)
            .position(|pair| pair == [0xff, 0xc0])
            .unwrap();
        bytes[at + 1] = frame;
        bytes[at + 4] = bits;
        check(bytes).map(|file| file.format())
    };
    for frame in [0xc0, 0xc1, 0xc2] {
        assert_eq!(of(frame, 8), Ok(ImageFormat::Jpeg));
        assert_eq!(of(frame, 12), Err(InvalidImage::Depth));
    }
    for frame in [0xc3, 0xc5, 0xc9, 0xca, 0xcb] {
        assert_eq!(of(frame, 8), Err(InvalidImage::Coding));
    }
    let animation = [
        canvas(64, 48),
        webp_chunk(b"ANIM", &[0; 6]),
        webp_chunk(b"ANMF", &[0; 32]),
    ];
    assert_eq!(check(webp_of(&animation)), Err(InvalidImage::Animation));
}

#[test]
fn polyglot_files_are_reduced_to_the_image() {
    for picture in [png(640, 480), jpeg(640, 480), webp(640, 480)] {
        for other in [
            &b"PK\x03\x04archive"[..],
            b"<script>",
            b"<?php ",
            b"%PDF-1.7",
            b"\0\0\0\x18ftypmp42",
            b"SEFH....SEFT",
            &jpeg(64, 48),
            b"\0\0\xff\xd8",
            b"\0",
        ] {
            let both = [&picture[..], other].concat();
            assert_eq!(check(both).unwrap().bytes(), &picture, "{other:?}");
        }
        for other in [&b"PK\x03\x04archive"[..], b"<script>", b"%PDF-1.7", b"x"] {
            let other_first = [other, &picture[..]].concat();
            assert_eq!(check(other_first), Err(InvalidImage::Type), "{other:?}");
        }
    }
}

#[test]
fn orientation_is_read_in_each_format() {
    let exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let named = [&b"Exif\0\0"[..], exif].concat();
    let of = |bytes: Vec<u8>| check(bytes).unwrap().orientation();
    for exif in [&exif[..], &named] {
        let file = webp_of(&[canvas(64, 48), lossy(64, 48), webp_chunk(b"EXIF", exif)]);
        assert_eq!(of(file), 6);
        let whole = png(64, 48);
        let ended = whole.len() - 12;
        let file = [&whole[..ended], &chunk(b"eXIf", exif), &whole[ended..]].concat();
        assert_eq!(of(file), 6);
    }
    let whole = jpeg(64, 48);
    let length = u16::try_from(named.len() + 2).unwrap().to_be_bytes();
    let segment = [&[0xff, 0xe1][..], &length, &named].concat();
    assert_eq!(of([&whole[..2], &segment, &whole[2..]].concat()), 6);
    assert_eq!(of(whole), 1);
}

#[test]
fn bounds_are_inclusive() {
    let padded = |length: usize| {
        let mut bytes = png(640, 480);
        let end = bytes.split_off(bytes.len() - 12);
        let data = vec![0; length - bytes.len() - 24];
        bytes.extend(chunk(b"IDAT", &data));
        bytes.extend(end);
        bytes
    };
    assert!(check(padded(ImageFile::MAX_BYTES)).is_ok());
    assert_eq!(
        check(padded(ImageFile::MAX_BYTES + 1)),
        Err(InvalidImage::TooLarge)
    );
    assert!(check(png(10_000, 5_000)).is_ok());
    for (width, height) in [(10_000, 5_001), (50_000, 50_000), (u32::MAX, u32::MAX)] {
        assert_eq!(check(png(width, height)), Err(InvalidImage::TooManyPixels));
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_do_not_panic(which in 0_usize..3, at in 0_usize..80, value: u8, behind in ".{0,40}") {
        let mut bytes = [png(64, 48), jpeg(64, 48), webp(64, 48)][which].clone();
        let length = bytes.len();
        bytes[at % length] = value;
        bytes.extend(behind.into_bytes());
        let _ = check(bytes);
    }
}

#[test]
fn the_first_code_points_of_a_png_count() {
    let hdr = chunk(b"cICP", &[9, 16, 0, 1]);
    let later = chunk(b"cICP", &[1, 13, 0, 1]);
    let mut file = png(3, 2);
    assert_eq!(check(file.clone()).unwrap().code_points(), None);
    let behind_header = 8 + 12 + 13;
    file.splice(behind_header..behind_header, [hdr, later].concat());
    assert_eq!(
        check(file.clone()).unwrap().code_points(),
        Some([9, 16, 0, 1])
    );
    assert_eq!(check(jpeg(3, 2)).unwrap().code_points(), None);
}
