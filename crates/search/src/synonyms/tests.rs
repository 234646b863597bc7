use super::*;

fn synonyms(groups: &[&[&str]], of: &str) -> Vec<String> {
    let own = |group: &&[&str]| group.iter().map(|term| (*term).to_owned()).collect();
    let index = SynonymIndex::of(&Synonyms::new(groups.iter().map(own).collect(), 1));
    let terms = without_stop_words(analysis::query_terms(of));
    assert!(terms.len() <= index.max_words(), "{of}");
    let found = index.of_phrase(&terms, &mut Stems::default());
    found.iter().map(|words| words.join(" ")).collect()
}

#[test]
fn terms_of_a_group_are_synonyms() {
    let group = &["Albumen", "egg white", "Egg-Whites", "卵白"][..];
    let of_albumen = ["egg white", "egg whites", "卵白"];
    assert_eq!(synonyms(&[group], "albumen"), of_albumen);
    // By stems; joined and separate spellings are equal.
    let of_white = ["albumen", "egg whites", "卵白"];
    assert_eq!(synonyms(&[group], "egg-white"), of_white);
    assert_eq!(synonyms(&[group], "卵白").len(), 3);
    let hyphenated = &["albumen", "egg-white"][..];
    assert_eq!(synonyms(&[hyphenated], "egg white"), ["albumen"]);
    let with_stop_word = &["salt and pepper", "S&P"][..];
    assert_eq!(synonyms(&[with_stop_word], "salt pepper").len(), 1);
    assert!(synonyms(&[group], "egg").is_empty());
}
