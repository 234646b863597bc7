use super::*;

fn errors(value: &impl Validate<Context = ()>) -> String {
    let checked = value.validate();
    checked.map_or_else(|report| report.to_string(), |()| String::new())
}

fn lines(count: usize) -> Vec<StockLine> {
    let line = StockLine {
        slug: "bar".parse().unwrap(),
        change: (-1).try_into().unwrap(),
    };
    vec![line; count]
}

fn reserved(quantities: &[i64]) -> NewReservation {
    let lines = quantities.iter().map(|quantity| ReservedLine {
        slug: "bar".parse().unwrap(),
        quantity: (*quantity).try_into().unwrap(),
    });
    NewReservation::new("order-1".to_owned(), lines.collect())
}

#[test]
fn callers_give_only_their_own_reasons() {
    let change = StockChange::By((-1).try_into().unwrap());
    for reason in MovementReason::ALL {
        let is_given = MovementReason::GIVEN.contains(&reason);
        let movement = NewMovement::new(change, reason);
        assert_eq!(errors(&movement).is_empty(), is_given, "{reason:?}");
        let order = NewMovements::new(reason, lines(1));
        assert_eq!(errors(&order).is_empty(), is_given, "{reason:?}");
    }
    let movement = NewMovement::new(change, MovementReason::Release);
    assert!(errors(&movement).starts_with("reason: Reason must be one of sale, "));
}

#[test]
fn an_order_has_1_to_200_lines() {
    for (count, expected) in [
        (0, "lines: At least one line is required\n"),
        (1, ""),
        (200, ""),
        (201, "lines: At most 200 lines are allowed\n"),
    ] {
        let order = NewMovements::new(MovementReason::Sale, lines(count));
        assert_eq!(errors(&order), expected, "{count}");
    }
}

#[test]
fn a_reservation_has_bounds() {
    let outside = "expires_in: Expires in must be between 10 and 86400 seconds\n";
    for (seconds, expected) in [(9, outside), (10, ""), (86_400, ""), (86_401, outside)] {
        let mut reservation = reserved(&[1]);
        reservation.expires_in = seconds;
        assert_eq!(errors(&reservation), expected, "{seconds}");
    }
    let most = i64::from(i32::MAX);
    assert_eq!(errors(&reserved(&[most - 1, 1])), "");
    assert_eq!(
        errors(&reserved(&[most, 1])),
        "lines: The lines of bar must not exceed 2147483647 pieces\n"
    );
}
