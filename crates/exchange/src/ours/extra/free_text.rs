//! Texts of fields that a shop has defined itself in another program. They have no common form.

use serde_json::Value;

use crate::{cells, html};

/// The cell of a list of ingredients.
pub(super) fn ingredients(text: &str) -> String {
    let text = plain(text);
    let texts = split(&text).into_iter().map(trimmed);
    let texts = texts.filter(|text| !text.is_empty());
    cells::guarded(&cells::join(texts)).into_owned()
}

/// The cell of a text.
pub(super) fn details(text: &str) -> String {
    cells::guarded(&plain(text)).into_owned()
}

/// The text of JSON, as Shopify exports rich text and some lists, or of HTML, or of a plain text.
fn plain(text: &str) -> String {
    let text = cells::text(text);
    match serde_json::from_str(&text) {
        Ok(json @ (Value::Object(_) | Value::Array(_))) => {
            let mut lines = String::new();
            write_lines(&json, &mut lines);
            lines.trim().to_owned()
        }
        _ => html::to_text(&text),
    }
}

/// Writes the texts of a list, or of the nodes of a rich text: `{"type": "paragraph", "children": [{"type": "text",
/// "value": "Egg"}]}`.
fn write_lines(json: &Value, lines: &mut String) {
    match json {
        Value::String(text) => {
            lines.push_str(text);
            lines.push('\n');
        }
        Value::Array(entries) => entries.iter().for_each(|entry| write_lines(entry, lines)),
        Value::Object(node) => {
            if let Some(Value::String(text)) = node.get("value") {
                lines.push_str(text);
            }
            if let Some(children) = node.get("children") {
                write_lines(children, lines);
                let is_inline =
                    matches!(node.get("type"), Some(Value::String(kind)) if kind == "link");
                if !is_inline && !lines.ends_with('\n') {
                    lines.push('\n');
                }
            }
        }
        _ => {}
    }
}

/// The parts of a list that is separated by line breaks, `|`, semicolons or commas. Commas and semicolons within brackets
/// don't separate, and no commas between digits: `97,5 %`.
fn split(text: &str) -> Vec<&str> {
    let are_balanced = count(text, '(') == count(text, ')') && count(text, '[') == count(text, ']');
    let (mut parts, mut start, mut depth) = (vec![], 0, 0_usize);
    for (at, character) in text.char_indices() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let is_outside = depth == 0 || !are_balanced;
        let is_separator = match character {
            '\n' | '|' => true,
            ';' => is_outside,
            ',' => is_outside && !is_between_digits(text, at),
            _ => false,
        };
        if is_separator {
            parts.extend(text.get(start..at));
            start = at + character.len_utf8();
        }
    }
    parts.extend(text.get(start..));
    parts
}

fn count(text: &str, character: char) -> usize {
    text.matches(character).count()
}

fn is_between_digits(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    is_digit(at.checked_sub(1)) && is_digit(at.checked_add(1))
}

/// An ingredient without white space around it, and without the full stop of a sentence and the mark of a list.
fn trimmed(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix("- ")
        .unwrap_or(text)
        .trim_end_matches('.')
        .trim()
}

#[cfg(test)]
mod tests;
