//! Values within cells, as WooCommerce's exporter writes them.

use eggypro_domain::products::Gtin;
use eggypro_domain::{Price, nfc};

use crate::cells::{self, MAX_ENTRIES, Numbers};
use crate::html;

/// The values of a list. A comma within a value is written `\,`.
pub(super) fn list(cell: &str) -> Vec<String> {
    let (mut values, mut value) = (vec![], String::new());
    let mut characters = cell.chars().peekable();
    while let Some(character) = characters.next() {
        if values.len() == MAX_ENTRIES {
            break;
        }
        match character {
            '\\' if characters.next_if_eq(&',').is_some() => value.push(','),
            ',' => values.push(std::mem::take(&mut value)),
            _ => value.push(character),
        }
    }
    values.push(value);
    let values = values.into_iter().map(|value| value.trim().to_owned());
    values.filter(|value| !value.is_empty()).collect()
}

/// The only value of a cell. Commas may be written `\,`.
pub(super) fn single(cell: &str) -> String {
    label(&cell.replace("\\,", ","))
}

/// A text of one line. Entities and tags of HTML become text, as names of products may have them.
pub(super) fn label(text: &str) -> String {
    let plain = match text.contains(['&', '<']) {
        true => html::to_text(text),
        false => text.to_owned(),
    };
    let words: Vec<&str> = plain.split_whitespace().collect();
    nfc(&words.join(" ")).into_owned()
}

/// A description: HTML whose line breaks the exporter has written as `\n`.
pub(super) fn description(cell: &str) -> String {
    let html = with_line_breaks(cell);
    let text = html::to_text(&with_paragraphs(&html));
    nfc(text.trim()).into_owned()
}

/// Undoes the exporter's `\n` for a line break and `\\n` for the characters `\n`.
fn with_line_breaks(cell: &str) -> String {
    let parts: Vec<String> = cell
        .split("\\\\n")
        .map(|part| part.replace("\\n", "\n"))
        .collect();
    parts.join("\\n")
}

/// WordPress shows a blank line as a new paragraph and a line break as `<br>`, except between tags. HTML with its own
/// paragraphs stays the same.
fn with_paragraphs(html: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let has_own = ["<p>", "<p ", "<br"].iter().any(|tag| lower.contains(tag));
    if has_own {
        return html.to_owned();
    }
    let html = html.replace("\r\n", "\n").replace('\r', "\n");
    let paragraphs: Vec<String> = html.split("\n\n").map(with_breaks).collect();
    paragraphs.join("<p>")
}

fn with_breaks(paragraph: &str) -> String {
    let mut html = String::with_capacity(paragraph.len());
    for line in paragraph.trim_matches('\n').split('\n') {
        let line = line.trim();
        if !html.is_empty() {
            let is_between_tags = html.ends_with('>') || line.starts_with('<');
            html.push_str(if is_between_tags { "\n" } else { "<br>" });
        }
        html.push_str(line);
    }
    html
}

/// A price. The exporter writes the shop's decimal mark and no thousands separators.
pub(super) fn price(text: &str) -> Result<Price, String> {
    let amount = cells::decimal(text, Numbers::default())?;
    Price::try_from(amount).map_err(|error| error.to_string())
}

/// A GTIN. WooCommerce allows hyphens in it.
pub(super) fn gtin(text: &str) -> Result<Gtin, String> {
    let is_grouped = |c: char| c.is_ascii_digit() || matches!(c, '-' | ' ');
    match text.chars().all(is_grouped) {
        true => cells::gtin(&text.replace(['-', ' '], "")),
        false => cells::gtin(text),
    }
}

#[cfg(test)]
mod tests;
