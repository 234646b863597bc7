//! Measures webhooks on a durable, private PostgreSQL: `webhooks [SECONDS] [ROUNDS]`. Prints how long events take to arrive at
//! 200 a second, and what a `PATCH` takes with 20 webhooks beside one with none, in rounds that alternate.
#![expect(clippy::print_stdout, reason = "the program prints its figures")]

#[path = "webhooks/receiver.rs"]
mod receiver;
#[path = "webhooks/shop.rs"]
mod shop;

use std::collections::{HashMap, VecDeque};
use std::env;
use std::error::Error;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;

use self::receiver::Arrival;
use self::shop::Shop;

/// The number of events a second.
const EVENTS: usize = 200;

/// The number of connections that change products.
const WRITERS: usize = 4;

/// The number of webhooks beside which a `PATCH` is measured, and of these `PATCH`es a second: few enough that the
/// deliveries leave processors free.
const WEBHOOKS: usize = 20;
const PATCHES: usize = 10;

/// Maximum time until an event arrives.
const PATIENCE: Duration = Duration::from_secs(30);

/// With no event for this long, all have arrived.
const SILENCE: Duration = Duration::from_millis(500);

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let mut arguments = env::args().skip(1);
    let mut argument = |default: usize| match arguments.next() {
        Some(text) => text.parse(),
        None => Ok(default),
    };
    let (seconds, rounds) = (argument(10)?, argument(5)?);
    let shop = Shop::start()?;
    let (address, arrivals) = receiver::start()?;
    let url = format!("http://{address}/hook");
    measure_arrivals(&shop, &url, &arrivals, seconds)?;
    measure_patches(&shop, &url, &arrivals, (seconds, rounds))
}

/// Changes products, and prints how long after its commit each event arrives.
fn measure_arrivals(
    shop: &Shop,
    url: &str,
    arrivals: &Receiver<Arrival>,
    seconds: usize,
) -> Result<(), Failure> {
    let webhook = shop.create_webhook(url)?;
    // The first events are slower: the server builds its client, and PostgreSQL its plans.
    for (measured, seconds) in [(false, 2), (true, seconds)] {
        let delays = delays(shop, arrivals, seconds)?;
        if measured {
            println!(
                "{EVENTS} events a second for {seconds} s: p50 {:.1} ms, p99 {:.1} ms, at most {:.1} ms from commit to receipt",
                percentile(&delays, 50),
                percentile(&delays, 99),
                percentile(&delays, 100)
            );
        }
    }
    shop.switch(&webhook, false)
}

/// The times from commits to arrivals, sorted, in milliseconds.
fn delays(shop: &Shop, arrivals: &Receiver<Arrival>, seconds: usize) -> Result<Vec<f64>, Failure> {
    let began = Instant::now();
    let writers = (0..WRITERS).map(|writer| {
        let writer = Writer {
            url: shop.url.clone(),
            slugs: Arc::clone(&shop.slugs),
            first: writer,
            began,
        };
        thread::spawn(move || writer.write(seconds * EVENTS / WRITERS))
    });
    let writers: Vec<_> = writers.collect();
    let mut arrived: HashMap<String, VecDeque<Instant>> = HashMap::new();
    let expected = seconds * EVENTS / WRITERS * WRITERS;
    for _ in 0..expected {
        let arrival = arrivals.recv_timeout(PATIENCE)?;
        arrived
            .entry(arrival.slug)
            .or_default()
            .push_back(arrival.at);
    }
    let mut delays = vec![];
    for writer in writers {
        let commits = writer.join().map_err(|_| "a writer has panicked")??;
        for (slug, committed) in commits {
            let arrived = arrived.get_mut(&slug).and_then(VecDeque::pop_front);
            let arrived = arrived.ok_or("an event is missing")?;
            // An event may arrive before its writer runs again.
            delays.push(arrived.saturating_duration_since(committed).as_secs_f64() * 1_000.0);
        }
    }
    delays.sort_by(f64::total_cmp);
    Ok(delays)
}

/// One of those that change products, in turns.
struct Writer {
    url: String,
    slugs: Arc<Vec<String>>,
    /// The number of its first change.
    first: usize,
    /// The time of the first change of all.
    began: Instant,
}

impl Writer {
    /// Makes this number of changes, evenly over time. Returns their slugs and the times of their commits.
    fn write(self, count: usize) -> Result<Vec<(String, Instant)>, Failure> {
        let mut connection = PgConnection::establish(&self.url)?;
        let mut commits = vec![];
        for number in (self.first..).step_by(WRITERS).take(count) {
            let delay = Duration::from_secs(1) * u32::try_from(number)? / u32::try_from(EVENTS)?;
            thread::sleep((self.began + delay).saturating_duration_since(Instant::now()));
            let slug = &self.slugs[number % self.slugs.len()];
            sql_query("UPDATE products SET price = price + 0.01 WHERE slug = $1")
                .bind::<Text, _>(slug)
                .execute(&mut connection)?;
            commits.push((slug.clone(), Instant::now()));
        }
        Ok(commits)
    }
}

/// Prints what a `PATCH` takes with webhooks and without.
fn measure_patches(
    shop: &Shop,
    url: &str,
    arrivals: &Receiver<Arrival>,
    (seconds, rounds): (usize, usize),
) -> Result<(), Failure> {
    let webhooks = (0..WEBHOOKS).map(|_| shop.create_webhook(url));
    let webhooks: Vec<String> = webhooks.collect::<Result<_, _>>()?;
    let (mut all, mut ratios) = ([vec![], vec![]], vec![]);
    for round in 0..rounds {
        let mut medians = [0.0; 2];
        for (case, is_active) in [false, true].into_iter().enumerate() {
            for webhook in &webhooks {
                shop.switch(webhook, is_active)?;
            }
            let times = patch(shop, 2 * round + case, seconds * PATCHES)?;
            while !matches!(
                arrivals.recv_timeout(SILENCE),
                Err(RecvTimeoutError::Timeout)
            ) {}
            medians[case] = percentile(&times, 50);
            all[case].extend(times);
        }
        ratios.push(medians[1] / medians[0]);
    }
    for (times, webhooks) in all.iter_mut().zip([0, WEBHOOKS]) {
        times.sort_by(f64::total_cmp);
        println!(
            "PATCH with {webhooks} webhooks: p50 {:.2} ms, p99 {:.2} ms",
            percentile(times, 50),
            percentile(times, 99)
        );
    }
    ratios.sort_by(f64::total_cmp);
    println!("ratio of the medians: {:.2}", percentile(&ratios, 50));
    Ok(())
}

/// The times of this number of `PATCH`es, sorted, in milliseconds. Each turn has other prices.
fn patch(shop: &Shop, turn: usize, count: usize) -> Result<Vec<f64>, Failure> {
    let period = Duration::from_secs(1) / u32::try_from(PATCHES)?;
    let mut times = vec![];
    for number in 0..count {
        let began = Instant::now();
        shop.patch(number, turn + 1)?;
        let time = began.elapsed();
        times.push(time.as_secs_f64() * 1_000.0);
        thread::sleep(period.saturating_sub(time));
    }
    times.sort_by(f64::total_cmp);
    Ok(times)
}

/// The value below which this share of sorted values lies.
fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let index = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(index).copied().unwrap_or(f64::NAN)
}
