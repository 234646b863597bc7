use super::*;

use std::io::Cursor;

use exif::experimental::Writer;
use exif::{Exif, Field, In, Rational, Reader, Tag, Value};
use proptest::prelude::*;

/// A text in the metadata that must not be in the cleaned file.
const SECRET: &[u8] = b"SN-4711";

/// Exif as a camera writes it: orientation, serial number, location and a thumbnail.
fn camera_exif(orientation: u16) -> Vec<u8> {
    let field = |tag, value| Field {
        tag,
        ifd_num: In::PRIMARY,
        value,
    };
    let degrees = [52, 31, 12].map(|of| Rational { num: of, denom: 1 });
    let fields = [
        field(Tag::Orientation, Value::Short(vec![orientation])),
        field(Tag::BodySerialNumber, Value::Ascii(vec![SECRET.to_vec()])),
        field(Tag::GPSLatitude, Value::Rational(degrees.to_vec())),
    ];
    let thumbnail = Field {
        tag: Tag::ImageDescription,
        ifd_num: In::THUMBNAIL,
        value: Value::Ascii(vec![SECRET.to_vec()]),
    };
    let mut writer = Writer::new();
    for field in &fields {
        writer.push_field(field);
    }
    writer.push_field(&thumbnail);
    let mut exif = Cursor::new(vec![]);
    writer.write(&mut exif, false).unwrap();
    exif.into_inner()
}

/// All fields of Exif, in order.
fn fields_of(exif: &Exif) -> Vec<(In, Tag, String)> {
    let describe = |field: &Field| (field.ifd_num, field.tag, format!("{:?}", field.value));
    exif.fields().map(describe).collect()
}

fn only_orientation(orientation: u16) -> Vec<(In, Tag, String)> {
    let value = format!("{:?}", Value::Short(vec![orientation]));
    vec![(In::PRIMARY, Tag::Orientation, value)]
}

/// The file without its metadata. Checks that a shared and an unshared buffer give the same result.
fn cleaned(file: &[u8], format: ImageFormat) -> Vec<u8> {
    let shared = Bytes::copy_from_slice(file);
    let cleaned = without_metadata(shared.clone(), format);
    assert_eq!(shared, file);
    assert_eq!(without_metadata(shared, format), cleaned);
    cleaned.to_vec()
}

fn has(file: &[u8], text: &[u8]) -> bool {
    file.windows(text.len()).any(|part| part == text)
}

fn jpeg_segment(marker: u8, data: &[u8]) -> Vec<u8> {
    segment(&[0xff, marker], &[data])
}

fn frame() -> Vec<u8> {
    jpeg_segment(0xc0, &[8, 0, 48, 0, 64, 1, 1, 0x11, 0])
}

fn scan() -> Vec<u8> {
    let header = jpeg_segment(0xda, &[1, 1, 0, 0, 63, 0]);
    [&header[..], &[7, 0xff, 0, 9, 0xff, 0xd3, 8]].concat()
}

fn jfif(thumbnail: &[u8]) -> Vec<u8> {
    let (wide, high) = (
        u8::from(!thumbnail.is_empty()),
        u8::from(!thumbnail.is_empty()),
    );
    let head = [b"JFIF\0\x01\x02\x01\0\x48\0\x48", &[wide, high][..]].concat();
    jpeg_segment(0xe0, &[&head[..], thumbnail].concat())
}

#[test]
fn jpeg_keeps_pixels_colours_and_orientation() {
    let exif = [b"Exif\0\0", &camera_exif(6)[..]].concat();
    let profile = jpeg_segment(0xe2, b"ICC_PROFILE\0\x01\x01profile");
    let adobe = jpeg_segment(0xee, b"Adobe\0\x64\0\0\0\0\x01");
    let start = [0xff, 0xd8].to_vec();
    let end = [0xff, 0xd9].to_vec();
    let file = [
        start.clone(),
        jfif(b"abc"),
        jpeg_segment(0xe0, &[b"JFXX\0\x10", SECRET].concat()),
        jpeg_segment(0xe0, b"JFIF\0\x01"),
        jpeg_segment(0xe1, &exif),
        jpeg_segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat()),
        profile.clone(),
        jpeg_segment(0xe2, &[b"MPF\0", SECRET].concat()),
        jpeg_segment(0xed, &[b"Photoshop 3.0\0", SECRET].concat()),
        adobe.clone(),
        jpeg_segment(0xee, SECRET),
        jpeg_segment(0xfe, SECRET),
        frame(),
        scan(),
        jpeg_segment(0xfe, SECRET),
        scan(),
        end.clone(),
    ]
    .concat();
    let cleaned = cleaned(&file, ImageFormat::Jpeg);
    let minimal = jpeg_segment(
        0xe1,
        &[b"Exif\0\0", &minimal(&exif[6..]).unwrap()[..]].concat(),
    );
    let expected = [
        start,
        jfif(b""),
        minimal,
        profile,
        adobe,
        frame(),
        scan(),
        scan(),
        end,
    ];
    assert_eq!(cleaned, expected.concat());
    let exif = Reader::new()
        .read_from_container(&mut Cursor::new(&cleaned))
        .unwrap();
    assert_eq!(fields_of(&exif), only_orientation(6));
    assert_eq!(self::cleaned(&cleaned, ImageFormat::Jpeg), cleaned);
}

#[test]
fn upright_image_needs_no_exif() {
    for orientation in [0, 1, 9, 300, 262] {
        assert_eq!(minimal(&camera_exif(orientation)), None, "{orientation}");
    }
    for orientation in 2..=8 {
        let exif = minimal(&camera_exif(orientation)).unwrap();
        let exif = Reader::new().read_raw(exif.to_vec()).unwrap();
        assert_eq!(fields_of(&exif), only_orientation(orientation));
    }
}

/// Exif with a directory of these tags, types, counts and values.
fn directory(is_little: bool, entries: &[(u16, u16, u32, u16)]) -> Vec<u8> {
    let short = |number: u16| match is_little {
        true => number.to_le_bytes(),
        false => number.to_be_bytes(),
    };
    let long = |number: u32| match is_little {
        true => number.to_le_bytes(),
        false => number.to_be_bytes(),
    };
    let order = if is_little { b"II*\0" } else { b"MM\0*" };
    let mut exif = [order, &long(8)[..], &short(entries.len() as u16)].concat();
    for (tag, kind, count, value) in entries {
        exif.extend([short(*tag), short(*kind)].concat());
        exif.extend(long(*count));
        exif.extend([short(*value), [0, 0]].concat());
    }
    exif
}

#[test]
fn the_orientation_is_a_single_16_bit_number() {
    const WIDTH: (u16, u16, u32, u16) = (0x0100, 3, 1, 5);
    for is_little in [true, false] {
        let of = |entries: &[_]| orientation(&directory(is_little, entries));
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[WIDTH]), None);
        assert_eq!(of(&[(0x0112, 3, 1, 6)]), Some(6));
        assert_eq!(of(&[WIDTH, WIDTH, (0x0112, 3, 1, 6)]), Some(6));
        assert_eq!(of(&[(0x0112, 4, 1, 6)]), None, "32 bits");
        assert_eq!(of(&[(0x0112, 3, 2, 6)]), None, "two numbers");
        assert_eq!(of(&[(0x0112, 3, 1, 256)]), None);
    }
}

fn png_chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    let named = [&name[..], data].concat();
    let sum = crc32fast::hash(&named).to_be_bytes();
    [&length[..], &named, &sum].concat()
}

#[test]
fn png_keeps_chunks_that_decoding_needs() {
    let head = b"\x89PNG\r\n\x1a\n".to_vec();
    let picture = [
        png_chunk(b"IHDR", &[0, 0, 0, 64, 0, 0, 0, 48, 8, 2, 0, 0, 0]),
        png_chunk(b"iCCP", b"profile"),
        png_chunk(b"gAMA", &[0, 0, 0xb1, 0x8f]),
        png_chunk(b"pHYs", &[0; 9]),
        png_chunk(b"PLTE", &[0; 3]),
        png_chunk(b"tRNS", &[0]),
    ]
    .concat();
    let rest = [png_chunk(b"IDAT", &[1, 2, 3]), png_chunk(b"IEND", &[])].concat();
    let file = [
        head.clone(),
        picture.clone(),
        png_chunk(b"eXIf", &camera_exif(8)),
        png_chunk(b"tEXt", SECRET),
        png_chunk(b"zTXt", SECRET),
        png_chunk(b"iTXt", SECRET),
        png_chunk(b"tIME", &[0; 7]),
        png_chunk(b"caBX", SECRET),
        rest.clone(),
    ]
    .concat();
    let cleaned = cleaned(&file, ImageFormat::Png);
    let minimal = png_chunk(b"eXIf", &minimal(&camera_exif(8)).unwrap());
    assert_eq!(cleaned, [head, picture, minimal, rest].concat());
    let exif = Reader::new()
        .read_from_container(&mut Cursor::new(&cleaned))
        .unwrap();
    assert_eq!(fields_of(&exif), only_orientation(8));
}

fn webp_chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_le_bytes();
    let padding = vec![0; data.len() % 2];
    [name, &length[..], data, &padding].concat()
}

fn webp_of(chunks: &[Vec<u8>]) -> Vec<u8> {
    webp_chunk(b"RIFF", &[b"WEBP", &chunks.concat()[..]].concat())
}

#[test]
fn webp_flags_match_the_remaining_chunks() {
    let canvas = |flags: u8| webp_chunk(b"VP8X", &[flags, 0, 0, 0, 63, 0, 0, 47, 0, 0]);
    let picture = webp_chunk(b"VP8 ", &[0x30, 1, 0, 0x9d, 1, 0x2a, 64, 0, 48, 0, 0, 0]);
    let profile = webp_chunk(b"ICCP", b"profile");
    for (exif, flags) in [(camera_exif(3), 0b10_1000), (camera_exif(1), 0b10_0000)] {
        for prefix in [&b""[..], b"Exif\0\0"] {
            let file = webp_of(&[
                canvas(0b10_1100),
                profile.clone(),
                picture.clone(),
                webp_chunk(b"EXIF", &[prefix, &exif].concat()),
                webp_chunk(b"XMP ", SECRET),
            ]);
            let cleaned = cleaned(&file, ImageFormat::Webp);
            let mut expected = vec![canvas(flags), profile.clone(), picture.clone()];
            expected.extend(minimal(&exif).map(|minimal| webp_chunk(b"EXIF", &minimal)));
            assert_eq!(cleaned, webp_of(&expected));
            assert!(!has(&cleaned, SECRET));
        }
    }
}

#[test]
fn file_without_metadata_is_not_copied() {
    let file = Bytes::from(webp_of(&[webp_chunk(
        b"VP8 ",
        &[0x30, 1, 0, 0x9d, 1, 0x2a, 64, 0, 48, 0, 0, 0],
    )]));
    let cleaned = without_metadata(file.clone(), ImageFormat::Webp);
    assert_eq!(cleaned.as_ptr(), file.as_ptr());
}

proptest! {
    #[test]
    fn arbitrary_exif_does_not_panic(at in 0_usize..400, value: u8, length in 0_usize..500) {
        let mut exif = camera_exif(6);
        let size = exif.len();
        exif[at % size] = value;
        exif.truncate(length);
        if let Some(minimal) = minimal(&exif) {
            prop_assert!(!has(&minimal, SECRET));
        }
    }
}
