//! What spreadsheets make of a file.

use proptest::prelude::*;

/// How a program saves a table again.
#[derive(Debug, Clone)]
pub(crate) struct Dialect {
    delimiter: char,
    line_end: &'static str,
    encoding: &'static str,
    quotes_all: bool,
}

/// Any dialect.
pub(crate) fn dialect() -> impl Strategy<Value = Dialect> {
    let delimiter = prop::sample::select(vec![',', ';', '\t']);
    let line_end = prop::sample::select(vec!["\r\n", "\n", "\r"]);
    let encoding = prop::sample::select(vec![
        "utf-8",
        "utf-8-sig",
        "utf-16-le-sig",
        "utf-16-be-sig",
        "utf-16-le",
        "utf-16-be",
    ]);
    (delimiter, line_end, encoding, any::<bool>()).prop_map(
        |(delimiter, line_end, encoding, quotes_all)| Dialect {
            delimiter,
            line_end,
            encoding,
            quotes_all,
        },
    )
}

impl Dialect {
    pub(crate) fn encoded(&self, file: &str) -> Vec<u8> {
        let mut text = String::new();
        if self.encoding.ends_with("sig") {
            text.push('\u{feff}');
        }
        for row in cells_of(file) {
            let cells: Vec<String> = row.iter().map(|cell| self.cell(cell)).collect();
            text.push_str(&cells.join(&self.delimiter.to_string()));
            text.push_str(self.line_end);
        }
        match self.encoding {
            encoding if encoding.starts_with("utf-16-le") => {
                text.encode_utf16().flat_map(u16::to_le_bytes).collect()
            }
            encoding if encoding.starts_with("utf-16-be") => {
                text.encode_utf16().flat_map(u16::to_be_bytes).collect()
            }
            _ => text.into_bytes(),
        }
    }

    fn cell(&self, cell: &str) -> String {
        let special = [self.delimiter, '"', '\r', '\n'];
        match self.quotes_all || cell.contains(special) {
            true => format!("\"{}\"", cell.replace('"', "\"\"")),
            false => cell.to_owned(),
        }
    }
}

/// The file with some of its columns, in another order. The columns that name a product and the bases of others stay.
pub(crate) fn with_columns(file: &str, columns: &[bool; 45], turns: usize) -> String {
    let rows = cells_of(file);
    let dialect = Dialect {
        delimiter: ';',
        line_end: "\n",
        encoding: "utf-8",
        quotes_all: false,
    };
    let header = rows.first().cloned().unwrap_or_default();
    let is_kept = |at: usize| {
        let name = header.get(at).map_or("", String::as_str);
        let needed = ["slug", "images", "alt_texts"].contains(&name) || name.starts_with("option");
        needed || columns.get(at).copied().unwrap_or_default()
    };
    let mut text = String::new();
    for mut row in rows {
        let count = row.len();
        let mut kept: Vec<String> = vec![];
        row.rotate_left(turns % count);
        for (at, cell) in row.iter().enumerate() {
            if is_kept((at + turns) % count) {
                kept.push(dialect.cell(cell));
            }
        }
        text.push_str(&kept.join(";"));
        text.push('\n');
    }
    text
}

/// The cells of a file in the shop's own dialect.
fn cells_of(file: &str) -> Vec<Vec<String>> {
    let file = file.trim_start_matches('\u{feff}');
    let (mut rows, mut row, mut cell) = (vec![], vec![], String::new());
    let mut is_quoted = false;
    let mut characters = file.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !is_quoted => {}
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            _ => cell.push(character),
        }
    }
    rows
}
