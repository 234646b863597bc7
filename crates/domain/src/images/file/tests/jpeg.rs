use super::*;

/// Without the additional FF before the scan.
fn unfilled(jpeg: &[u8]) -> Vec<u8> {
    let scan = jpeg.windows(2).position(|pair| pair == [0xff, 0xff]);
    let (before, after) = jpeg.split_at(scan.unwrap());
    [before, &after[1..]].concat()
}

#[test]
fn truncated_jpeg_is_completed() {
    let whole = jpeg(640, 480);
    let scan = whole.windows(2).position(|pair| pair == [0xff, 0xda]);
    let begun = scan.unwrap() + 10;
    for length in 3..whole.len() {
        match check(whole[..length].to_vec()) {
            Ok(file) => {
                assert!(length >= begun, "{length}");
                assert!(file.bytes().ends_with(&[0xff, 0xd9]));
                assert_eq!((file.width(), file.height()), (640, 480));
                assert_eq!(check(file.bytes().clone()), Ok(file));
            }
            Err(error) => {
                assert!(length < begun, "{length}");
                assert_eq!(error, InvalidImage::Broken);
            }
        }
    }
}

#[test]
fn a_jpeg_has_the_size_of_its_first_frame() {
    let whole = jpeg(640, 480);
    let frame = whole.windows(2).position(|pair| pair == [0xff, 0xc0]);
    let (before, after) = whole.split_at(frame.unwrap());
    // Tables of Huffman and arithmetic coding are no frames.
    let tables = [
        [0xff, 0xc4, 0, 7, 8, 0, 1, 0, 1],
        [0xff, 0xcc, 0, 7, 8, 0, 1, 0, 1],
    ];
    let other = &jpeg(64, 48)[frame.unwrap()..][..13];
    let bytes = [
        before,
        tables.as_flattened(),
        &after[..13],
        other,
        &after[13..],
    ]
    .concat();
    let file = check(bytes.clone()).unwrap();
    assert_eq!((file.width(), file.height()), (640, 480));
    assert_eq!(file.bytes(), &bytes);
}

#[test]
fn a_jpeg_that_ends_within_a_segment_ends_before_it() {
    let whole = jpeg(640, 480);
    // A comment that is a part of the segment.
    let cut = [0xff, 0xc4, 0, 99, 0xff, 0xfe, 0, 3, 0];
    let bytes = [&whole[..whole.len() - 2], &cut].concat();
    assert_eq!(check(bytes).unwrap().bytes(), &unfilled(&whole));
}

#[test]
fn another_jpeg_ends_one_without_an_end() {
    let whole = jpeg(640, 480);
    let both = [&whole[..whole.len() - 2], &jpeg(64, 48)].concat();
    assert_eq!(check(both).unwrap().bytes(), &unfilled(&whole));
}

#[test]
fn bytes_between_jpeg_segments_are_removed() {
    let whole = jpeg(640, 480);
    let after_jfif = 20;
    let tidy = unfilled(&whole);
    for between in [
        &b"<?php "[..],
        &[0],
        &[0, 0xff, 0, 7],
        // Markers that are not allowed here, and a reserved one.
        &[0xff, 0x01],
        &[0xff, 0xd3, 9],
        &[0xff, 0x37, 0, 1],
        // What would be its length has no meaning.
        &[0xff, 0x37, 0, 2],
        // A length beyond the end of the file.
        &[0xff, 0xe1, 0xff, 0xff],
    ] {
        let damaged = [&whole[..after_jfif], between, &whole[after_jfif..]].concat();
        let file = check(damaged).unwrap();
        assert_eq!(file.bytes(), &tidy, "{between:?}");
    }
    // Several FF bytes before a marker are allowed.
    let filled = [&whole[..after_jfif], &[0xff, 0xff], &whole[after_jfif..]].concat();
    assert_eq!(check(filled.clone()).unwrap().bytes(), &filled);
    // An unknown marker within a scan is kept for the decoder.
    let scan = whole.windows(2).position(|pair| pair == [7, 0xff]).unwrap();
    let damaged = [&whole[..scan], &[0xff, 0x37], &whole[scan..]].concat();
    assert_eq!(check(damaged.clone()).unwrap().bytes(), &damaged);
}
