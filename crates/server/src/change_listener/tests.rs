use super::*;
use eggypro_domain::changes::NoFollower;
use eggypro_persistence::DatabaseSettings;
use tokio::sync::mpsc::unbounded_channel;

/// Whether the listener is connected after a full backlog of changes that ends with these events.
async fn connected_after(before: bool, last: &[ListenerEvent]) -> bool {
    let (sender, mut events) = unbounded_channel();
    let change: ListenerEvent = ListenerEvent::Change("1 products".parse().unwrap());
    let backlog = vec![change; BATCH + 4];
    for event in backlog.into_iter().chain(last.iter().cloned()) {
        sender.send(event).unwrap();
    }
    drop(sender);
    let (connected, is_connected) = watch::channel(before);
    let database = DatabaseSettings::new("host=/nowhere".parse().unwrap());
    let dispatcher = Dispatcher {
        database: Database::start(&database).unwrap(),
        followers: Arc::new(NoFollower),
        connected,
        change_signal: watch::channel(0).0,
        figures: Arc::new(Figures::new().unwrap()),
        is_held_back: AtomicBool::default(),
    };
    dispatcher.dispatch(&mut events).await;
    *is_connected.borrow()
}

#[tokio::test]
async fn a_backlog_does_not_hide_the_state_of_the_listener() {
    assert!(connected_after(true, &[]).await);
    let held_back = Duration::ZERO;
    assert!(
        !connected_after(
            true,
            &[
                ListenerEvent::Disconnected,
                ListenerEvent::Alive { held_back }
            ]
        )
        .await
    );
    assert!(
        connected_after(
            false,
            &[ListenerEvent::Disconnected, ListenerEvent::Connected]
        )
        .await
    );
    assert!(!connected_after(false, &[ListenerEvent::Alive { held_back }]).await);
    assert!(
        connected_after(
            false,
            &[ListenerEvent::Disconnected, ListenerEvent::Resumed(vec![])]
        )
        .await
    );
}
