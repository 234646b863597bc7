use super::*;

use std::sync::Arc;
use std::time::SystemTime;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use eggypro_domain::metrics::{
    MetricsRepository, RequestBatch, RequestCounts, RequestGroup, RequestTiming,
};
use eggypro_persistence::PostgresMetrics;
use eggypro_persistence::testing::TestDatabase;

fn kind(agent: &str, client: Option<[u8; 4]>) -> RequestKind<'_> {
    RequestKind {
        endpoint: "/api/products".into(),
        method: "GET",
        status: 200,
        user_agent: Some(agent.into()),
        address: client.map(IpAddr::from),
    }
}

#[test]
fn a_flood_uses_up_the_budget_and_then_only_what_is_refilled() {
    let start = Instant::now();
    let mut budget = DiskBudget::new(86_400_000, start);
    let agent = "x".repeat(250);
    let row = ROW + 250 + RECORD;
    let rows = |budget: &mut DiskBudget| {
        let mut rows = 0;
        while budget.spend(&kind(&agent, None), true, 1) == 1 {
            rows += 1;
        }
        rows
    };
    assert_eq!(rows(&mut budget), 86_400_000 / 8 / row);
    budget.refill(start + Duration::from_secs(60));
    let left = 86_400_000 / 8 % row;
    assert_eq!(rows(&mut budget), (60_000 + left) / row);
    // Of many records of a kind, as many are stored as there are bytes for.
    budget.refill(start + Duration::from_secs(61));
    let kept = budget.spend(&kind("", None), false, 1_000);
    assert!((35..=55).contains(&kept), "{kept}");
    budget.refill(start + Duration::from_secs(7 * 24 * 60 * 60));
    assert_eq!(budget.left, 86_400_000.0 / 8.0, "no week is saved up");
}

#[test]
fn no_client_uses_up_the_budget_of_others() {
    let start = Instant::now();
    let mut budget = DiskBudget::new(64 * 1_000, start);
    let greedy = kind("curl", Some([192, 0, 2, 0]));
    assert_eq!(budget.spend(&greedy, false, 1_000), 1_000 / 28);
    assert_eq!(budget.spend(&greedy, false, 1), 0);
    assert_eq!(
        budget.spend(&kind("curl", Some([198, 51, 100, 0])), false, 1),
        1
    );
    budget.refill(start + HOUR);
    assert_eq!(budget.spend(&greedy, false, 1), 1);
}

#[test]
fn clients_beyond_the_maximum_have_one_share_together() {
    let mut budget = DiskBudget::new(64 * 1_000_000, Instant::now());
    let client = |number: u32| kind("", Some(number.to_be_bytes()));
    for number in 0..20_000 {
        budget.spend(&client(number), false, 1);
    }
    assert_eq!(budget.clients.len(), MAX_CLIENTS);
    assert_eq!(budget.overflow_clients, 10_000 * RECORD);
    assert_eq!(budget.spend(&client(7), false, 1), 1);
}

#[tokio::test]
async fn no_record_takes_more_disk_than_is_counted() {
    let database = TestDatabase::migrated();
    let metrics = PostgresMetrics::new(database.open());
    let agents: Vec<String> = (0..3_000).map(|number| format!("{number:0250}")).collect();
    let size = || {
        #[derive(QueryableByName)]
        struct Size {
            #[diesel(sql_type = BigInt)]
            size: i64,
        }
        let query = "SELECT pg_total_relation_size('api_metrics_packed') AS size";
        let size: Size = sql_query(query)
            .get_result(&mut *database.connect())
            .unwrap();
        size.size
    };
    let (short, long) = (
        "192.0.2.7".parse().unwrap(),
        "2001:db8:9:8:7:6:5:4".parse().unwrap(),
    );
    let rows: [(IpAddr, _, _); 4] = [
        (short, &agents[..], 1),
        (short, &agents[..1], 20_000),
        (long, &agents[..], 1),
        (long, &agents[..], 30),
    ];
    for (address, agents, count) in rows {
        let alike = |agent: &String| RequestGroup {
            kind: RequestKind {
                address: Some(address),
                ..kind(agent, None).into_owned()
            },
            timings: (0..count)
                .map(|number| RequestTiming {
                    at: SystemTime::UNIX_EPOCH + Duration::from_micros(number * 1_234_567),
                    microseconds: number as u32 * 4_321,
                })
                .collect(),
        };
        let requests: Vec<_> = agents.iter().map(alike).collect();
        let record = RECORD + if address.is_ipv6() { LONG_ADDRESS } else { 0 };
        let counted = agents.len() as u64 * (ROW + 250 + count * record);
        let before = size();
        let batch = RequestBatch {
            id: rand::random(),
            requests,
            counts: RequestCounts::default(),
        };
        metrics.store(Arc::new(batch)).await.unwrap();
        let taken = (size() - before) as u64;
        assert!(
            (counted / 3..=counted).contains(&taken),
            "{taken} of {counted}"
        );
    }
}
