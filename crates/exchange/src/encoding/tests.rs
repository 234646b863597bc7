use encoding_rs::{Encoding, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253};

use super::*;

/// A table as shops have it.
const GERMAN: &str = "Artikel;Name;Preis\r\nEP-1;Eiweißpulver „Crème Brûlée“;39,90 €\r\nEP-2;Köstliche Müsliriegel;2,50 €\r\n";

/// Gives one byte at a time.
struct Slowly<R>(R);

impl<R: Read> Read for Slowly<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let end = buffer.len().min(1);
        self.0.read(buffer.get_mut(..end).unwrap_or_default())
    }
}

fn decoded(bytes: impl Into<Vec<u8>>) -> String {
    let mut text = Text::open(io::Cursor::new(bytes.into())).unwrap();
    let mut decoded = String::new();
    text.read_to_string(&mut decoded).unwrap();
    decoded
}

fn refused(bytes: &'static [u8]) -> String {
    match Text::open(bytes) {
        Err(error) => error.to_string(),
        Ok(_) => String::new(),
    }
}

fn utf_16(text: &str, bytes_of: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes_of).collect()
}

fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    encoding.encode(text).0.into_owned()
}

#[test]
fn encodings_are_detected() {
    let with_mark = format!("\u{feff}{GERMAN}");
    for (bytes, name) in [
        (GERMAN.as_bytes().to_vec(), "UTF-8"),
        (with_mark.as_bytes().to_vec(), "UTF-8 with a mark"),
        (utf_16(&with_mark, u16::to_le_bytes), "UTF-16LE with a mark"),
        (utf_16(&with_mark, u16::to_be_bytes), "UTF-16BE with a mark"),
        (utf_16(GERMAN, u16::to_le_bytes), "UTF-16LE"),
        (utf_16(GERMAN, u16::to_be_bytes), "UTF-16BE"),
        (encoded(GERMAN, WINDOWS_1252), "Windows-1252"),
    ] {
        assert_eq!(decoded(bytes), GERMAN, "{name}");
    }
}

#[test]
fn short_western_texts_are_windows_1252() {
    for text in [
        "name;price\nMüsli;39,90 €\n",
        "name;price\nCafé;3\n",
        "name\nCrème brûlée\n",
        "name,brand\nEgg,Süß & Söhne\n",
        "Größe\n",
        "nombre;precio\nPiña;3 €\n",
        "name\nSmørrebrød\n",
        "price\n39,90 €\n",
        "price\n£5\n",
    ] {
        assert_eq!(decoded(encoded(text, WINDOWS_1252)), text);
    }
    let russian = "название;цена\nЯичный белок;3\nПротеин ванильный;5\n";
    assert_eq!(decoded(encoded(russian, WINDOWS_1251)), russian);
    let russian = "name;price\nЯичный белок;3\n";
    assert_eq!(decoded(utf_16(russian, u16::to_le_bytes)), russian);
    assert_eq!(decoded(utf_16(russian, u16::to_be_bytes)), russian);
    let czech = "název;cena\nVaječný bílek;3\nŽloutek sušený;5\n";
    assert_eq!(decoded(encoded(czech, WINDOWS_1250)), czech);
    let greek = "όνομα;τιμή\nΑσπράδι αυγού;3\n";
    assert_eq!(decoded(encoded(greek, WINDOWS_1253)), greek);
}

#[test]
fn the_first_character_beyond_ascii_decides_wherever_it_stands() {
    for length in [
        0,
        SAMPLE - 3,
        SAMPLE - 2,
        SAMPLE - 1,
        SAMPLE,
        3 * SAMPLE + 7,
    ] {
        let text = format!("{}ö{}ü 39,90 €\n", "a".repeat(length), "b ".repeat(SAMPLE));
        assert_eq!(decoded(text.as_bytes()), text, "UTF-8 after {length}");
        let bytes = encoded(&text, WINDOWS_1252);
        assert_eq!(decoded(bytes), text, "Windows-1252 after {length}");
    }
}

#[test]
fn characters_are_whole_wherever_the_input_is_cut() {
    let text = GERMAN.repeat(2_000);
    let mut slow = Text::open(Slowly(io::Cursor::new(text.clone()))).unwrap();
    let mut read = String::new();
    slow.read_to_string(&mut read).unwrap();
    assert_eq!(read, text);
    assert_eq!(decoded(utf_16(&text, u16::to_be_bytes)), text);
}

#[test]
fn malformed_bytes_become_nul() {
    let mut bytes = GERMAN.repeat(10).into_bytes();
    bytes.extend(b"EP-3;M\xfcsli\n");
    bytes.extend(GERMAN.repeat(10).as_bytes());
    let text = decoded(bytes);
    assert!(text.contains("EP-3;M\0sli\n"));
    assert_eq!(text.matches("Crème").count(), 20);
    assert_eq!(decoded("\u{feff}a\u{fffd}b"), "a\u{fffd}b");
    // The end of the file is in the middle of a character.
    assert_eq!(decoded(b"\xef\xbb\xbfa\xc3".as_slice()), "a\0");
}

#[test]
fn other_files_are_refused() {
    for (bytes, expected) in [
        (
            b"PK\x03\x04\x14\0\x06\0".as_slice(),
            "This is an Excel workbook or another ZIP file. Save the table as CSV and import that",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0",
            "This is an Excel workbook. Save the table as CSV and import that",
        ),
        (
            b"\x1f\x8b\x08",
            "This is a compressed file. Save the table as CSV and import that",
        ),
        (
            b"%PDF-1.7",
            "This is a PDF document. Save the table as CSV and import that",
        ),
        (
            b"name,price\nEgg\0,3\n",
            "This is not a text file. Save the table as CSV and import that",
        ),
        (
            b"\0\0\0\0\0\0",
            "This is not a text file. Save the table as CSV and import that",
        ),
    ] {
        assert_eq!(refused(bytes), expected);
    }
    assert_eq!(decoded(""), "");
    assert_eq!(decoded("\u{feff}"), "");
}
