use super::{Stores, valid};
use crate::products::Expected;
use crate::synonyms::{NewSynonyms, Synonyms, SynonymsError};

pub async fn synonyms_are_replaced_together(stores: Stores) {
    let synonyms = stores.synonyms;
    assert_eq!(synonyms.read().await.unwrap(), Synonyms::new(vec![], 1));
    let groups = |terms: [&str; 2]| vec![terms.map(String::from).to_vec()];
    let replace = async |terms, expected| {
        let new = valid(NewSynonyms::new(groups(terms)));
        synonyms.replace(new, expected).await
    };

    let cocoa = ["cocoa", "Kakao \"roh\""];
    let first = replace(cocoa, Expected::Any).await.unwrap();
    assert_eq!(first, Synonyms::new(groups(cocoa), 2));
    assert_eq!(synonyms.read().await.unwrap(), first);
    // A write without a difference does not change the version.
    assert_eq!(replace(cocoa, Expected::Any).await.unwrap(), first);

    let seen = Expected::OneOf(vec![first.revision()]);
    let second = replace(["fibre", "fiber"], seen.clone()).await.unwrap();
    assert_eq!(second.version, 3);
    let late = replace(cocoa, seen).await;
    assert!(matches!(late, Err(SynonymsError::Changed(now)) if now == second.revision()));
    assert_eq!(synonyms.read().await.unwrap(), second);
}
