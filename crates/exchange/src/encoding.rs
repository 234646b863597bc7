//! The text of a file, decoded to UTF-8 while it is read.

mod detect;

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding};

use self::detect::{encoding_of_start, encoding_of_text, refuse_other_files};
use crate::record::ReadError;

/// How many bytes an encoding is detected from. As many are decoded at once.
const SAMPLE: usize = 64 * 1024;

/// A file as UTF-8. A byte that can't be decoded becomes a NUL, which no text of a product may have.
///
/// The encoding is detected at the first byte that is not ASCII, wherever it stands.
pub(crate) struct Text {
    input: Box<dyn Read + Send>,
    /// The end of the input was reached.
    is_read: bool,
    /// Bytes that are not decoded yet.
    raw: Vec<u8>,
    /// `None` while all bytes were ASCII.
    decoder: Option<Decoder>,
    decoded: String,
    /// How much of `decoded` was consumed.
    position: usize,
}

impl Text {
    /// Detects the encoding from the first 64 KiB.
    ///
    /// # Errors
    /// If the file is not a text, or can't be read.
    pub(crate) fn open(input: impl Read + Send + 'static) -> Result<Self, ReadError> {
        let mut text = Self {
            input: Box::new(input),
            is_read: false,
            raw: vec![],
            decoder: None,
            decoded: String::new(),
            position: 0,
        };
        text.read_until_raw_has(SAMPLE)?;
        refuse_other_files(&text.raw)?;
        if let Some((encoding, mark)) = encoding_of_start(&text.raw) {
            text.raw.drain(..mark);
            text.decoder = Some(encoding.new_decoder_without_bom_handling());
        } else if text.raw.contains(&0) {
            let reason = "This is not a text file. Save the table as CSV and import that";
            return Err(ReadError::not_a_table(reason));
        }
        text.decode()?;
        Ok(text)
    }

    /// The decoded text that was not consumed yet: before the first consumption the first 64 KiB.
    pub(crate) fn sample(&self) -> &str {
        self.decoded.get(self.position..).unwrap_or_default()
    }

    /// Whether the [sample](Self::sample) goes to the end of the file.
    pub(crate) fn ends_with_sample(&self) -> bool {
        self.is_read && self.raw.is_empty()
    }

    fn read_until_raw_has(&mut self, length: usize) -> io::Result<()> {
        while !self.is_read && self.raw.len() < length {
            let missing = u64::try_from(length - self.raw.len()).unwrap_or(u64::MAX);
            // `read_to_end` tries again when it is interrupted.
            let read = self
                .input
                .by_ref()
                .take(missing)
                .read_to_end(&mut self.raw)?;
            self.is_read = read == 0;
        }
        Ok(())
    }

    /// Decodes the next bytes. Afterwards `decoded` is empty only at the end of the file.
    fn decode(&mut self) -> io::Result<()> {
        self.decoded.clear();
        self.position = 0;
        while self.decoded.is_empty() {
            self.read_until_raw_has(SAMPLE)?;
            if self.decoder.is_none() {
                self.detect()?;
            }
            match &mut self.decoder {
                Some(decoder) => decode(decoder, &self.raw, self.is_read, &mut self.decoded),
                None => self.decoded.push_str(&String::from_utf8_lossy(&self.raw)),
            }
            self.raw.clear();
            if self.is_read {
                break;
            }
        }
        Ok(())
    }

    /// Chooses a decoder if there are bytes that are not ASCII.
    fn detect(&mut self) -> io::Result<()> {
        let ascii = Encoding::ascii_valid_up_to(&self.raw);
        if ascii < self.raw.len() {
            self.read_until_raw_has(ascii.saturating_add(SAMPLE))?;
            let encoding = encoding_of_text(&self.raw, self.is_read);
            self.decoder = Some(encoding.new_decoder_without_bom_handling());
        }
        Ok(())
    }
}

fn decode(decoder: &mut Decoder, mut raw: &[u8], is_last: bool, decoded: &mut String) {
    loop {
        let length = decoder.max_utf8_buffer_length_without_replacement(raw.len());
        decoded.reserve(length.unwrap_or(raw.len()));
        let (result, read) = decoder.decode_to_string_without_replacement(raw, decoded, is_last);
        raw = raw.get(read..).unwrap_or_default();
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => decoded.push('\0'),
        }
    }
}

impl BufRead for Text {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.position >= self.decoded.len() && !(self.is_read && self.raw.is_empty()) {
            self.decode()?;
        }
        // A reader may stop within a character.
        Ok(self
            .decoded
            .as_bytes()
            .get(self.position..)
            .unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.position = self.position.saturating_add(amount).min(self.decoded.len());
    }
}

impl Read for Text {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
