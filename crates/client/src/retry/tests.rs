use super::*;

#[test]
fn pauses_grow_up_to_a_limit() {
    let policy = RetryPolicy::default();
    let longest = |failures| policy.pause(failures, None, 1.0).as_millis();
    assert_eq!(
        [1, 2, 3, 4, 5, 6, 60].map(longest),
        [200, 400, 800, 1_600, 3_200, 5_000, 5_000]
    );
    assert_eq!(policy.pause(3, None, 0.0), Duration::ZERO);
    assert_eq!(policy.pause(3, None, 0.5), Duration::from_millis(400));
    let after = Some(Duration::from_secs(9));
    assert_eq!(policy.pause(3, after, 0.5), Duration::from_secs(9));
    let endless = policy.with_delays(Duration::MAX, Duration::MAX);
    assert_eq!(endless.pause(1, None, 1.0), MAX_RETRY_AFTER);
}

#[test]
fn retry_after_has_seconds_or_a_date() {
    let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
    for (text, seconds) in [
        ("7", Some(7)),
        (" 0 ", Some(0)),
        ("Sun, 06 Nov 1994 08:49:47 GMT", Some(10)),
        ("Sun, 06 Nov 1994 08:49:00 GMT", Some(0)),
        ("-1", None),
        ("soon", None),
        ("18446744073709551615", Some(31_536_000)),
        ("99999999999999999999999", Some(31_536_000)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", Some(31_536_000)),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(header::RETRY_AFTER, text.parse().unwrap());
        let expected = seconds.map(Duration::from_secs);
        assert_eq!(retry_after(&headers, now), expected, "{text}");
    }
    assert_eq!(retry_after(&HeaderMap::new(), now), None);
}
