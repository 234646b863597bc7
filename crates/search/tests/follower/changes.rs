//! Changes are followed.

use std::sync::atomic::Ordering;

use eggypro_domain::Unvalidated;
use eggypro_domain::changes::{ChangeFollower, Tag};
use eggypro_domain::products::{Expected, ProductIndex, ProductSearch};
use eggypro_domain::synonyms::{NewSynonyms, SynonymRepository};

use super::{Case, change, slug};

#[tokio::test]
async fn a_reported_change_is_applied_once() {
    let case = Case::filled_with(&["One"]).await;
    case.create("Two").await;
    assert_eq!(case.listed(), Some(1));
    case.follower.changed(&change("1", &["two"])).await;
    assert_eq!(case.listed(), Some(2));
    // A change that is reported again is not read again.
    case.source.refusals.store(usize::MAX, Ordering::SeqCst);
    case.follower.changed(&change("1", &["two"])).await;
    assert_eq!(case.listed(), Some(2));
}

#[tokio::test(start_paused = true)]
async fn synonyms_are_followed() {
    let case = Case::filled_with(&["Cocoa Bar", "Fibre Bar"]).await;
    let set = async |terms: [&str; 2]| {
        let groups = vec![terms.map(String::from).to_vec()];
        let new = Unvalidated::new(NewSynonyms::new(groups)).validate();
        let shop: &dyn SynonymRepository = &case.source.shop;
        shop.replace(new.unwrap(), Expected::Any).await.unwrap();
    };
    let found = |text: &str| {
        let search = ProductSearch::new(text.parse().unwrap());
        case.index.search(&search).unwrap().products.len()
    };
    set(["cocoa", "kakao"]).await;
    assert_eq!(found("kakao"), 0);
    let mut changed = change("1", &[]);
    changed.tags = vec![Tag::Synonyms];
    case.source.refusals.store(2, Ordering::SeqCst);
    case.follower.changed(&changed).await;
    assert_eq!(found("kakao"), 1);
    // Missed changes are found, too.
    set(["fibre", "roughage"]).await;
    case.follower.missed_changes().await;
    assert_eq!((found("kakao"), found("roughage")), (0, 1));
}

#[tokio::test]
async fn slugs_that_move_between_products_are_followed() {
    let case = Case::filled_with(&["One", "Two"]).await;
    let (one, two) = (
        case.index.id_of(&slug("one")),
        case.index.id_of(&slug("two")),
    );
    case.rename("one", "other").await;
    case.rename("two", "one").await;
    case.rename("other", "two").await;
    let moved = change("1", &["one", "two", "other"]);
    case.follower.changed(&moved).await;
    assert_eq!(case.index.id_of(&slug("one")), two);
    assert_eq!(case.index.id_of(&slug("two")), one);
    assert_eq!(case.index.id_of(&slug("other")), None);
    case.remove("two").await;
    case.follower.changed(&change("2", &["two"])).await;
    assert_eq!(
        (case.listed(), case.index.id_of(&slug("one"))),
        (Some(1), two)
    );
    // The former slug alone is sufficient.
    case.rename("one", "elsewhere").await;
    case.follower.changed(&change("3", &["one"])).await;
    assert_eq!(
        (case.listed(), case.index.id_of(&slug("elsewhere"))),
        (Some(1), two)
    );
}

#[tokio::test]
async fn a_reused_slug_belongs_to_the_new_product() {
    let case = Case::filled_with(&["One"]).await;
    case.remove("one").await;
    let again = case.create("One").await;
    case.follower.changed(&change("1", &["one"])).await;
    assert_eq!(case.index.id_of(&slug("one")), Some(again.id));
    assert_eq!(case.listed(), Some(1));
}
