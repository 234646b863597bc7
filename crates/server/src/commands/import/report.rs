//! What has become of an import, for people.

use std::collections::HashSet;

use eggypro_domain::StoreError;
use eggypro_domain::imports::{
    Difference, DifferenceAction, Import, ImportError, ImportRepository, ImportStatus,
};

use crate::failure::{Failure, PartlyRefused};
use crate::logging::is_plain;

/// Maximum number of errors that are printed.
const MAX_ERRORS: u32 = 20;

/// Maximum number of lines of differences, beyond which no further row begins.
const MAX_LINES: usize = 40;

/// Maximum length of a value that is printed, in characters.
const MAX_VALUE: usize = 60;

/// The counts of an import that has ended, the first differences of a dry run, and the first errors.
pub(super) async fn lines(
    imports: &dyn ImportRepository,
    import: &Import,
    has_file: bool,
) -> Result<Vec<String>, StoreError> {
    let counts = &import.counts;
    let mut lines = vec![];
    if counts.done > 0 {
        lines.push(summary(import));
    }
    if import.is_dry_run {
        let found = imports.differences(import.id).await?;
        lines.extend(differences(&found, counts.created + counts.updated));
    }
    if counts.failed > 0 {
        // One more tells whether there are others.
        let found = imports.errors(import.id, MAX_ERRORS + 1).await?;
        lines.extend(errors(&found, counts.failed, has_file));
    }
    Ok(lines)
}

/// Whether an import has done all that the file says.
pub(super) fn result(import: &Import) -> Result<(), Failure> {
    let counts = &import.counts;
    match (import.status, counts.failed) {
        (ImportStatus::Failed, _) => {
            let reason = import.failure.as_deref().unwrap_or("The import has failed");
            Err(format!("{}. {}", plain(reason), written(import)).into())
        }
        (ImportStatus::Cancelled, _) => {
            Err(format!("The import was cancelled. {}", written(import)).into())
        }
        (_, 0) => Ok(()),
        (_, refused) => {
            let were = if import.is_dry_run {
                "would be"
            } else {
                "were"
            };
            let all = counts.done;
            Err(PartlyRefused(format!("{refused} of {all} rows {were} refused.")).into())
        }
    }
}

fn written(import: &Import) -> String {
    match import.counts.created + import.counts.updated {
        rows @ 1.. if !import.is_dry_run => format!("{rows} rows were written before and stay."),
        _ => "Nothing was written.".to_owned(),
    }
}

fn summary(import: &Import) -> String {
    let counts = &import.counts;
    let rows = match counts.rows {
        Some(rows) if rows != counts.done => format!("{} of {rows} rows", counts.done),
        _ => format!("{} rows", counts.done),
    };
    let would = if import.is_dry_run { "would be " } else { "" };
    format!(
        "{rows}: {} {would}created, {} {would}updated, {} unchanged, {} refused.",
        counts.created, counts.updated, counts.unchanged, counts.failed
    )
}

/// The first of all rows that would change something, field by field.
fn differences(found: &[Difference], all: u64) -> Vec<String> {
    let mut lines = vec![];
    let mut others = all;
    for difference in found {
        if lines.len() >= MAX_LINES {
            break;
        }
        lines.extend(fields(difference));
        others = others.saturating_sub(1);
    }
    if others > 0 {
        lines.push(format!("{others} more rows would change something."));
    }
    lines
}

fn fields(difference: &Difference) -> Vec<String> {
    let row = format!("row {} {}:", difference.row, difference.slug);
    let is_new = difference.action == DifferenceAction::Created;
    let mut lines = vec![];
    if is_new {
        lines.push(format!("{row} would be created"));
    }
    for change in &difference.changes {
        let (field, after) = (plain(&change.field), shortened(&change.after));
        lines.push(match is_new {
            true => format!("{row} {field} {after}"),
            false => format!("{row} {field} {} -> {after}", shortened(&change.before)),
        });
    }
    lines
}

/// The first errors of all refused rows.
fn errors(found: &[ImportError], refused: u64, has_file: bool) -> Vec<String> {
    let shown = &found[..found.len().min(MAX_ERRORS as usize)];
    let mut lines: Vec<String> = shown.iter().map(error_line).collect();
    if shown.len() == found.len() {
        return lines;
    }
    let rows: HashSet<u64> = shown.iter().map(|error| error.row).collect();
    let more = match refused.saturating_sub(rows.len() as u64) {
        0 => "There are more errors.".to_owned(),
        others => format!("{others} more rows have errors."),
    };
    lines.push(match has_file {
        true => more,
        false => format!("{more} To have all in a file, use --errors FILE."),
    });
    lines
}

fn error_line(error: &ImportError) -> String {
    let column = match error.column.as_str() {
        "" => String::new(),
        column => format!(", column {}", shortened(column)),
    };
    let value = match error.value.as_str() {
        "" => String::new(),
        value => format!(" ({})", shortened(value)),
    };
    let message = plain(&error.message);
    format!("row {}{column}: {message}{value}", error.row)
}

/// A text on one line, without characters that control a terminal.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for letter in text.chars() {
        match is_plain(letter) {
            true => plain.push(letter),
            false => plain.extend(letter.escape_default()),
        }
    }
    plain
}

/// The beginning of a text.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_VALUE) {
        None => plain(text),
        Some((end, _)) => plain(&text[..end]) + "…",
    }
}

#[cfg(test)]
mod tests;
