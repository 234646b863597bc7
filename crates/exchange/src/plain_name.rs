//! Names of products that are made from their titles.

use eggypro_domain::Slug;

/// Maximum length of a product's name.
const MAX_LENGTH: usize = 255;

/// The name of a product with this title: a name has only ASCII letters, digits, spaces, `-` and `_`. `None` if the
/// title has no letter and no digit.
pub(crate) fn plain_name(title: &str) -> Option<String> {
    let mut plain = String::with_capacity(title.len());
    for character in title.chars() {
        match character {
            // "Women's" becomes "Womens".
            '\'' | '’' => {}
            '-' | '_' => plain.push(character),
            _ if character.is_ascii_alphanumeric() => plain.push(character),
            _ if character.is_alphanumeric() => transliterate(character, &mut plain),
            _ => plain.push(' '),
        }
    }
    let words: Vec<&str> = plain.split_whitespace().collect();
    let mut name = words.join(" ");
    name.truncate(MAX_LENGTH);
    name.truncate(name.trim_end().len());
    name.contains(|character: char| character.is_ascii_alphanumeric())
        .then_some(name)
}

/// Adds a letter in ASCII: `é` becomes `e`, `Ä` becomes `A`.
fn transliterate(character: char, name: &mut String) {
    let Some(letters) = Slug::from_name(character.encode_utf8(&mut [0; 4])) else {
        return name.push(' ');
    };
    let mut letters = letters.as_str().chars();
    let first = letters.next();
    name.extend(first.map(|letter| match character.is_uppercase() {
        true => letter.to_ascii_uppercase(),
        false => letter,
    }));
    name.extend(letters);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_what_they_can_of_a_title() {
        for (title, expected) in [
            ("EggyPro Vanilla 1kg", Some("EggyPro Vanilla 1kg")),
            ("  Egg &  Co. ", Some("Egg Co")),
            ("Crème Brûlée & Co.", Some("Creme Brulee Co")),
            ("Über-Ei (Größe L)", Some("Uber-Ei Grosse L")),
            ("Öl", Some("Ol")),
            ("Mother’s Bar™", Some("Mothers Bar")),
            ("Women's Whey", Some("Womens Whey")),
            ("Bar – 12 × 60 g", Some("Bar 12 60 g")),
            ("Bar – 1,5 kg", Some("Bar 1 5 kg")),
            ("=Eggs", Some("Eggs")),
            ("★ !", None),
            ("🥚", None),
            ("- _", None),
            ("", None),
        ] {
            assert_eq!(plain_name(title).as_deref(), expected, "{title}");
        }
        for letter in ["ß", "ä"] {
            let name = plain_name(&letter.repeat(400));
            assert_eq!(name.map(|name| name.len()), Some(255));
        }
    }
}
