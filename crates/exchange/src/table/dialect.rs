/// The separators that spreadsheets write.
const DELIMITERS: [char; 3] = [',', ';', '\t'];

/// How a table separates its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
}

impl Dialect {
    /// The dialect of a text, and the length of the line before the table that names its separator (`sep=;`), which Excel
    /// understands and does not show.
    pub(super) fn of(sample: &str) -> (Self, usize) {
        let named = named_delimiter(sample);
        let delimiter = named.map_or_else(|| most_frequent(sample), |(delimiter, _)| delimiter);
        // All of them are ASCII.
        let delimiter = u8::try_from(delimiter).unwrap_or(b',');
        (Self { delimiter }, named.map_or(0, |(_, length)| length))
    }
}

fn named_delimiter(sample: &str) -> Option<(char, usize)> {
    let line = sample.split(['\n', '\r']).next().unwrap_or_default();
    let unquoted = line.trim_matches('"');
    let name = unquoted
        .strip_prefix("sep=")
        .or(unquoted.strip_prefix("SEP="))?;
    let mut characters = name.chars();
    let delimiter = characters.next().filter(char::is_ascii)?;
    let rest = sample.get(line.len()..).unwrap_or_default();
    let mut ends = ["\r\n", "\n", "\r"].into_iter();
    let end = ends.find(|end| rest.starts_with(*end)).unwrap_or_default();
    let is_named = characters.next().is_none();
    is_named.then_some((delimiter, line.len() + end.len()))
}

/// The separator that the first line with text has most often outside of quotation marks.
fn most_frequent(sample: &str) -> char {
    let mut counts = [0_usize; DELIMITERS.len()];
    let (mut is_quoted, mut has_text) = (false, false);
    for character in sample.chars() {
        match character {
            '"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            '\n' | '\r' if has_text => break,
            _ => {
                let at = DELIMITERS.iter().position(|one| *one == character);
                if let Some(count) = at.and_then(|at| counts.get_mut(at)) {
                    *count += 1;
                }
            }
        }
        has_text |= !character.is_whitespace();
    }
    let most = counts.into_iter().zip(DELIMITERS).rev();
    let most = most
        .max_by_key(|(count, _)| *count)
        .filter(|(count, _)| *count > 0);
    most.map_or(',', |(_, delimiter)| delimiter)
}
