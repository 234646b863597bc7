//! Reviews, and the ratings of products.

use super::{Stores, named, slug, valid};
use std::collections::HashSet;

use crate::products::{Expected, PageSize, Product, ProductChanges, ProductFilter, Start, Total};
use crate::reviews::{
    Decision, NewReview, Review, ReviewError, ReviewId, ReviewPage, ReviewQuery, ReviewSort,
    ReviewedProduct, Stars, VerifiedFilter,
};

fn of(product: &Product) -> ReviewQuery {
    ReviewQuery {
        product: Some(product.slug.clone()),
        of_inactive: false,
        verified: VerifiedFilter::Verified,
        rating: None,
        sort: ReviewSort::default(),
        start: Start::default(),
        limit: PageSize::default(),
    }
}

fn new_review(comment: &str, rating: i64) -> NewReview {
    NewReview {
        comment: comment.into(),
        rating,
        ..NewReview::example()
    }
}

fn comments(page: &ReviewPage) -> Vec<&str> {
    page.items
        .iter()
        .map(|(review, _)| review.comment.as_str())
        .collect()
}

impl Stores {
    async fn review(&self, product: &Product, comment: &str, rating: i64) -> Review {
        let review = valid(new_review(comment, rating));
        self.reviews.create(&product.slug, review).await.unwrap()
    }

    async fn verify(&self, review: &Review, is_verified: bool) -> Review {
        self.reviews
            .set_verified(review.id, is_verified)
            .await
            .unwrap()
    }

    async fn delete(&self, reviews: &[ReviewId]) -> Vec<bool> {
        let decided = self.reviews.decide(reviews, Decision::Delete).await;
        decided.unwrap()
    }

    async fn listed(&self, query: ReviewQuery) -> ReviewPage {
        self.reviews.list(&query).await.unwrap()
    }
}

pub async fn a_review_waits_until_it_is_verified(stores: Stores) {
    let product = stores.create(named("Reviewed")).await;
    let new = NewReview {
        reviewer_image_url: Some("https://a.example/ada.jpg".into()),
        image_url: Some("https://a.example/a.jpg".into()),
        video_url: Some("https://a.example/a.mp4".into()),
        ..NewReview::example()
    };
    let create = stores.reviews.create(&product.slug, valid(new.clone()));
    let review = create.await.unwrap();
    assert_eq!((review.product_id, review.is_verified), (product.id, false));
    assert_eq!(
        (&review.reviewer_name, &review.comment, review.rating),
        (
            &new.reviewer_name,
            &new.comment,
            Stars::try_from(5).unwrap()
        )
    );
    assert_eq!(
        [
            &review.reviewer_image_url,
            &review.image_url,
            &review.video_url
        ],
        [&new.reviewer_image_url, &new.image_url, &new.video_url]
    );
    assert_eq!(stores.listed(of(&product)).await.items, []);
    assert_eq!(stores.find(&product).await, product);
    let waiting = ReviewQuery {
        product: None,
        verified: VerifiedFilter::Unverified,
        ..of(&product)
    };
    let queue = stores.listed(waiting.clone()).await.items;
    let of_product = of(&product);
    let reviewed = ReviewedProduct {
        id: product.id,
        slug: product.slug.clone(),
        name: product.name.clone(),
    };
    assert_eq!(queue, [(review.clone(), reviewed.clone())]);

    let verified = stores.verify(&review, true).await;
    assert_eq!(
        verified,
        Review {
            is_verified: true,
            ..review
        }
    );
    let page = stores.listed(of_product).await;
    assert_eq!(
        (page.items, page.total),
        (vec![(verified, reviewed)], Total::Exactly(1))
    );
    assert_eq!(stores.listed(waiting).await.items, []);
}

pub async fn a_rating_is_that_of_verified_reviews(stores: Stores) {
    let product = stores.create(named("Rated")).await;
    let one = stores.review(&product, "one", 1).await;
    let five = stores.review(&product, "five", 5).await;
    stores.review(&product, "unheard", 3).await;
    let rating = async |version: i32| {
        let found = stores.find(&product).await;
        assert_eq!(found.version, version);
        found.rating.distribution
    };
    assert_eq!(rating(1).await, [0; 5]);
    stores.verify(&one, true).await;
    stores.verify(&five, true).await;
    assert_eq!(rating(3).await, [1, 0, 0, 0, 1]);
    stores.verify(&five, true).await;
    assert_eq!(rating(3).await, [1, 0, 0, 0, 1], "nothing has changed");
    stores.verify(&one, false).await;
    assert_eq!(rating(4).await, [0, 0, 0, 0, 1]);
    stores.delete(&[one.id]).await;
    assert_eq!(rating(4).await, [0, 0, 0, 0, 1], "it did not count");
    stores.delete(&[five.id]).await;
    assert_eq!(rating(5).await, [0; 5]);
    let unknown = ReviewId(i32::MAX);
    for review in [one.id, five.id, unknown] {
        assert_eq!(stores.delete(&[review]).await, [false]);
        let verified = stores.reviews.set_verified(review, true).await;
        assert!(
            matches!(verified, Err(ReviewError::NotFound)),
            "{verified:?}"
        );
    }
}

pub async fn reviews_are_filtered_sorted_and_paged(stores: Stores) {
    let (product, other) = (
        stores.create(named("One")).await,
        stores.create(named("Other")).await,
    );
    for (comment, rating) in [("a", 3), ("b", 5), ("c", 1), ("d", 5)] {
        let review = stores.review(&product, comment, rating).await;
        stores.verify(&review, true).await;
    }
    stores.review(&other, "e", 2).await;
    stores.review(&product, "f", 4).await;
    let sorted = async |sort| {
        stores
            .listed(ReviewQuery {
                sort,
                ..of(&product)
            })
            .await
    };
    assert_eq!(
        comments(&sorted(ReviewSort::Newest).await),
        ["d", "c", "b", "a"]
    );
    assert_eq!(
        comments(&sorted(ReviewSort::Oldest).await),
        ["a", "b", "c", "d"]
    );
    assert_eq!(
        comments(&sorted(ReviewSort::RatingDesc).await),
        ["d", "b", "a", "c"]
    );
    assert_eq!(
        comments(&sorted(ReviewSort::RatingAsc).await),
        ["c", "a", "d", "b"]
    );
    let rating = Stars::try_from(5).ok();
    let page = stores
        .listed(ReviewQuery {
            rating,
            ..of(&product)
        })
        .await;
    assert_eq!(
        (comments(&page), page.total),
        (vec!["d", "b"], Total::Exactly(2))
    );
    let limit = PageSize::try_from(2).unwrap();
    let page = stores
        .listed(ReviewQuery {
            start: Start::Offset(1),
            limit,
            ..of(&product)
        })
        .await;
    assert_eq!(
        (comments(&page), page.total),
        (vec!["c", "b"], Total::Exactly(4))
    );
    let all = ReviewQuery {
        product: None,
        verified: VerifiedFilter::All,
        sort: ReviewSort::Oldest,
        ..of(&product)
    };
    assert_eq!(
        comments(&stores.listed(all).await),
        ["a", "b", "c", "d", "e", "f"]
    );
}

pub async fn only_active_products_are_reviewed(stores: Stores) {
    let product = stores.create(named("Hidden")).await;
    let review = stores.review(&product, "seen", 4).await;
    let changes = ProductChanges {
        is_active: Some(false),
        ..ProductChanges::default()
    };
    let hide = stores
        .products
        .update(&product.slug, valid(changes), Expected::Any);
    hide.await.unwrap();
    for slug in [&product.slug, &slug("nothing")] {
        let query = ReviewQuery {
            product: Some(slug.clone()),
            ..of(&product)
        };
        let listed = stores.reviews.list(&query);
        assert!(matches!(listed.await, Err(ReviewError::ProductNotFound)));
        let created = stores.reviews.create(slug, valid(NewReview::example()));
        assert!(matches!(created.await, Err(ReviewError::ProductNotFound)));
    }
    // A moderator can still verify reviews.
    stores.verify(&review, true).await;
    assert_eq!(
        stores.find(&product).await.rating.distribution,
        [0, 0, 0, 1, 0]
    );
}

pub async fn the_same_is_said_once_a_day(stores: Stores) {
    let (product, other) = (
        stores.create(named("One")).await,
        stores.create(named("Other")).await,
    );
    stores.review(&product, "Good", 5).await;
    let again = stores
        .reviews
        .create(&product.slug, valid(new_review("Good", 1)))
        .await;
    assert!(matches!(again, Err(ReviewError::Duplicate)), "{again:?}");
    stores.review(&product, "Good!", 5).await;
    stores.review(&other, "Good", 5).await;
    let somebody_else = NewReview {
        reviewer_name: "Grace".into(),
        ..new_review("Good", 5)
    };
    let create = stores.reviews.create(&product.slug, valid(somebody_else));
    create.await.unwrap();
}

pub async fn every_list_of_reviews_is_scrolled_through_once(stores: Stores) {
    let product = stores.create(named("Scrolled")).await;
    let mut all = vec![];
    for number in 0..24 {
        let review = stores
            .review(&product, &format!("{number}"), number % 5 + 1)
            .await;
        all.push(stores.verify(&review, number % 4 > 0).await);
    }
    let queries = ReviewSort::ALL.map(|sort| ReviewQuery {
        sort,
        ..of(&product)
    });
    let queue = ReviewQuery {
        product: None,
        verified: VerifiedFilter::All,
        sort: ReviewSort::Oldest,
        ..of(&product)
    };
    for (turn, query) in queries.into_iter().chain([queue]).enumerate() {
        let is_wanted = |review: &&Review| {
            query
                .verified
                .wanted()
                .is_none_or(|v| review.is_verified == v)
        };
        let kept: HashSet<_> = all
            .iter()
            .filter(is_wanted)
            .map(|review| review.id)
            .collect();
        let extra = stores.review(&product, &format!("extra {turn}"), 3).await;
        stores.verify(&extra, true).await;
        let (mut seen, mut start, mut extra) = (vec![], Start::default(), vec![extra.id]);
        loop {
            let limit = PageSize::try_from(3).unwrap();
            let page = ReviewQuery {
                start,
                limit,
                ..query.clone()
            };
            let page = stores.listed(page).await;
            assert!(page.items.len() == 3 || page.next.is_none());
            seen.extend(page.items.iter().map(|(review, _)| review.id));
            let Some(next) = page.next else { break };
            start = Start::After(next);
            // Delete a review that may be on an earlier or a later page, and create another one.
            stores.delete(&extra).await;
            let comment = format!("during {turn} {}", seen.len());
            let review = stores.review(&product, &comment, 3).await;
            stores.verify(&review, true).await;
            extra = vec![review.id];
        }
        stores.delete(&extra).await;
        let unique: HashSet<_> = seen.iter().copied().collect();
        assert_eq!(unique.len(), seen.len(), "{query:?} repeats");
        assert!(unique.is_superset(&kept), "{query:?} skips");
    }
}

pub async fn lists_have_a_least_rating(stores: Stores) {
    for (name, stars) in [
        ("None", vec![]),
        ("Half", vec![4, 5]),
        ("Third", vec![4, 4, 5]),
    ] {
        let product = stores.create(named(name)).await;
        for (number, stars) in stars.into_iter().enumerate() {
            let review = stores.review(&product, &format!("{number}"), stars).await;
            stores.verify(&review, true).await;
        }
    }
    for (least, names) in [
        ("0", vec!["Half", "None", "Third"]),
        ("0.01", vec!["Half", "Third"]),
        // The displayed average is 4.33, and 4.3333 is more.
        ("4.33", vec!["Half", "Third"]),
        ("4.34", vec!["Half"]),
        ("4.5", vec!["Half"]),
        ("4.51", vec![]),
        ("5", vec![]),
    ] {
        let filter = ProductFilter {
            min_rating: least.parse().ok(),
            ..ProductFilter::default()
        };
        assert_eq!(stores.filtered(filter).await, names, "{least}");
    }
}

pub async fn many_reviews_are_decided_at_once(stores: Stores) {
    let (one, other) = (
        stores.create(named("One")).await,
        stores.create(named("Other")).await,
    );
    let mut ids = vec![];
    for (product, comment, rating) in [(&one, "a", 1), (&one, "b", 5), (&other, "c", 5)] {
        ids.push(stores.review(product, comment, rating).await.id);
    }
    ids.push(ReviewId(i32::MAX));
    let decide = async |decision| stores.reviews.decide(&ids, decision).await.unwrap();
    let ratings = async || {
        let (one, other) = (stores.find(&one).await, stores.find(&other).await);
        [
            (one.version, one.rating.distribution),
            (other.version, other.rating.distribution),
        ]
    };
    let all_but_the_last = [true, true, true, false];
    for _ in 0..2 {
        assert_eq!(decide(Decision::Verify).await, all_but_the_last);
        assert_eq!(
            ratings().await,
            [(2, [1, 0, 0, 0, 1]), (2, [0, 0, 0, 0, 1])]
        );
    }
    for _ in 0..2 {
        assert_eq!(decide(Decision::Unverify).await, all_but_the_last);
        assert_eq!(ratings().await, [(3, [0; 5]), (3, [0; 5])]);
    }
    stores.reviews.set_verified(ids[2], true).await.unwrap();
    assert_eq!(decide(Decision::Delete).await, all_but_the_last);
    assert_eq!(ratings().await, [(3, [0; 5]), (5, [0; 5])]);
    assert_eq!(decide(Decision::Delete).await, [false; 4]);
    let none = stores.reviews.decide(&[], Decision::Delete).await.unwrap();
    assert!(none.is_empty());
}
