//! Runs imports against the in-memory store.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::sync::Arc;
use std::time::Duration;

use eggypro_domain::Bytes;
use eggypro_domain::imports::{
    Batch, BatchRow, DifferenceAction, Import, ImportId, ImportMode, ImportRepository,
    ImportStatus, NewImport, RowAction,
};
use eggypro_domain::products::{Product, ProductRepository};
use eggypro_domain::testing::InMemoryShop;
use eggypro_imports::Importer;
use tokio::sync::watch;

const HEADER: &str = "sku,name,description,details,price,ingredients\n";

struct Shop {
    store: Arc<InMemoryShop>,
    importer: Importer,
    stop: watch::Sender<bool>,
}

impl Shop {
    fn new() -> Self {
        let store = Arc::new(InMemoryShop::default());
        Self {
            importer: Importer::new(store.clone(), store.clone()),
            store,
            stop: watch::Sender::new(false),
        }
    }

    async fn create(&self, new: NewImport) -> Import {
        ImportRepository::create(&*self.store, new).await.unwrap()
    }

    async fn receive(&self, new: NewImport, file: &str) -> ImportId {
        let id = self.create(new).await.id;
        // Cut anywhere, also within characters.
        let mut chunks = 0;
        for (number, chunk) in file.as_bytes().chunks(7).enumerate() {
            let chunk = Bytes::copy_from_slice(chunk);
            let number = number.try_into().unwrap();
            self.store.append(id, number, chunk).await.unwrap();
            chunks = number + 1;
        }
        self.store.complete(id, chunks).await.unwrap();
        id
    }

    async fn run(&self) -> Option<ImportId> {
        let mut stop = self.stop.subscribe();
        self.importer.run_next(None, &mut stop).await.unwrap()
    }

    async fn read(&self, id: ImportId) -> Import {
        ImportRepository::find(&*self.store, id)
            .await
            .unwrap()
            .unwrap()
    }

    async fn import_as(&self, new: NewImport, file: &str) -> Import {
        let id = self.receive(new, file).await;
        assert_eq!(self.run().await, Some(id));
        self.read(id).await
    }

    async fn import(&self, file: &str) -> Import {
        self.import_as(NewImport::new("auto"), file).await
    }

    async fn product(&self, slug: &str) -> Option<Product> {
        let slug = slug.parse().unwrap();
        ProductRepository::find(&*self.store, &slug).await.unwrap()
    }

    async fn messages(&self, id: ImportId) -> Vec<String> {
        let errors = self.store.errors(id, 100).await.unwrap().into_iter();
        let message = |error: eggypro_domain::imports::ImportError| {
            format!(
                "{} {} {:?}: {}",
                error.row, error.column, error.value, error.message
            )
        };
        errors.map(message).collect()
    }
}

/// Created, updated, unchanged and failed rows.
fn counts(import: &Import) -> [u64; 4] {
    let counts = import.counts;
    assert_eq!(counts.rows, Some(counts.done));
    [
        counts.created,
        counts.updated,
        counts.unchanged,
        counts.failed,
    ]
}

fn row(sku: &str, name: &str, price: &str) -> String {
    format!("{sku},{name},Text,More,{price},Egg\n")
}

fn file(rows: &[String]) -> String {
    format!("{HEADER}{}", rows.concat())
}

#[tokio::test]
async fn rows_are_written_and_the_same_file_again_changes_nothing() {
    let shop = Shop::new();
    let rows = [
        row("A", "Whey", "1.50"),
        row("B", "Albumin", "x"),
        row("C", "Bar", "3"),
    ];
    let first = shop.import(&file(&rows)).await;
    assert_eq!(
        (first.status, first.format.as_str()),
        (ImportStatus::Done, "csv")
    );
    assert_eq!(first.header.len(), 6);
    assert_eq!(counts(&first), [2, 0, 0, 1]);
    assert_eq!(
        shop.messages(first.id).await,
        ["3 price \"x\": This is not a number, such as 1234.50"]
    );
    let whey = shop.product("whey").await.unwrap();

    let second = shop.import(&file(&rows)).await;
    assert_eq!(counts(&second), [0, 0, 2, 1]);
    assert_eq!(shop.product("whey").await.unwrap(), whey);

    let third = shop.import("sku,price\na,1.75\n").await;
    assert_eq!(counts(&third), [0, 1, 0, 0]);
    let changed = shop.product("whey").await.unwrap();
    assert_eq!(changed.price, "1.75".parse().unwrap());
    assert_eq!(changed.version, whey.version + 1);
    assert_eq!(changed.description, whey.description);
}

#[tokio::test]
async fn a_file_of_many_batches_is_written_in_order() {
    let shop = Shop::new();
    let mut rows: Vec<_> = (0..1_000)
        .map(|n| row(&format!("S{n}"), &format!("Egg {n}"), "1"))
        .collect();
    // The same product again, also within a batch.
    rows.push(row("S999", "Egg 999", "2"));
    rows.push(row("S0", "Egg 0", "3"));
    rows.push(row("S0", "Egg 0", "4"));
    let import = shop.import(&file(&rows)).await;
    assert_eq!(counts(&import), [1_000, 3, 0, 0]);
    let first = shop.product("egg-0").await.unwrap();
    assert_eq!((first.price, first.version), ("4".parse().unwrap(), 3));
}

#[tokio::test]
async fn modes_refuse_the_other_rows() {
    let shop = Shop::new();
    shop.import(&file(&[row("A", "Whey", "1")])).await;
    let rows = file(&[row("A", "Whey", "2"), row("B", "Bar", "2")]);
    let mut new = NewImport::new("csv");
    new.mode = ImportMode::Create;
    let created = shop.import_as(new.clone(), &rows).await;
    assert_eq!(counts(&created), [1, 0, 0, 1]);
    assert_eq!(
        shop.messages(created.id).await,
        ["2 sku \"A\": A product with this SKU exists already"]
    );
    new.mode = ImportMode::Update;
    let rows = file(&[row("A", "Whey", "2"), row("C", "Jar", "2")]);
    let updated = shop.import_as(new, &rows).await;
    assert_eq!(counts(&updated), [0, 1, 0, 1]);
    assert_eq!(
        shop.messages(updated.id).await,
        ["3 sku \"C\": No product has this SKU"]
    );
}

#[tokio::test]
async fn a_dry_run_tells_differences_and_writes_nothing() {
    let shop = Shop::new();
    shop.import(&file(&[row("A", "Whey", "1")])).await;
    let before = shop.product("whey").await.unwrap();
    let mut new = NewImport::new("csv");
    new.is_dry_run = true;
    let rows = file(&[
        row("A", "Whey", "2.50"),
        row("B", "Bar", "2"),
        row("", "", ""),
    ]);
    let import = shop.import_as(new, &rows).await;
    assert_eq!(counts(&import)[..2], [1, 1]);
    assert_eq!(shop.product("whey").await.unwrap(), before);
    assert!(shop.product("bar").await.is_none());
    let differences = shop.store.differences(import.id).await.unwrap();
    let [changed, created] = &differences[..] else {
        panic!("{differences:?}")
    };
    assert_eq!((changed.row, changed.slug.as_str()), (2, "whey"));
    let [change] = &changed.changes[..] else {
        panic!("{changed:?}")
    };
    assert_eq!(change.field, "price");
    assert_eq!((&*change.before, &*change.after), ("1.00", "2.50"));
    assert_eq!(created.action, DifferenceAction::Created);
    assert!(
        created
            .changes
            .iter()
            .any(|change| change.field == "name" && change.after == "\"Bar\"")
    );
}

#[tokio::test]
async fn a_product_without_codes_is_found_by_its_name() {
    let shop = Shop::new();
    let rows = "name,description,details,price,ingredients\nEgg Bar,Text,More,1,Egg\n";
    assert_eq!(counts(&shop.import(rows).await), [1, 0, 0, 0]);
    assert_eq!(counts(&shop.import(rows).await), [0, 0, 1, 0]);
}

#[tokio::test]
async fn a_file_that_is_broken_at_its_end_changes_nothing() {
    let shop = Shop::new();
    let mut rows: Vec<_> = (0..300)
        .map(|n| row(&format!("S{n}"), &format!("Egg {n}"), "1"))
        .collect();
    rows.push(format!("\"{}", "x".repeat(3_000_000)));
    let import = shop.import(&file(&rows)).await;
    assert_eq!(import.status, ImportStatus::Failed);
    assert!(import.failure.unwrap().contains("Row 302"));
    assert_eq!(import.counts.done, 0);
    assert!(shop.product("egg-0").await.is_none());

    for (file, reason) in [
        ("", "empty"),
        ("sku\n", "no rows"),
        ("sku,price\nA,1\nB,\"2\nC,3\n", "is not closed"),
        ("sku,price\nA,1\nB", "the middle of row 3"),
        ("PK\u{3}\u{4}\0", ""),
    ] {
        let import = shop.import(file).await;
        assert_eq!(import.status, ImportStatus::Failed, "{file:?}");
        let failure = import.failure.unwrap();
        assert!(failure.contains(reason), "{failure}");
    }
}

#[tokio::test]
async fn an_import_that_a_stopping_server_gives_back_goes_on_elsewhere() {
    let shop = Shop::new();
    let id = shop
        .receive(NewImport::new("csv"), &file(&[row("A", "Whey", "1")]))
        .await;
    shop.stop.send_replace(true);
    assert_eq!(shop.run().await, Some(id));
    assert_eq!(shop.read(id).await.status, ImportStatus::Running);
    shop.stop.send_replace(false);
    assert_eq!(shop.run().await, Some(id));
    assert_eq!(shop.read(id).await.status, ImportStatus::Done);
    assert_eq!(shop.run().await, None);
}

#[tokio::test]
async fn a_run_goes_on_after_the_rows_that_are_done() {
    let shop = Shop::new();
    let rows: Vec<_> = (0..500)
        .map(|n| row(&format!("S{n}"), &format!("Egg {n}"), "1"))
        .collect();
    let id = shop.receive(NewImport::new("csv"), &file(&rows)).await;
    // A server has done the first hundred, in its way, and died.
    let claim = shop.store.claim(Some(id), Duration::ZERO).await.unwrap();
    let keep = |number| BatchRow {
        number,
        cells: vec![],
        action: RowAction::Keep,
        difference: None,
    };
    let rows = (2..102).map(keep).collect();
    let batch = Batch { after: 0, rows };
    shop.store.commit(&claim.unwrap(), batch).await.unwrap();
    assert_eq!(shop.run().await, Some(id));
    let import = shop.read(id).await;
    assert_eq!(import.status, ImportStatus::Done);
    assert_eq!(counts(&import), [400, 0, 100, 0]);
    assert!(shop.product("egg-99").await.is_none());
    assert!(shop.product("egg-100").await.is_some());
}

#[tokio::test]
async fn an_import_that_ends_its_servers_is_given_up() {
    let shop = Shop::new();
    let id = shop
        .receive(NewImport::new("csv"), &file(&[row("A", "Whey", "1")]))
        .await;
    for _ in 0..5 {
        // The claim of a server that dies.
        shop.store.claim(Some(id), Duration::ZERO).await.unwrap();
    }
    shop.run().await;
    let import = shop.read(id).await;
    assert_eq!(import.status, ImportStatus::Failed);
    assert!(import.failure.unwrap().contains("again and again"));
}
