use super::*;

fn found(text: &str) -> Vec<String> {
    words(text)
        .into_iter()
        .map(|word| word.text.into_string())
        .collect()
}

/// Whether a query matches a text.
fn finds(query: &str, text: &str) -> bool {
    let found = found(text);
    let has = |word: &String| found.contains(word);
    query_terms(query).iter().all(|term| match term {
        QueryTerm::Word(word) => has(word),
        QueryTerm::Exactly(forms) => forms.iter().any(has),
        QueryTerm::Compound(whole, parts) => has(whole) || parts.iter().all(has),
        QueryTerm::Unspaced(signs) => signs.iter().all(has),
    })
}

#[test]
fn equivalent_spellings_match() {
    for (query, text) in [
        ("1 kg", "Powder 1kg"),
        ("1kg", "1000 g"),
        ("1000g", "1 kg"),
        ("0,5 l", "500 ml"),
        ("½ l", "500ml bottle"),
        ("1.5kg", "1500 g"),
        ("8x20", "8 x 20 g"),
        ("8 × 20", "8x20"),
        ("500ml", "6x500ml"),
        ("6 x 500 ml", "Whites 6x500ml"),
        ("glutenfree", "gluten-free"),
        ("gluten free", "A gluten-free bar"),
        ("gluten-free", "free from milk, gluten and soya"),
        ("nut free", "made without nuts"),
        ("eggwhite", "egg-white"),
        ("egg-white", "eggwhite"),
        ("egg-white", "egg white"),
        ("b12", "Vitamin B-12"),
        ("B-12", "b12"),
        ("ep1000van", "EP-1000-VAN"),
        ("EP-1000-VAN", "ep1000van"),
        ("don't", "dont"),
        ("we’re", "we're"),
        ("whey's", "whey"),
        ("whey", "whey's"),
        ("oeuf", "l'œuf"),
        ("l’oeuf", "œuf"),
        ("kaese", "Käse"),
        ("kase", "Käse"),
        ("Käse", "kase"),
        ("プロテイン", "プロテインバー"),
        ("ﾌﾟﾛﾃｲﾝ", "プロテイン"),
        ("蛋白", "鸡蛋白粉"),
        ("卵", "卵白"),
        ("단백질", "계란 단백질바"),
        ("fizzbuzz", "https://a.example/fizzbuzz.html"),
    ] {
        assert!(
            finds(query, text),
            "{query}: {:?} {:?}",
            query_terms(query),
            found(text)
        );
    }
}

#[test]
fn different_terms_do_not_match() {
    for (query, text) in [
        ("don't", "A don of tea"),
        ("we're", "We are here"),
        ("nut free", "may contain nuts; gluten-free"),
        ("don't", "done t-shirt"),
        ("1 kg", "1 g"),
        ("BC1010", "BC1011"),
        ("プロテン", "プロテイン"),
    ] {
        assert!(
            !finds(query, text),
            "{query}: {:?} {:?}",
            query_terms(query),
            found(text)
        );
    }
}

#[test]
fn words_have_positions() {
    let text = "Käse, egg-white 1 kg";
    let at = |wanted: &str| {
        let mut words = words(text).into_iter();
        let word = words.find(|word| word.text == wanted);
        word.map(|word| &text[word.source])
    };
    assert_eq!(at("kaese"), Some("Käse"));
    assert_eq!(at("eggwhite"), Some("egg-white"));
    assert_eq!(at("1000g"), Some("1 kg"));
    assert_eq!(at("white"), Some("white"));
}
