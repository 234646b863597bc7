use super::*;

fn message(result: garde::Result) -> String {
    result.map_or_else(|error| error.to_string(), |()| String::new())
}

#[test]
fn names_have_no_invisible_characters() {
    for (value, error) in [
        ("Crème & Co", ""),
        ("Ada ❤\u{fe0f}", ""),
        ("李小龍", ""),
        ("a\nb", "X must not contain control characters"),
        ("\u{1b}", "X must not contain control characters"),
        ("\u{b}", "X must not contain control characters"),
        ("\u{85}", "X must not contain control characters"),
        ("\u{202e}", "X must not contain invisible characters"),
        ("\u{200b}", "X must not contain invisible characters"),
        ("a\u{200d}b", "X must not contain invisible characters"),
        ("a\u{2066}b", "X must not contain invisible characters"),
        ("a\u{feff}", "X must not contain invisible characters"),
        ("a\u{ad}b", "X must not contain invisible characters"),
        ("a\u{e0041}", "X must not contain invisible characters"),
        ("a\u{e0101}", "X must not contain invisible characters"),
        ("a\u{2800}", "X must not contain invisible characters"),
        ("a\u{2028}b", "X must not contain control characters"),
        ("\u{fe0f}", "X is required"),
        ("\u{a0} ", "X is required"),
        ("a\0", "X must not contain NUL characters"),
        ("Cafe\u{301}", "X must be in Unicode's normalization form C"),
        ("", "X is required"),
    ] {
        assert_eq!(message(name("X", 255)(value, &())), error, "{value:?}");
    }
}

#[test]
fn lines_allow_invisible_characters_of_scripts() {
    for (value, error) in [
        ("می\u{200c}خواهم", ""),
        ("a\nb", "X must not contain control characters"),
        ("a\u{2029}b", "X must not contain control characters"),
    ] {
        assert_eq!(message(line("X", 255)(value, &())), error, "{value:?}");
    }
}

#[test]
fn texts_may_have_line_breaks() {
    for (value, error) in [
        ("One\r\ntwo\n\tthree", ""),
        ("می\u{200c}خواهم", ""),
        ("a\u{1b}[31m", "X must not contain control characters"),
        ("a\u{c}b", "X must not contain control characters"),
        ("a\u{7f}", "X must not contain control characters"),
    ] {
        assert_eq!(message(lines("X", 255)(value, &())), error, "{value:?}");
    }
    assert_eq!(message(lines("X", 2)("äöü", &())), "X too long");
}
