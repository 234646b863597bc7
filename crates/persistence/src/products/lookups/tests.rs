use super::*;
use crate::testing::TestDatabase;

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn name(found: Option<Product>) -> Option<String> {
    found.map(|product| product.name)
}

/// Blocks every thread of a database until the returned sender is dropped.
fn occupy(door: &Database) -> std::sync::mpsc::Sender<()> {
    let (release, released) = std::sync::mpsc::channel::<()>();
    let released = Arc::new(Mutex::new(released));
    for _ in 0..4 {
        let (door, released) = (door.clone(), Arc::clone(&released));
        tokio::spawn(async move {
            let wait = move |_: &mut PgConnection| {
                drop(released.lock().map(|end| end.recv()));
                Ok(())
            };
            let _: Result<(), StoreError> = door.run(wait).await;
        });
    }
    release
}

fn database_with_products(count: u32) -> TestDatabase {
    let database = TestDatabase::migrated();
    database.execute(&format!(
            "INSERT INTO products (name, slug, description, details, price, ingredients) \
             SELECT 'Product ' || n, 'product-' || n, 'd', 'd', 1, '{{Egg}}' FROM generate_series(1, {count}) n"
        ));
    database
}

#[test]
fn one_statement_answers_all_waiters() {
    let database = database_with_products(2);
    let lookups = Lookups::default();
    let (first, mut of_first) = lookups.enqueue(&slug("product-1"));
    let (second, mut of_second) = lookups.enqueue(&slug("product-2"));
    let (_third, mut of_third) = lookups.enqueue(&slug("nothing"));
    let (fourth, of_fourth) = lookups.enqueue(&slug("product-1"));
    drop((fourth, of_fourth));
    let mut connection = database.connect();
    lookups.look_up(second.number, &mut connection).unwrap();
    let found = |answer: &mut Receiver<_>| name(answer.try_recv().unwrap());
    assert_eq!(found(&mut of_first).as_deref(), Some("Product 1"));
    assert_eq!(found(&mut of_second).as_deref(), Some("Product 2"));
    assert_eq!(found(&mut of_third), None);
    database.execute("DROP TABLE products CASCADE");
    lookups.look_up(first.number, &mut connection).unwrap();
    assert!(lookups.waiting().by_number.is_empty());
}

#[test]
fn a_batch_is_bounded_and_the_rest_waits() {
    let database = database_with_products(100);
    let lookups = Lookups::default();
    let enqueue = |number| lookups.enqueue(&slug(&format!("product-{number}")));
    let mut waiting: Vec<_> = (1..=100).map(enqueue).collect();
    let mut connection = database.connect();
    let last = waiting.last().unwrap().0.number;
    lookups.look_up(last, &mut connection).unwrap();
    let mut is_answered = |index: usize| waiting[index].1.try_recv().is_ok();
    assert!((0..31).all(&mut is_answered));
    assert!(!(31..99).any(&mut is_answered));
}

#[test]
fn a_failed_statement_ends_every_wait() {
    let database = database_with_products(1);
    let lookups = Lookups::default();
    let (own, _) = lookups.enqueue(&slug("product-1"));
    let (_other, mut of_other) = lookups.enqueue(&slug("product-2"));
    database.execute("ALTER TABLE products RENAME TO others");
    let mut connection = database.connect();
    assert!(lookups.look_up(own.number, &mut connection).is_err());
    assert!(matches!(
        of_other.try_recv(),
        Err(oneshot::error::TryRecvError::Closed)
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_answer_does_not_wait_for_the_own_job() {
    let database = database_with_products(1);
    let (door, lookups) = (database.open(), Lookups::default());
    let release = occupy(&door);
    let wanted = slug("product-1");
    let (waiting, of_door) = (lookups.clone(), door.clone());
    let caller = tokio::spawn(async move { waiting.find(&of_door, &wanted).await });
    while lookups.waiting().by_number.is_empty() {
        tokio::task::yield_now().await;
    }
    let (other, _) = lookups.enqueue(&slug("nothing"));
    lookups
        .look_up(other.number, &mut database.connect())
        .unwrap();
    assert_eq!(
        name(caller.await.unwrap().unwrap()).as_deref(),
        Some("Product 1")
    );
    drop(release);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_batch_does_not_fail_the_other_callers() {
    let database = database_with_products(2);
    let (door, lookups) = (database.open(), Lookups::default());
    let wanted = slug("product-2");
    let release = occupy(&door);
    let (waiting, of_door) = (lookups.clone(), door.clone());
    let caller = tokio::spawn(async move { waiting.find(&of_door, &wanted).await });
    // Another waiter takes the look-up into its batch and fails.
    while lookups.waiting().by_number.is_empty() {
        tokio::task::yield_now().await;
    }
    let number = *lookups.waiting().by_number.keys().next().unwrap();
    drop(lookups.take(number));
    drop(release);
    let found = caller.await.unwrap().unwrap();
    assert_eq!(name(found).as_deref(), Some("Product 2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_caller_gets_its_own_product() {
    const CALLERS: usize = 200;
    let database = database_with_products(50);
    let (door, lookups) = (database.open(), Lookups::default());
    let find = |number: usize| {
        let (door, lookups) = (door.clone(), lookups.clone());
        tokio::spawn(async move {
            // Every fourth caller leaves at once.
            let wanted = slug(&format!("product-{}", number % 60));
            let find = lookups.find(&door, &wanted);
            if number.is_multiple_of(4) {
                let _ = tokio::time::timeout(std::time::Duration::ZERO, find).await;
            } else {
                let found = name(find.await.unwrap());
                let exists = (1..=50).contains(&(number % 60));
                let expected = exists.then(|| format!("Product {}", number % 60));
                assert_eq!(found, expected);
            }
        })
    };
    for caller in (0..CALLERS).map(find).collect::<Vec<_>>() {
        caller.await.unwrap();
    }
    assert!(lookups.waiting().by_number.is_empty());
}
