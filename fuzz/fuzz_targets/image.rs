#![no_main]

use eggypro_domain::Bytes;
use eggypro_domain::images::ImageFile;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(file) = ImageFile::try_from(Bytes::copy_from_slice(bytes)) else {
        return;
    };
    let (size, orientation) = ((file.width(), file.height()), file.orientation());
    let file = file.without_metadata();
    assert_eq!((file.width(), file.height()), size);
    assert_eq!(file.orientation(), orientation);
    // What is left is still an image.
    assert!(ImageFile::try_from(file.bytes().clone()).is_ok());
});
