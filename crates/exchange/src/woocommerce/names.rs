use eggypro_domain::Slug;

/// Maximum length of a product's name.
const MAX_LENGTH: usize = 255;

/// The name of a product with this title: a name has only ASCII letters, digits, spaces, `-` and `_`. `None` if the
/// title has no letter and no digit.
pub(super) fn plain(title: &str) -> Option<String> {
    let mut plain = String::with_capacity(title.len());
    for character in title.chars() {
        match character {
            '\'' | '’' => {}
            '-' | '_' => plain.push(character),
            _ if character.is_ascii_alphanumeric() => plain.push(character),
            _ if character.is_ascii() || !character.is_alphanumeric() => plain.push(' '),
            _ => plain.push_str(&transliterated(character)),
        }
    }
    let words: Vec<&str> = plain.split_whitespace().collect();
    let mut name = words.join(" ");
    name.truncate(MAX_LENGTH);
    name.truncate(name.trim_end().len());
    name.contains(|character: char| character.is_ascii_alphanumeric())
        .then_some(name)
}

/// A letter in ASCII, such as `ss` for `ß`.
fn transliterated(character: char) -> String {
    let slug = Slug::from_name(&character.to_string());
    let letters = slug.map_or_else(|| " ".to_owned(), String::from);
    let mut rest = letters.chars();
    match rest.next() {
        Some(first) if character.is_uppercase() => {
            format!("{}{}", first.to_ascii_uppercase(), rest.as_str())
        }
        _ => letters,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_lose_what_a_name_must_not_have() {
        for (title, expected) in [
            ("EggyPro Vanilla 1kg", Some("EggyPro Vanilla 1kg")),
            ("  Egg &  Co. ", Some("Egg Co")),
            ("Crème Brûlée", Some("Creme Brulee")),
            ("Öl", Some("Ol")),
            ("Mother’s Bar™", Some("Mothers Bar")),
            ("Bar – 1,5 kg", Some("Bar 1 5 kg")),
            ("=Eggs", Some("Eggs")),
            ("★ !", None),
            ("", None),
        ] {
            assert_eq!(plain(title).as_deref(), expected, "{title}");
        }
        assert_eq!(plain(&"ä".repeat(400)).map(|name| name.len()), Some(255));
    }
}
