use std::sync::Arc;
use std::sync::mpsc;

use super::*;

#[test]
fn it_is_bounded_and_keeps_the_order() {
    let queue = Queue::of(2);
    assert_eq!(queue.push(1), Ok(()));
    assert_eq!(queue.push(2), Ok(()));
    assert_eq!(queue.push(3), Err(Refused::Full));
    assert_eq!(queue.take(None), Some(1));
    queue.close();
    assert_eq!(queue.push(4), Err(Refused::Closed));
    assert_eq!(queue.take(None), Some(2));
    assert_eq!(queue.take(None), None);
}

#[test]
fn waiting_ends_at_the_deadline() {
    let queue = Queue::<()>::of(1);
    assert_eq!(queue.take(Some(Instant::now())), None);
    let soon = Instant::now() + Duration::from_millis(20);
    assert_eq!(queue.take(Some(soon)), None);
    assert!(Instant::now() >= soon);
    assert!(queue.state().asleep.is_empty());
}

#[test]
fn the_thread_that_fell_asleep_last_is_woken_first() {
    let queue = Arc::new(Queue::of(9));
    let (sender, receiver) = mpsc::channel();
    let sleep = |number: u8| {
        let (of, sender) = (Arc::clone(&queue), sender.clone());
        let thread = thread::spawn(move || {
            while let Some(item) = of.take(None) {
                sender.send((number, item)).unwrap();
            }
        });
        while queue.state().asleep.len() < usize::from(number) {
            thread::yield_now();
        }
        thread
    };
    let threads = [sleep(1), sleep(2), sleep(3)];
    for item in 0..100 {
        queue.push(item).unwrap();
        assert_eq!(receiver.recv().unwrap(), (3, item));
        while queue.state().asleep.len() < 3 {
            thread::yield_now();
        }
    }
    queue.close();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn a_burst_wakes_as_many_threads_as_it_needs() {
    let queue = Arc::new(Queue::of(4));
    // Each thread continues only when all have taken an item.
    let all = Arc::new(std::sync::Barrier::new(4));
    let (sender, receiver) = mpsc::channel();
    for _ in 0..4 {
        let (queue, all, sender) = (Arc::clone(&queue), Arc::clone(&all), sender.clone());
        thread::spawn(move || {
            while queue.take(None).is_some() {
                all.wait();
                sender.send(()).unwrap();
            }
        });
    }
    for _ in 0..1_000 {
        (0..4).for_each(|item| queue.push(item).unwrap());
        for _ in 0..4 {
            receiver.recv_timeout(Duration::from_secs(10)).unwrap();
        }
    }
    queue.close();
}

#[test]
fn no_item_is_lost_or_taken_twice() {
    const ITEMS: usize = 20_000;
    let queue = Arc::new(Queue::of(ITEMS));
    let takers = [(); 4].map(|()| {
        let queue = Arc::clone(&queue);
        // They time out and come back, like threads that release their connection.
        thread::spawn(move || {
            let mut taken = vec![];
            while !queue.state().is_closed || queue.len() > 0 {
                let soon = Instant::now() + Duration::from_micros(50);
                taken.extend(queue.take(Some(soon)));
            }
            taken
        })
    });
    for item in 0..ITEMS {
        queue.push(item).unwrap();
    }
    queue.close();
    let mut taken: Vec<usize> = takers
        .into_iter()
        .flat_map(|taker| taker.join().unwrap())
        .collect();
    taken.sort_unstable();
    assert!(taken.into_iter().eq(0..ITEMS));
}
