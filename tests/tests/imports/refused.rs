//! Rows and files that are refused.

use super::*;

#[tokio::test]
async fn a_row_that_breaks_a_rule_is_named_and_the_others_are_written() {
    let shop = TestShop::start().await;
    let file = table(&[
        "EP-1,Egg,d,d,12,Egg",
        "EP-2,Bar,d,d,-5,Egg",
        "EP-3,Tea,,d,ten,Egg",
        "EP-4,Pie,d,d,7,Egg",
    ]);
    let import = shop.admin().import("", file).await;
    assert_eq!(import["status"], "done");
    assert_eq!(import["failure"], Value::Null);
    assert!(import["finished_at"].is_string(), "{import}");
    assert_eq!(counts(&import), [2, 0, 0, 2], "{import}");
    let errors = import["errors"].as_array().unwrap();
    assert_eq!(
        errors[0],
        json!({ "row": 3, "column": "price", "value": "-5", "message": "Price must be positive" })
    );
    let mut named: Vec<(&str, &str)> = errors[1..]
        .iter()
        .map(|error| {
            assert_eq!(error["row"], 4);
            assert!(!error["message"].as_str().unwrap().is_empty());
            let [column, value] = ["column", "value"].map(|name| error[name].as_str().unwrap());
            (column, value)
        })
        .collect();
    named.sort_unstable();
    assert_eq!(named, [("description", ""), ("price", "ten")]);
    assert_eq!(price(&shop, "pie").await, Some(7.0));
    assert_eq!(price(&shop, "bar").await, None);
}

#[tokio::test]
async fn refused_rows_are_imported_once_they_are_corrected() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let file = "sku;name;description;details;price;ingredients;title;note\n\
                EP-1;Egg;d;d;12;Egg;;\n\
                EP-2;Bar;\"a;b\";d;-5;Egg;=1+1;x\n\
                EP-3;Tea;d;d;7;Egg;t;y;surplus\n";
    let import = admin.import("", file).await;
    assert_eq!(counts(&import), [1, 0, 0, 2], "{import}");
    let path = format!("{}/errors.csv", path_of(&import));
    let answer = admin.get(&path).await.expect(200);
    assert_eq!(
        answer.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"errors.csv\""
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    let text = answer.text();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(
        lines[..2],
        [
            "\u{feff}sku,name,description,details,price,ingredients,title,note,error",
            "EP-2,Bar,\"a;b\",d,'-5,Egg,'=1+1,x,price: Price must be positive"
        ]
    );
    // What is too much stands after the errors, so that the other cells are in their columns.
    assert!(lines[2].starts_with("EP-3,Tea,d,d,7,Egg,t,y,"), "{text}");
    assert!(lines[2].ends_with(",surplus"), "{text}");
    assert_eq!(lines[3..], [""]);

    let corrected = text.replace("'-5", "5").replace(",surplus", "");
    let again = admin.import("", corrected).await;
    assert_eq!(counts(&again), [2, 0, 0, 0], "{again}");
    let bar = admin.get("/api/products/bar").await.expect(200).json();
    assert_eq!(
        (&bar["title"], &bar["description"]),
        (&json!("=1+1"), &json!("a;b"))
    );
    let path = format!("{}/errors.csv", path_of(&again));
    let none = admin.get(&path).await.expect(200).text();
    assert_eq!(none.lines().count(), 1, "{none}");
}

#[tokio::test]
async fn all_refused_rows_of_a_file_are_streamed_in_order() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let rows: Vec<String> = (0..1_200)
        .map(|row| format!("{{\"sku\":{row}}}\n"))
        .collect();
    let import = admin.import("format=ndjson", rows.concat()).await;
    assert_eq!(counts(&import), [0, 0, 0, 1_200]);
    assert_eq!(import["errors"].as_array().unwrap().len(), 1_000);
    let path = format!("{}/errors.csv", path_of(&import));
    let text = admin.get(&path).await.expect(200).text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "\u{feff}line,error");
    assert_eq!(lines.len(), 1_201);
    for (row, line) in lines[1..].iter().enumerate() {
        let expected = format!("\"{{\"\"sku\"\":{row}}}\",");
        assert!(line.starts_with(&expected), "{line}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_table_fails_with_a_reason() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    for (file, reason) in [
        (&b"PK\x03\x04\x14\x00\x08\x00products.csv"[..], "ZIP"),
        (b"sku,name\nA\0,Egg\n", "not a text file"),
        (b"sku,name\n", "no rows"),
        (b"colour\nred\n", "needs one of the columns"),
        (b"[{\"sku\":\"A\"}]", "JSON array"),
    ] {
        let import = admin.import("", file).await;
        assert_eq!(import["status"], "failed", "{import}");
        let failure = import["failure"].as_str().unwrap();
        assert!(failure.contains(reason), "{failure}");
        assert_eq!(counts(&import), [0; 4]);
        let path = format!("{}/errors.csv", path_of(&import));
        admin.get(&path).await.expect(200);
    }
    let list = admin.get("/api/products?status=all").await.expect(200);
    assert_eq!(list.json()["pagination"]["total"], 0);
}
