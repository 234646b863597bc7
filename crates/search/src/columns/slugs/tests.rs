use super::*;

fn slugs(of: &[&str]) -> Slugs {
    let mut slugs = Slugs::default();
    for (row, slug) in (0..).zip(of) {
        slugs.push();
        slugs.set(row, slug);
    }
    slugs
}

#[test]
fn a_slug_belongs_to_the_last_row_that_got_it() {
    let mut slugs = slugs(&["bar", "powder"]);
    slugs.set(1, "bar");
    assert_eq!((slugs.row("bar"), slugs.row("powder")), (Some(1), None));
    slugs.set(0, "drink");
    assert_eq!((slugs.row("bar"), slugs.row("drink")), (Some(1), Some(0)));
    assert_eq!((slugs.get(0), slugs.get(1)), ("drink", "bar"));
}

#[test]
fn a_removed_slug_is_not_found() {
    let mut slugs = slugs(&["bar", "powder"]);
    slugs.set(1, "bar");
    slugs.remove(0);
    assert_eq!(slugs.row("bar"), Some(1));
    slugs.remove(1);
    assert_eq!(slugs.row("bar"), None);
}

#[test]
fn every_slug_of_many_is_found() {
    let names: Vec<String> = (0..10_000).map(|number| format!("bar-{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let slugs = slugs(&names);
    assert!(
        (0..)
            .zip(names)
            .all(|(row, name)| slugs.row(name) == Some(row))
    );
}
