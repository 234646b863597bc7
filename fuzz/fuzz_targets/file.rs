#![no_main]

use std::io::Cursor;

use eggypro_exchange::{File, Format, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for format in [None].into_iter().chain(Format::ALL.map(Some)) {
        let Ok(File { rows, .. }) = read(Cursor::new(bytes.to_vec()), format) else {
            continue;
        };
        for row in rows.flatten() {
            let _ = row.product.map(|record| record.into_new());
        }
    }
});
