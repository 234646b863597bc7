use super::*;
use proptest::prelude::*;

#[test]
fn lists_are_separated_by_bars_and_line_breaks() {
    for (cell, expected) in [
        ("", vec![]),
        (" \n ", vec![]),
        ("Milk", vec!["Milk"]),
        ("Milk | Eggs|Salt ", vec!["Milk", "Eggs", "Salt"]),
        (
            "Milk\r\nEggs\nSalt\rOil",
            vec!["Milk", "Eggs", "Salt", "Oil"],
        ),
        ("Milk||Eggs|", vec!["Milk", "Eggs"]),
        (r"a\|b|c\\|d\e|\", vec!["a|b", r"c\", r"d\e", r"\"]),
        (r"\ a\ |\ ", vec![" a ", " "]),
        ("'=1|'=2", vec!["=1", "'=2"]),
    ] {
        assert_eq!(list(cell), expected, "{cell:?}");
    }
    assert_eq!(entries("|a||"), ["", "a", "", ""]);
    assert_eq!(
        words(" Milk,EGGS; nuts | | fish\n"),
        ["milk", "eggs", "nuts", "fish"]
    );
}

proptest! {
    #[test]
    fn lists_are_read_as_written(texts in prop::collection::vec(r"[ |\\a=é\u{a0}']{1,6}", 0..5)) {
        let cell = join(texts.iter().map(String::as_str));
        prop_assert_eq!(list(&super::super::guarded(&cell)), texts);
    }

    #[test]
    fn positions_are_kept(texts in prop::collection::vec(r"[ |\\a]{0,3}", 2..5)) {
        let cell = join(texts.iter().map(String::as_str));
        let expected = if cell.trim().is_empty() { vec![] } else { texts };
        prop_assert_eq!(entries(&cell), expected);
    }
}
