use super::*;

#[test]
fn references_are_ids_or_skus() {
    for (cell, expected) in [
        ("id:44", "id:44"),
        (" ID: 44 ", "id:44"),
        ("EGG-1", "sku:egg-1"),
        ("44", "sku:44"),
        ("id:", "sku:id:"),
        ("id:4a", "sku:id:4a"),
    ] {
        assert_eq!(reference(cell), expected, "{cell}");
    }
}

#[test]
fn taken_slugs_get_a_suffix() {
    let mut slugs = Seen::default();
    let mut slug = |name: &str, suffix| free(&mut slugs, name, suffix).map(String::from);
    assert_eq!(slug("Bar", Some("a")).as_deref(), Some("bar"));
    assert_eq!(slug("Bar", Some("B 1")).as_deref(), Some("bar-b-1"));
    assert_eq!(slug("bar", Some("b-1")), None);
    assert_eq!(slug("bar", None), None);
    assert_eq!(slug("★", None), None);
}

fn family(size: usize) -> Family {
    Family {
        group: "bar".parse().unwrap(),
        title: "Bar".to_owned(),
        content: Content {
            description: Some("a".repeat(size)),
            ..Content::default()
        },
        extra: ExtraCells::default(),
    }
}

/// The rows of variable products without a variation, and how many cells are kept of each.
fn childless(parents: &mut Parents) -> Vec<(u64, usize)> {
    let childless = parents.without_variations().into_iter();
    childless
        .map(|parent| (parent.row, parent.cells().len()))
        .collect()
}

#[test]
fn the_number_of_parents_has_a_limit() {
    let mut parents = Parents::default();
    for row in 0..MAX_PARENTS as u64 {
        assert_eq!(parents.add(row, &[], vec![], None), Ok(()));
    }
    assert!(parents.add(0, &[], vec![], None).is_err());

    let mut parents = Parents::default();
    let half = MAX_BYTES / 2 - 1_000;
    assert!(parents.add(0, &[], vec![], Some(family(half))).is_ok());
    assert!(parents.add(1, &[], vec![], Some(family(half))).is_ok());
    assert!(parents.add(2, &[], vec![], Some(family(half))).is_err());
}

#[test]
fn cells_are_kept_while_there_is_memory() {
    let cells = ["a".repeat(MAX_BYTES / 3), String::new()];
    let mut parents = Parents::default();
    let add = |parents: &mut Parents, row: u64, size| {
        let references = vec![format!("sku:{row}")];
        parents.add(row, &cells, references, Some(family(size)))
    };
    // The third one's don't fit.
    for row in 0..3 {
        assert_eq!(add(&mut parents, row, 0), Ok(()));
    }
    // A variation makes room for the next one's.
    assert!(parents.family("0").is_ok());
    assert_eq!(add(&mut parents, 3, 0), Ok(()));
    assert_eq!(parents.cell_bytes, 2 * (MAX_BYTES / 3 + 1));
    assert_eq!(childless(&mut parents), [(1, 2), (2, 0), (3, 2)]);

    // What variations need goes before all cells.
    let mut parents = Parents::default();
    for (row, size) in [(0, 0), (1, MAX_BYTES * 3 / 4), (2, MAX_BYTES / 5), (3, 0)] {
        assert_eq!(add(&mut parents, row, size), Ok(()), "{row}");
    }
    assert_eq!(parents.cell_bytes, 0);
    assert!(parents.family("0").is_ok());
    assert_eq!(childless(&mut parents), [(1, 0), (2, 0), (3, 0)]);
    assert!(add(&mut parents, 4, MAX_BYTES / 10).is_err());
}
