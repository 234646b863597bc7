//! Imports that are cancelled, and imports that do not exist.

use super::*;

#[tokio::test]
async fn a_running_import_is_cancelled_once() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let path = shop.import_elsewhere();
    let running = admin.get(path).await.expect(200);
    assert_eq!(running.header("cache-control"), "no-store");
    assert_eq!(running.json()["status"], "running");
    assert_eq!(running.json()["rows"], Value::Null);
    let cancelled = admin.delete(path).await.expect(200);
    assert_eq!(cancelled.header("cache-control"), "no-store");
    let cancelled = cancelled.json();
    assert_eq!(cancelled["status"], "cancelled");
    assert!(cancelled["finished_at"].is_string(), "{cancelled}");
    assert_eq!(admin.get(path).await.expect(200).json(), cancelled);
    let again = admin.delete(path).await.expect_problem(409).json();
    assert_eq!(again["type"], "urn:eggypro:problem:import-ended");
    assert_eq!(again["detail"], "The import has ended: it is cancelled.");
}

#[tokio::test]
async fn an_import_that_is_done_cannot_be_cancelled() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let import = admin.import("", table(&["A,Egg,d,d,1,Egg"])).await;
    let path = path_of(&import);
    let refused = admin.delete(&path).await.expect_problem(409).json();
    assert_eq!(refused["detail"], "The import has ended: it is done.");
    assert_eq!(admin.get(&path).await.expect(200).json(), import);
}

#[tokio::test]
async fn an_unknown_import_is_not_found() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    for id in ["1", "none", "3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a8", "%00"] {
        let path = format!("{IMPORTS}/{id}");
        admin.get(&path).await.expect_problem(404);
        admin.delete(&path).await.expect_problem(404);
        let errors = admin.get(&format!("{path}/errors.csv")).await;
        errors.expect_problem(404);
    }
    admin.delete(IMPORTS).await.expect_problem(405);
}
