//! Names and slugs that are made from Shopify's texts.

use eggypro_domain::Slug;

use crate::cells::MAX_ENTRIES;

/// Maximum length of a product's name.
const MAX_NAME: usize = 255;

/// A name of ASCII letters, digits, spaces, `-` and `_` that is as close as possible to a title; `None` if nothing of
/// the title is left.
pub(super) fn name(title: &str) -> Option<String> {
    let mut name = String::with_capacity(title.len());
    for character in title.chars() {
        match character {
            '-' | '_' => name.push(character),
            _ if character.is_ascii_alphanumeric() => name.push(character),
            // "Women's" becomes "Womens".
            '\'' | '’' => {}
            _ if character.is_alphanumeric() => transliterate(character, &mut name),
            _ => name.push(' '),
        }
    }
    let mut name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    name.truncate(MAX_NAME);
    name.truncate(name.trim_end().len());
    (!name.is_empty()).then_some(name)
}

/// Adds the ASCII letters for a letter: `é` becomes `e`, `Ä` becomes `A`.
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

/// The slug of a handle. A handle with other characters than a slug is converted.
pub(super) fn handle(handle: &str) -> Option<Slug> {
    let slug = handle.parse().ok();
    slug.or_else(|| Slug::from_name(handle))
}

/// The slugs of categories: the type, then the tags, each once. Tags without a letter or digit are left out.
pub(super) fn categories(kind: Option<&str>, tags: Option<&str>) -> Vec<Slug> {
    let tags = tags.unwrap_or_default().split(',');
    let mut slugs: Vec<Slug> = vec![];
    for slug in kind.into_iter().chain(tags).filter_map(Slug::from_name) {
        // More than a product can have, so that the list is refused.
        if slugs.len() == MAX_ENTRIES {
            break;
        }
        if !slugs.contains(&slug) {
            slugs.push(slug);
        }
    }
    slugs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_what_they_can_of_a_title() {
        for (title, expected) in [
            ("EggyPro Whey 1kg", Some("EggyPro Whey 1kg")),
            ("Crème Brûlée & Co.", Some("Creme Brulee Co")),
            ("Über-Ei (Größe L)", Some("Uber-Ei Grosse L")),
            ("Women's Whey", Some("Womens Whey")),
            ("Bar – 12 × 60 g", Some("Bar 12 60 g")),
            ("🥚", None),
        ] {
            assert_eq!(name(title).as_deref(), expected, "{title}");
        }
        assert_eq!(name(&"ß".repeat(200)).map(|name| name.len()), Some(255));
    }

    #[test]
    fn handles_and_tags_become_slugs() {
        assert_eq!(handle("whey--1kg").unwrap().as_str(), "whey--1kg");
        assert_eq!(handle("Whey_1kg").unwrap().as_str(), "whey-1kg");
        assert_eq!(handle("!!!"), None);
        let slugs = categories(
            Some("Protein powder"),
            Some("Vegan, protein powder, ,!!!, Süß"),
        );
        let slugs: Vec<_> = slugs.iter().map(Slug::as_str).collect();
        assert_eq!(slugs, ["protein-powder", "vegan", "suss"]);
    }
}
