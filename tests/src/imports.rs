use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{TestShop, User};

/// Maximum time of the import of a small file.
const LONGEST: Duration = Duration::from_secs(30);

impl User {
    /// Uploads a file as the body of a request with these query parameters, and waits until its import has ended. Returns
    /// the import.
    pub async fn import(&self, query: &str, file: impl Into<Vec<u8>>) -> Value {
        let request = self.request("POST", &format!("/api/imports?{query}"));
        let begun = self.send(request.body(file.into())).await.expect(202);
        self.ended_import(begun.header("location")).await
    }

    /// Waits until the import at a path has ended, and returns it.
    pub async fn ended_import(&self, path: &str) -> Value {
        let deadline = Instant::now() + LONGEST;
        let mut times = tokio::time::interval(Duration::from_millis(50));
        loop {
            times.tick().await;
            let import = self.get(path).await.expect(200).json();
            if import["status"] != "running" {
                return import;
            }
            assert!(Instant::now() < deadline, "still running: {import}");
        }
    }
}

impl TestShop {
    /// Adds an import that another server runs, so that it goes on until it is cancelled. Returns its path.
    pub fn import_elsewhere(&self) -> &'static str {
        self.database.execute(
            "INSERT INTO imports (id, format, mode, is_dry_run, status, lease, leased_until, actor_kind) \
             VALUES ('3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a7', 'csv', 'upsert', false, 'running', \
             gen_random_uuid(), now() + interval '1 hour', 'admin')",
        );
        "/api/imports/3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a7"
    }
}
