use super::*;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn delays_follow_the_schedule() {
    let delays: Vec<_> = (1..)
        .map_while(|attempt| next_attempt(attempt, None, 0.5))
        .map(|delay| delay.as_secs_f64().round())
        .collect();
    assert_eq!(
        delays,
        [
            5.0, 300.0, 1_800.0, 7_200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0
        ]
    );
    assert_eq!(delays.len() + 1, usize::try_from(MAX_ATTEMPTS).unwrap());
    for attempt in [0, MAX_ATTEMPTS, u32::MAX] {
        assert_eq!(next_attempt(attempt, Some(seconds(5)), 0.5), None);
    }
}

#[test]
fn randomness_moves_a_delay_by_a_tenth() {
    let delay = |random| next_attempt(2, None, random).unwrap().as_secs_f64();
    for (random, expected) in [
        (0.0, 270.0),
        (0.25, 285.0),
        (1.0, 330.0),
        (-3.0, 270.0),
        (7.0, 330.0),
    ] {
        assert!((delay(random) - expected).abs() < 1e-6, "{random}");
    }
}

#[test]
fn a_receiver_can_ask_for_longer_delays() {
    let delay = |attempt, asked| next_attempt(attempt, Some(asked), 0.5).unwrap();
    assert_eq!(delay(1, seconds(60)), seconds(60));
    assert_eq!(delay(2, seconds(60)), next_attempt(2, None, 0.5).unwrap());
    assert_eq!(delay(1, seconds(90_000)), MAX_RETRY_AFTER);
    assert_eq!(delay(1, Duration::MAX), MAX_RETRY_AFTER);
}

#[test]
fn retry_after_is_seconds_or_a_date() {
    // Sun, 06 Nov 1994 08:49:37 GMT
    let now = 784_111_777;
    for (header, expected) in [
        ("0", Some(0)),
        ("120", Some(120)),
        (" 120 ", Some(120)),
        ("99999999999999999999999", Some(u64::MAX)),
        ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
        ("Sunday, 06-Nov-94 08:50:37 GMT", Some(60)),
        ("Sun Nov  6 08:50:37 1994", Some(60)),
        ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("Sun, 36 Nov 1994 08:49:37 GMT", None),
    ] {
        assert_eq!(retry_after(header, now), expected.map(seconds), "{header}");
    }
}
