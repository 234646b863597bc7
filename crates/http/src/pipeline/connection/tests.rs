use super::*;
use actix_web::rt::net::TcpListener;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[actix_web::test]
async fn a_client_that_reads_slowly_is_not_idle() {
    let limits = HttpLimits {
        keep_alive: Duration::from_secs(2),
        head_time: Duration::from_secs(2),
        ..HttpLimits::default()
    };
    let connections = Connections::new(&HttpSettings {
        limits: limits.clone(),
        ..HttpSettings::default()
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut client = TcpStream::connect(address).await.unwrap();
    let (stream, _) = listener.accept().await.unwrap();
    let mut stream = connections.add(stream);
    let tick = |seconds: u64| {
        for _ in 0..seconds {
            connections.clock.set(connections.clock.get() + 1);
            connections.drop_overdue(&limits);
        }
    };
    drop(Handling::begin(Some(&Connection(stream.state.clone()))));
    for _ in 0..5 {
        tick(2);
        stream.write_all(b"answer").await.unwrap();
    }
    // Also while it sends the next request.
    client.write_all(b"GET").await.unwrap();
    stream.read_exact(&mut [0; 3]).await.unwrap();
    for _ in 0..5 {
        tick(2);
        stream.write_all(b"answer").await.unwrap();
    }
    tick(3);
    stream.write_all(b"answer").await.unwrap_err();
}

#[actix_web::test]
async fn stalled_heads_are_closed_before_idle_connections_and_unread_answers_never() {
    let connections = Connections::new(&HttpSettings {
        limits: HttpLimits {
            connections: 8,
            connections_of_address: 3,
            ..HttpLimits::default()
        },
        ..HttpSettings::default()
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut clients = vec![];
    let mut streams = vec![];
    for _ in 0..3 {
        clients.push(TcpStream::connect(address).await.unwrap());
        streams.push(connections.add(listener.accept().await.unwrap().0));
    }
    let [unread, idle, stalled] = [0, 1, 2].map(|number: usize| streams[number].state.clone());
    for state in [&unread, &idle] {
        drop(Handling::begin(Some(&Connection(state.clone()))));
    }
    unread.unread_since.set(Some(0));
    connections.clock.set(3);
    let overdue = || [&unread, &idle, &stalled].map(|state| state.is_overdue.get());
    for expected in [[false, false, true], [false, true, true]] {
        clients.push(TcpStream::connect(address).await.unwrap());
        let stream = connections.add(listener.accept().await.unwrap().0);
        assert!(!stream.state.is_overdue.get());
        streams.push(stream);
        assert_eq!(overdue(), expected);
    }
    // The remaining connections are in progress, so the new one is closed. Dropped connections are forgotten.
    clients.push(TcpStream::connect(address).await.unwrap());
    let refused = connections.add(listener.accept().await.unwrap().0);
    assert!(refused.state.is_overdue.get());
    assert_eq!(overdue(), [false, true, true]);
    drop((streams, refused, unread, idle, stalled));
    assert!(connections.make_room(None));
    assert!(connections.all.borrow().is_empty());
}
