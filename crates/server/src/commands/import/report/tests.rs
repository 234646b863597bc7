use eggypro_domain::imports::{FieldDifference, ImportCounts, ImportId, NewImport};
use eggypro_domain::time::OffsetDateTime;

use super::*;

fn import(status: ImportStatus, counts: ImportCounts) -> Import {
    let new = NewImport::new("csv");
    let mut import = Import::new(ImportId::random(), new, OffsetDateTime::UNIX_EPOCH);
    (import.status, import.counts) = (status, counts);
    import
}

fn counts(created: u64, failed: u64) -> ImportCounts {
    ImportCounts {
        rows: Some(10),
        done: created + failed,
        created,
        failed,
        ..ImportCounts::default()
    }
}

#[test]
fn a_summary_has_all_counts() {
    let mut done = import(ImportStatus::Done, counts(9, 1));
    assert_eq!(
        summary(&done),
        "10 rows: 9 created, 0 updated, 0 unchanged, 1 refused."
    );
    done.is_dry_run = true;
    assert_eq!(
        summary(&done),
        "10 rows: 9 would be created, 0 would be updated, 0 unchanged, 1 refused."
    );
    let cancelled = import(ImportStatus::Cancelled, counts(2, 1));
    assert!(summary(&cancelled).starts_with("3 of 10 rows: 2 created,"));
}

#[test]
fn a_result_says_what_was_written() {
    let said = |import: &Import| result(import).map_err(|failure| failure.to_string());
    assert_eq!(said(&import(ImportStatus::Done, counts(9, 0))), Ok(()));
    let refused = import(ImportStatus::Done, counts(9, 1));
    assert_eq!(said(&refused), Err("1 of 10 rows were refused.".to_owned()));
    assert!(result(&refused).unwrap_err().is::<PartlyRefused>());
    let cancelled = import(ImportStatus::Cancelled, counts(2, 1));
    let stay = "The import was cancelled. 2 rows were written before and stay.";
    assert_eq!(said(&cancelled), Err(stay.to_owned()));
    let mut failed = import(ImportStatus::Failed, counts(0, 0));
    failed.failure = Some("The file is\nempty".to_owned());
    let nothing = "The file is\\nempty. Nothing was written.";
    assert_eq!(said(&failed), Err(nothing.to_owned()));
    failed.counts.created = 1;
    failed.is_dry_run = true;
    assert_eq!(said(&failed), Err(nothing.to_owned()));
}

#[test]
fn errors_name_row_column_and_value() {
    let found = [
        ImportError::new(7, "price", "\u{1b}[1m4,x", "This is not a number"),
        ImportError::new(8, "", "", "The row has too many cells"),
    ];
    assert_eq!(
        errors(&found, 2, false),
        [
            "row 7, column price: This is not a number (\\u{1b}[1m4,x)",
            "row 8: The row has too many cells"
        ]
    );
}

#[test]
fn further_errors_are_counted_by_rows() {
    let found: Vec<_> = (2..)
        .map(|row| ImportError::new(row, "price", "", "Wrong"))
        .take(21)
        .collect();
    let lines = errors(&found, 100, false);
    assert_eq!(lines.len(), 21);
    let last = lines.last().unwrap();
    assert_eq!(
        last,
        "80 more rows have errors. To have all in a file, use --errors FILE."
    );
    let of_one_row: Vec<_> = found
        .iter()
        .map(|_| ImportError::new(2, "price", "", "Wrong"))
        .collect();
    let lines = errors(&of_one_row, 1, true);
    assert_eq!(lines.last().unwrap(), "There are more errors.");
}

fn difference(row: u64, action: DifferenceAction, fields: usize) -> Difference {
    let change = FieldDifference {
        field: "price".to_owned(),
        before: "4.50".to_owned(),
        after: "4.90".to_owned(),
    };
    Difference {
        row,
        slug: "egg-white".parse().unwrap(),
        action,
        changes: vec![change; fields],
    }
}

#[test]
fn differences_are_shown_field_by_field() {
    let found = [
        difference(5, DifferenceAction::Updated, 1),
        difference(6, DifferenceAction::Created, 1),
    ];
    assert_eq!(
        differences(&found, 3),
        [
            "row 5 egg-white: price 4.50 -> 4.90",
            "row 6 egg-white: would be created",
            "row 6 egg-white: price 4.90",
            "1 more rows would change something."
        ]
    );
    let large = [
        difference(5, DifferenceAction::Updated, 50),
        difference(6, DifferenceAction::Updated, 1),
    ];
    let lines = differences(&large, 2);
    assert_eq!(lines.len(), 51);
    assert!(lines[50].starts_with("1 more rows"));
}

#[test]
fn long_values_are_shortened() {
    let text = "ä".repeat(MAX_VALUE);
    assert_eq!(shortened(&text), text);
    assert_eq!(shortened(&format!("{text}b")), format!("{text}…"));
}
