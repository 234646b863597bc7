//! Compares movements of stock with plain updates of a number, through the same eight connections to a private, durable
//! PostgreSQL: `stock [SECONDS] [ROUNDS]`. Prints medians of rounds that alternate.
#![expect(clippy::print_stdout, reason = "the program prints a table")]

use std::env;
use std::error::Error;
use std::fs;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eggypro_domain::idempotency::{
    CallerKey, IdempotencyRepository, RecordedAnswer, RecordedRequest,
};
use eggypro_domain::stock::{
    MovementReason, NewMovement, NewMovements, StockChange, StockLine, StockRepository,
};
use eggypro_domain::{Slug, Unvalidated, Valid};
use eggypro_embedded_postgres::{Postgres, Settings};
use eggypro_persistence::testing::statements;
use eggypro_persistence::{
    ConnectionString, Database, DatabaseSettings, PostgresIdempotency, PostgresStock, migrations,
    seed,
};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

/// The number of connections, and of callers.
const CALLERS: usize = 8;

/// The number of products.
const PRODUCTS: usize = 1_000;

/// The number of lines of an order.
const LINES: usize = 5;

type Failure = Box<dyn Error + Send + Sync>;

/// The stores of the measured database.
#[derive(Clone)]
struct Shop {
    database: Database,
    stock: PostgresStock,
    keys: PostgresIdempotency,
    slugs: Arc<Vec<Slug>>,
}

type Writing = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;

/// A kind of write. Its second argument numbers the writes of all callers.
type Write = fn(Shop, usize) -> Writing;

const WRITES: [(&str, Write); 6] = [
    ("plain updates, different rows", |shop, number| {
        Box::pin(async move { plain(&shop, number % PRODUCTS).await })
    }),
    ("movements, different products", |shop, number| {
        Box::pin(async move { sell(&shop, number % PRODUCTS).await })
    }),
    ("movements with an idempotency key", |shop, number| {
        Box::pin(async move { sell_once(&shop, number).await })
    }),
    ("orders of five lines", |shop, number| {
        Box::pin(async move { order(&shop, number * LINES).await })
    }),
    ("plain updates, one row", |shop, _| {
        Box::pin(async move { plain(&shop, 0).await })
    }),
    ("movements, one product", |shop, _| {
        Box::pin(async move { sell(&shop, 0).await })
    }),
];

async fn plain(shop: &Shop, product: usize) -> Result<(), Failure> {
    Ok(statements::take_plain_stock(&shop.database, i32::try_from(product)?).await?)
}

async fn sell(shop: &Shop, product: usize) -> Result<(), Failure> {
    let change = StockChange::By((-1).try_into()?);
    let movement = valid(NewMovement::new(change, MovementReason::Sale))?;
    shop.stock.make(&shop.slugs[product], movement).await?;
    Ok(())
}

async fn sell_once(shop: &Shop, number: usize) -> Result<(), Failure> {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&number.to_be_bytes());
    let key = CallerKey(key);
    if shop.keys.find(&key).await?.is_some() {
        return Err("the key was used before".into());
    }
    let unit = shop.keys.begin(key).ok_or("the key is in flight")?;
    Arc::clone(&unit)
        .scope(sell(shop, number % PRODUCTS))
        .await?;
    let answer = RecordedAnswer {
        status: 201,
        headers: vec![("content-type".into(), "application/json".into())],
        body: vec![b'x'; 250],
    };
    let fingerprint = [1; 32];
    unit.complete(RecordedRequest {
        fingerprint,
        answer,
    })
    .await?;
    Ok(())
}

async fn order(shop: &Shop, first: usize) -> Result<(), Failure> {
    let line = |at: usize| {
        Ok::<_, Failure>(StockLine {
            slug: shop.slugs[(first + at * 7) % PRODUCTS].clone(),
            change: (-1).try_into()?,
        })
    };
    let lines = (0..LINES).map(line).collect::<Result<_, _>>()?;
    let movements = valid(NewMovements::new(MovementReason::Sale, lines))?;
    shop.stock.make_all(movements).await?;
    Ok(())
}

fn valid<T: eggypro_domain::Validate<Context = ()>>(value: T) -> Result<Valid<T>, Failure> {
    Ok(Unvalidated::new(value).validate()?)
}

/// The number of writes in a second.
async fn rate(shop: &Shop, write: Write, round: usize, time: Duration) -> Result<f64, Failure> {
    let started = Instant::now();
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let shop = shop.clone();
        callers.spawn(async move {
            let mut count = 0_usize;
            while started.elapsed() < time {
                let number = (round * 1_000_000 + count) * CALLERS + caller;
                write(shop.clone(), number).await?;
                count += 1;
            }
            Ok::<_, Failure>(count)
        });
    }
    let mut writes = 0;
    while let Some(count) = callers.join_next().await {
        writes += count??;
    }
    Ok(writes as f64 / started.elapsed().as_secs_f64())
}

fn main() -> Result<(), Failure> {
    let mut arguments = env::args().skip(1);
    let mut argument = |default: usize| match arguments.next() {
        Some(text) => text.parse(),
        None => Ok(default),
    };
    let (seconds, rounds) = (argument(2)?, argument(9)?);
    let folder = env::temp_dir().join(format!("eggypro-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let postgres = Postgres::start(&Settings::new(folder.join("postgres")))?;
    let url: ConnectionString = postgres.url().parse()?;
    migrations::run(&url)?;
    seed::generate(&url, u32::try_from(PRODUCTS)?, |_| ())?;
    statements::prepare_stock(&url)?;
    let database = Database::start(&DatabaseSettings {
        pool_size: u32::try_from(CALLERS)?,
        ..DatabaseSettings::new(url)
    })?;
    let slugs = seed::slugs(u32::try_from(PRODUCTS)?).map(|slug| slug.parse());
    let shop = Shop {
        stock: PostgresStock::new(database.clone()),
        keys: PostgresIdempotency::new(database.clone()),
        database,
        slugs: Arc::new(slugs.collect::<Result<_, _>>()?),
    };
    let time = Duration::from_secs(seconds.try_into()?);
    let mut rates = [(); WRITES.len()].map(|()| vec![]);
    let runtime = Runtime::new()?;
    for round in 0..rounds {
        for ((_, write), rates) in WRITES.iter().zip(&mut rates) {
            rates.push(runtime.block_on(rate(&shop, *write, round, time))?);
        }
    }
    for ((name, _), mut rates) in WRITES.iter().zip(rates) {
        rates.sort_by(f64::total_cmp);
        println!("{name:40} {:8.0} a second", rates[rates.len() / 2]);
    }
    drop(runtime);
    shop.database.close(Duration::from_secs(5));
    drop(postgres);
    fs::remove_dir_all(&folder)?;
    Ok(())
}
