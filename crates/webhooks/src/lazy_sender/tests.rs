use super::*;

#[tokio::test(start_paused = true)]
async fn it_is_built_anew_after_a_minute() {
    let sender = LazySender::new(Settings::new(Guard::default(), "EggyPro/1.0"));
    let built = async || sender.0.sender.lock().await.as_ref().map(|(at, _)| *at);
    sender.get().await.unwrap();
    let first = built().await;
    tokio::time::advance(MAX_AGE - Duration::from_secs(1)).await;
    sender.get().await.unwrap();
    assert_eq!(built().await, first);
    tokio::time::advance(Duration::from_secs(1)).await;
    assert!(!sender.is_built().await);
    sender.get().await.unwrap();
    assert!(built().await > first);
}

#[tokio::test]
async fn it_is_built_when_it_is_needed() {
    let sender = LazySender::new(Settings::new(Guard::default(), "EggyPro/1.0"));
    let clone = sender.clone();
    assert!(!clone.is_built().await);
    sender.get().await.unwrap();
    assert!(clone.is_built().await);

    let broken = LazySender::new(Settings::new(Guard::default(), "EggyPro\n1.0"));
    for _ in 0..2 {
        assert!(broken.get().await.is_err());
        assert!(!broken.is_built().await);
    }
}
