//! The processor time of a read: the client beside a bare call of reqwest.
//!
//! Client and server run on one thread, whose processor time is measured. The server is the same for both, so the difference is
//! that of the client. The run fails if it is more than 25 µs.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that can't go on has failed"
)]

use std::hint::black_box;
use std::time::Duration;

use bytes::Bytes;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{Criterion, criterion_group};
use eggypro_client::products::Product;
use eggypro_client::{Client, Credentials, Versioned};
use nix::time::{ClockId, clock_gettime};
use reqwest::redirect::Policy;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

/// How often [`check`] reads in each way.
const READS: usize = 10_000;

/// Maximum processor time that the client may add to a bare call.
const MAX_ADDED: Duration = Duration::from_micros(25);

const SECRET: &str = "egg_aaaaaaaaaaaa_secret";

const PRODUCT: &str = r#"{"id":7,"name":"EggyPro Vanilla 1kg","slug":"eggypro-vanilla-1kg",
"description":"Egg white protein with real vanilla.","details":"24 g of protein a serving.","price":39.90,
"images":["https://images.example/shop/7/original.jpg"],"media":[{"url":"https://images.example/shop/7/original.jpg",
"alt_text":"A bag","public_id":"shop/7","width":1200,"height":900,"thumbnail":"https://images.example/shop/7/t.jpg",
"optimized":"https://images.example/shop/7/o.jpg","responsive":{"400w":"https://images.example/shop/7/400.jpg"}}],
"ingredients":["Egg white protein","Vanilla"],"stock_quantity":120,"is_active":true,
"categories":[{"id":3,"name":"Protein powder","slug":"protein-powder"}],
"rating":{"average":4.67,"count":12,"distribution":{"1":0,"2":0,"3":1,"4":2,"5":9}},"publish_at":null,"unpublish_at":null,
"low_stock_at":10,"title":"EggyPro Vanilla 1 kg","sku":"EP-VAN-1000","gtin":"4006381333931","brand":"EggyPro",
"currency":"EUR","list_price":44.90,"net_content":{"value":1,"unit":"kg"},"unit_price":{"price":39.90,"per":"1 kg"},
"food":{"allergens":["eggs"],"may_contain":["milk"],"diets":["vegetarian"],"nutrition":{"basis":"100 g","serving_size":30,
"energy_kj":1540,"energy_kcal":368,"fat":0.4,"saturates":0.1,"carbohydrate":6.1,"sugars":5.0,"fibre":0.0,"protein":82.0,
"salt":2.1},"origin_country":"DE","storage":"Keep dry."},"group":null,"options":{"Size":"1 kg"},
"seo":{"title":null,"description":null},"version":4,"created_at":"2026-01-05T10:00:00Z",
"updated_at":"2026-01-05T10:00:00Z"}"#;

/// The processor time of this thread, which other programs on the machine disturb less than the time that passes.
struct ProcessorTime(WallTime);

impl Measurement for ProcessorTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)
            .unwrap()
            .into()
    }

    fn end(&self, start: Duration) -> Duration {
        self.start() - start
    }

    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, time: &Duration) -> f64 {
        self.0.to_f64(time)
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        self.0.formatter()
    }
}

/// Answers each request with the product, or with 304 if the address ends with `unchanged` and a tag is given.
async fn serve(mut stream: TcpStream) {
    let full = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: \"7-4\"\r\nContent-Length: {}\r\n\r\n{PRODUCT}",
        PRODUCT.len()
    );
    let unchanged = "HTTP/1.1 304 Not Modified\r\nETag: \"7-4\"\r\n\r\n";
    let mut request = vec![];
    while stream
        .read_buf(&mut request)
        .await
        .is_ok_and(|count| count > 0)
    {
        if !request.ends_with(b"\r\n\r\n") {
            continue;
        }
        let text = String::from_utf8_lossy(&request);
        let is_unchanged = text.contains("/unchanged ") && text.contains("if-none-match");
        let answer = if is_unchanged { unchanged } else { &full };
        stream.write_all(answer.as_bytes()).await.unwrap();
        request.clear();
    }
}

fn start(runtime: &Runtime) -> String {
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            stream.set_nodelay(true).unwrap();
            tokio::spawn(serve(stream));
        }
    });
    format!("http://{address}")
}

/// A server, and the two ways to read from it.
struct Setup {
    runtime: Runtime,
    http: reqwest::Client,
    client: Client,
    url: String,
}

impl Setup {
    fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let base = start(&runtime);
        let http = reqwest::Client::builder().tls_certs_only([]);
        let http = http.redirect(Policy::none()).build().unwrap();
        let builder = Client::builder(&base).http(http.clone());
        let builder = builder.credentials(Credentials::api_key(SECRET));
        Self {
            runtime,
            http,
            client: builder.build().unwrap(),
            url: format!("{base}/api/products/full"),
        }
    }

    /// Reads the product by a bare call of reqwest.
    fn read_bare(&self) -> Bytes {
        self.runtime.block_on(async {
            let request = self.http.get(&self.url).bearer_auth(SECRET);
            let response = request.send().await.unwrap();
            response.error_for_status().unwrap().bytes().await.unwrap()
        })
    }

    /// Reads a product by the client.
    fn read(&self, slug: &str) -> Versioned<Product> {
        let call = self.client.products().get(slug);
        self.runtime.block_on(async { call.await.unwrap() })
    }
}

fn read(criterion: &mut Criterion<ProcessorTime>) {
    let setup = Setup::new();
    let mut group = criterion.benchmark_group("read");
    group.bench_function("reqwest", |bencher| {
        bencher.iter(|| black_box(setup.read_bare()));
    });
    group.bench_function("reqwest and the same types", |bencher| {
        bencher.iter(|| {
            let bytes = setup.read_bare();
            black_box(serde_json::from_slice::<Product>(&bytes).unwrap())
        });
    });
    for slug in ["full", "unchanged"] {
        group.bench_function(format!("client, {slug}"), |bencher| {
            bencher.iter(|| black_box(setup.read(slug)));
        });
    }
    group.finish();
}

/// The processor time of a read.
fn measure<T>(read: impl FnOnce() -> T) -> Duration {
    let time = ProcessorTime(WallTime);
    let start = time.start();
    black_box(read());
    time.end(start)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Fails if the client adds more processor time than promised. Reads of both kinds take turns, so that both meet the same
/// disturbances of the machine.
#[expect(clippy::print_stdout, reason = "the result of the benchmark")]
fn check() {
    let setup = Setup::new();
    let (mut bare, mut client) = (vec![], vec![]);
    for _ in 0..READS {
        bare.push(measure(|| setup.read_bare()));
        client.push(measure(|| setup.read("full")));
    }
    let (bare, client) = (median(bare), median(client));
    let added = client.saturating_sub(bare);
    println!(
        "medians: reqwest {bare:?}, client {client:?}, added {added:?} of at most {MAX_ADDED:?}"
    );
    assert!(added <= MAX_ADDED, "the client adds {added:?}");
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(ProcessorTime(WallTime));
    targets = read
}

fn main() {
    benches();
    let criterion = Criterion::default().configure_from_args();
    criterion.final_summary();
    // `cargo test` runs this without optimization, and without this argument.
    if std::env::args().any(|argument| argument == "--bench") {
        check();
    }
}
