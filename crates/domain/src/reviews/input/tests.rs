use super::*;

fn errors(change: fn(&mut NewReview)) -> String {
    let mut review = NewReview::example();
    change(&mut review);
    match review.validate() {
        Ok(()) => String::new(),
        Err(report) => report.to_string().trim_end().to_owned(),
    }
}

#[test]
fn each_rule_has_its_message() {
    assert_eq!(errors(|_| ()), "");
    assert_eq!(
        errors(|review| review.reviewer_name = " ".into()),
        "reviewer_name: Reviewer name is required"
    );
    assert_eq!(
        errors(|review| review.reviewer_name = "é".repeat(256)),
        "reviewer_name: Reviewer name too long"
    );
    assert_eq!(
        errors(|review| review.rating = 0),
        "rating: Rating must be between 1 and 5"
    );
    assert_eq!(
        errors(|review| review.comment = "\n".into()),
        "comment: Comment is required"
    );
    assert_eq!(
        errors(|review| review.comment = "é".repeat(5_001)),
        "comment: Comment too long"
    );
    assert_eq!(errors(|review| review.comment = "é".repeat(5_000)), "");
    assert_eq!(
        errors(|review| review.comment = "a\0".into()),
        "comment: Comment must not contain NUL characters"
    );
    assert_eq!(
        errors(|review| review.video_url = Some("javascript:alert(1)".into())),
        "video_url: Video URL must be an absolute http or https URL"
    );
    let long = |review: &mut NewReview| {
        review.image_url = Some(format!("https://a.example/{}", "a".repeat(240)));
    };
    assert_eq!(errors(long), "image_url: Image URL too long");
}
