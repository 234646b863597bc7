//! Lists in a cell: texts separated by `|` or line breaks. In a text, `|` is written `\|`, a backslash `\\`, and white
//! space at its ends with a backslash before it.

use super::guard::exact;

/// Maximum number of entries that are read. One more shows that a list is too long, whatever its limit is.
pub(crate) const MAX_ENTRIES: usize = 201;

/// The texts of a list that are not empty.
pub(crate) fn list(cell: &str) -> Vec<String> {
    let mut texts = entries(cell);
    texts.retain(|text| !text.is_empty());
    texts
}

/// The texts of a list by their positions. A blank cell has none.
pub(crate) fn entries(cell: &str) -> Vec<String> {
    let cell = exact(cell);
    if cell.trim().is_empty() {
        return vec![];
    }
    let mut texts = vec![];
    let mut entry = Entry::default();
    let mut characters = cell.chars().peekable();
    while let Some(character) = characters.next() {
        if texts.len() == MAX_ENTRIES {
            return texts;
        }
        match (character, characters.peek().copied()) {
            ('\\', Some(next)) if is_escaped(next) => {
                characters.next();
                entry.push_escaped(next);
            }
            ('\r', Some('\n')) => {}
            ('|' | '\n' | '\r', _) => texts.push(std::mem::take(&mut entry).finish()),
            _ => entry.push(character),
        }
    }
    texts.push(entry.finish());
    texts
}

/// The cell of a list. Its [`entries`] are the texts, if none of them has a line break.
pub(crate) fn join<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut cell = String::new();
    for (at, text) in texts.into_iter().enumerate() {
        if at > 0 {
            cell.push('|');
        }
        let start = text.len() - text.trim_start().len();
        let end = text.trim_end().len();
        for (position, character) in text.char_indices() {
            let is_outside = position < start || position >= end;
            if is_outside || matches!(character, '|' | '\\') {
                cell.push('\\');
            }
            cell.push(character);
        }
    }
    cell
}

/// The words of a list, in lower case. They may also be separated by commas and semicolons.
pub(crate) fn words(cell: &str) -> Vec<String> {
    let words = exact(cell).split(['|', ',', ';', '\n', '\r']);
    let words = words.map(|word| word.trim().to_lowercase());
    let words = words.filter(|word| !word.is_empty());
    words.take(MAX_ENTRIES).collect()
}

fn is_escaped(character: char) -> bool {
    let is_line_break = matches!(character, '\n' | '\r');
    matches!(character, '|' | '\\') || character.is_whitespace() && !is_line_break
}

/// A text of a list while it is read.
#[derive(Default)]
struct Entry {
    text: String,
    /// The length up to which white space at the end stays.
    kept: usize,
}

impl Entry {
    fn push(&mut self, character: char) {
        if !self.text.is_empty() || !character.is_whitespace() {
            self.text.push(character);
        }
    }

    fn push_escaped(&mut self, character: char) {
        self.text.push(character);
        self.kept = self.text.len();
    }

    fn finish(mut self) -> String {
        let end = self.text.trim_end().len().max(self.kept);
        self.text.truncate(end);
        self.text
    }
}

#[cfg(test)]
mod tests;
