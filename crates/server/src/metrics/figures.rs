use eggypro_cache::{Cache, CacheMetrics};
use eggypro_domain::metrics::{RequestKind, RequestTiming};
use eggypro_persistence::{Database, DatabaseFigures};
use eggypro_search::Follower;
use eggypro_webhooks::{Deliverer, DeliveryFigures};
use prometheus::core::Collector;
use prometheus::process_collector::ProcessCollector;
use prometheus::{
    Gauge, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, TextEncoder,
};
use std::sync::Arc;
use std::time::Duration;

use super::recorder::Recorder;

/// Buckets of request durations, in seconds. Half a millisecond is a page from memory.
const SECONDS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// The metrics of this server for Prometheus.
pub(crate) struct Figures {
    registry: Registry,
    requests: HistogramVec,
    rate_limited: IntCounter,
    cache_reads: IntCounterVec,
    cache_loads: IntCounter,
    cache_waits: IntCounter,
    cache_evictions: IntCounter,
    cache_entries: IntGauge,
    cache_bytes: IntGauge,
    redis_failures: IntCounter,
    connections: IntGaugeVec,
    jobs_waiting: IntGauge,
    replicas_in_use: IntGauge,
    records_waiting: IntGauge,
    records_lost: IntCounter,
    pub(super) records_held: IntGauge,
    pub(super) records_written: IntCounter,
    pub(super) write_failures: IntCounter,
    index_mismatches: IntCounter,
    changes_held_back: Gauge,
    pub(crate) images_removed: IntCounter,
    pub(crate) images_postponed: IntCounter,
    webhook_events: IntCounter,
    webhook_attempts: IntCounterVec,
    webhook_requests: IntGauge,
    webhook_lag: Gauge,
}

/// Sources of values that are read when Prometheus asks for them.
pub(crate) struct Sources {
    pub(crate) cache: Cache,
    pub(crate) database: Database,
    pub(crate) index: Follower,
    pub(crate) deliverer: Deliverer,
    pub(crate) recorder: Arc<Recorder>,
}

impl Figures {
    /// All metrics at zero.
    ///
    /// # Errors
    /// Never in practice: the names are fixed.
    pub(crate) fn new() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let counter = |name: &str, help: &str| registered(&registry, IntCounter::new(name, help)?);
        let gauge = |name: &str, help: &str| registered(&registry, IntGauge::new(name, help)?);
        let requests = HistogramOpts::new(
            "http_request_duration_seconds",
            "Duration of requests, by route, method and class of status.",
        );
        let requests = HistogramVec::new(
            requests.buckets(SECONDS.to_vec()),
            &["method", "route", "status"],
        )?;
        let cache_reads = Opts::new(
            "eggypro_cache_reads_total",
            "Reads of cached answers: hit in this process, shared_hit in Redis, or miss.",
        );
        let webhook_attempts = Opts::new(
            "eggypro_webhook_attempts_total",
            "Attempts to deliver an event: delivered, refused with another status, or unanswered.",
        );
        let connections = Opts::new(
            "eggypro_db_connections",
            "Connections to the database, by state.",
        );
        let version = Opts::new(
            "eggypro_build_info",
            "The version of the server; the value is always 1.",
        )
        .const_label("version", env!("CARGO_PKG_VERSION"));
        registered(&registry, IntGauge::with_opts(version)?)?.set(1);
        registry.register(Box::new(ProcessCollector::for_self()))?;
        Ok(Self {
            requests: registered(&registry, requests)?,
            rate_limited: counter(
                "eggypro_rate_limited_requests_total",
                "Requests that were refused with 429.",
            )?,
            cache_reads: registered(&registry, IntCounterVec::new(cache_reads, &["result"])?)?,
            cache_loads: counter("eggypro_cache_loads_total", "Answers loaded after a miss.")?,
            cache_waits: counter(
                "eggypro_cache_waits_total",
                "Requests that waited for an answer that another request was loading.",
            )?,
            cache_evictions: counter(
                "eggypro_cache_evictions_total",
                "Answers evicted because the cache was full.",
            )?,
            cache_entries: gauge("eggypro_cache_entries", "Answers cached in this process.")?,
            cache_bytes: gauge(
                "eggypro_cache_bytes",
                "Size of the answers cached in this process, in bytes.",
            )?,
            redis_failures: counter(
                "eggypro_redis_failures_total",
                "Calls of the cache to Redis that failed.",
            )?,
            connections: registered(&registry, IntGaugeVec::new(connections, &["state"])?)?,
            jobs_waiting: gauge(
                "eggypro_db_jobs_waiting",
                "Jobs that wait for a connection.",
            )?,
            replicas_in_use: gauge(
                "eggypro_db_replicas_in_use",
                "Replicas that serve reads now.",
            )?,
            records_waiting: gauge(
                "eggypro_request_log_waiting",
                "Requests that are not yet counted for the request log.",
            )?,
            records_lost: counter(
                "eggypro_request_log_lost_total",
                "Requests missing from the request log because too many were waiting.",
            )?,
            records_written: counter(
                "eggypro_request_log_written_total",
                "Requests written to the request log in the database.",
            )?,
            records_held: gauge(
                "eggypro_request_log_held",
                "Requests that are counted but not yet written to the request log.",
            )?,
            write_failures: counter(
                "eggypro_request_log_failures_total",
                "Failed attempts to write a batch of the request log.",
            )?,
            index_mismatches: counter(
                "eggypro_index_mismatches_total",
                "Products that differed between the catalogue index and the database in a check.",
            )?,
            changes_held_back: registered(
                &registry,
                Gauge::new(
                    "eggypro_changes_held_back_seconds",
                    "How long followers of the log of changes have waited for an open transaction, in seconds.",
                )?,
            )?,
            images_removed: counter(
                "eggypro_images_removed_total",
                "Images removed from the image store in the background.",
            )?,
            images_postponed: counter(
                "eggypro_images_postponed_total",
                "Failed removals of images, which are retried later.",
            )?,
            webhook_events: counter(
                "eggypro_webhook_events_total",
                "Events that this server has queued for webhooks.",
            )?,
            webhook_attempts: registered(
                &registry,
                IntCounterVec::new(webhook_attempts, &["result"])?,
            )?,
            webhook_requests: gauge(
                "eggypro_webhook_requests",
                "Requests to receivers of webhooks that are open.",
            )?,
            webhook_lag: registered(
                &registry,
                Gauge::new(
                    "eggypro_webhook_lag_seconds",
                    "Time from the change to the first attempt, of the last event that was sent for the first time.",
                )?,
            )?,
            registry,
        })
    }

    pub(crate) fn set_changes_held_back(&self, time: Duration) {
        self.changes_held_back.set(time.as_secs_f64());
    }

    /// Counts requests of a kind.
    pub(super) fn count(&self, kind: &RequestKind<'_>, timings: &[RequestTiming]) {
        const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
        let class = usize::from(kind.status / 100).saturating_sub(1);
        let class = CLASSES.get(class).copied().unwrap_or("other");
        let labels = [kind.method, kind.endpoint.as_ref(), class];
        let requests = self.requests.with_label_values(&labels);
        for timing in timings {
            requests.observe(f64::from(timing.microseconds) / 1_000_000.0);
        }
        if kind.status == 429 {
            self.rate_limited.inc_by(timings.len() as u64);
        }
    }

    /// All metrics as text, in Prometheus' format.
    ///
    /// # Errors
    /// Never in practice: the names are fixed.
    pub(crate) fn text(&self, sources: &Sources) -> prometheus::Result<String> {
        self.read_cache(sources.cache.metrics());
        self.read_database(sources.database.figures());
        catch_up(&self.index_mismatches, sources.index.mismatches());
        self.read_webhooks(sources.deliverer.figures());
        set(&self.records_waiting, sources.recorder.waiting() as u64);
        catch_up(&self.records_lost, sources.recorder.lost());
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }

    fn read_cache(&self, cache: CacheMetrics) {
        let read = |result, count| catch_up(&self.cache_reads.with_label_values(&[result]), count);
        read("hit", cache.hits);
        read("shared_hit", cache.shared_hits);
        read("miss", cache.misses);
        catch_up(&self.cache_loads, cache.loads);
        catch_up(&self.cache_waits, cache.waits);
        catch_up(&self.cache_evictions, cache.evictions);
        catch_up(&self.redis_failures, cache.redis_failures);
        set(&self.cache_entries, cache.entries);
        set(&self.cache_bytes, cache.bytes);
    }

    fn read_database(&self, database: DatabaseFigures) {
        let connections =
            |state, count: u32| set(&self.connections.with_label_values(&[state]), count.into());
        connections("idle", database.idle_connections);
        connections("used", database.used_connections);
        set(&self.jobs_waiting, database.waiting_jobs as u64);
        set(&self.replicas_in_use, database.replicas_in_use as u64);
    }

    fn read_webhooks(&self, done: DeliveryFigures) {
        let attempts = |result, count| {
            catch_up(&self.webhook_attempts.with_label_values(&[result]), count);
        };
        attempts("delivered", done.delivered);
        attempts("refused", done.refused);
        attempts("unanswered", done.unanswered);
        catch_up(&self.webhook_events, done.queued);
        set(&self.webhook_requests, done.open);
        self.webhook_lag.set(done.lag as f64 / 1_000.0);
    }
}

fn registered<C: Collector + Clone + 'static>(
    registry: &Registry,
    collector: C,
) -> prometheus::Result<C> {
    registry.register(Box::new(collector.clone()))?;
    Ok(collector)
}

/// Raises a counter to a count from elsewhere.
fn catch_up(counter: &IntCounter, count: u64) {
    counter.inc_by(count.saturating_sub(counter.get()));
}

fn set(gauge: &IntGauge, value: u64) {
    gauge.set(value.try_into().unwrap_or(i64::MAX));
}
