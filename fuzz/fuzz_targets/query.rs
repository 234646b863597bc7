#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| eggypro_http::fuzzing::query(bytes));
