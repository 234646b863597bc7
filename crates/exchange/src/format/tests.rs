use std::io::Cursor;

use super::*;

fn format_of(text: &str) -> Result<Format, String> {
    let read = read(Cursor::new(text.to_owned()), None);
    read.map(|file| file.format)
        .map_err(|error| error.to_string())
}

#[test]
fn formats_have_names() {
    for format in Format::ALL {
        assert_eq!(format.as_str().parse(), Ok(format));
        assert_eq!(format.to_string(), format.as_str());
    }
    assert_eq!("auto".parse::<Format>(), Err(UnknownFormat));
    assert_eq!(
        UnknownFormat.to_string(),
        "Format must be one of csv, ndjson, shopify, woocommerce"
    );
}

#[test]
fn formats_are_found() {
    for (text, format) in [
        ("sku,name,price\n", Format::Csv),
        ("Preis;Name\n", Format::Csv),
        ("\u{feff}\n {\"name\": \"Egg\"}\n", Format::Ndjson),
        (
            "Handle,Title,Body (HTML),Vendor,Variant SKU,Variant Price\n",
            Format::Shopify,
        ),
        (
            "Title,URL handle,Description,Vendor,SKU,Price\n",
            Format::Shopify,
        ),
        (
            "ID,Type,SKU,Name,Published,\"Regular price\",Categories,Images\n",
            Format::WooCommerce,
        ),
    ] {
        assert_eq!(format_of(text), Ok(format), "{text}");
    }
    for (text, message) in [
        ("", "The file is empty"),
        (
            "Preis;Artikel\n",
            "The file needs one of the columns sku, gtin, slug, name in its first row",
        ),
        (
            "sku,price,Price\n",
            "The file has the column price twice: remove one of them",
        ),
        (
            "[\n{\"name\": \"Egg\"}]\n",
            "This looks like a JSON array. Write one product a line, without the brackets and commas around them",
        ),
    ] {
        assert_eq!(format_of(text), Err(message.to_owned()), "{text}");
    }
}

#[test]
fn tables_with_a_slug_are_ours() {
    for header in [
        "sku,slug,handle,title,price",
        "Slug,Handle,Title,Vendor",
        "slug,Title,URL handle",
        "sku,slug,name,stock_quantity,Type,Short description,Sale price,Regular price",
        "slug,name,list_price,In stock,Regular price",
    ] {
        assert_eq!(format_of(header), Ok(Format::Csv), "{header}");
    }
    // Some plugins of WooCommerce add the slug.
    let header = "ID,Type,SKU,Name,Slug,Short description,Regular price,Sale price";
    assert_eq!(format_of(header), Ok(Format::WooCommerce));
}

#[test]
fn a_format_can_be_demanded() {
    let File {
        format, mut rows, ..
    } = read("sku\nA\n".as_bytes(), Some(Format::Ndjson)).unwrap();
    assert_eq!(format, Format::Ndjson);
    assert!(rows.next().unwrap().unwrap().product.is_err());
    assert!(read("{}\n".as_bytes(), Some(Format::Csv)).is_err());
    assert!(read("sku\nA\n".as_bytes(), Some(Format::Shopify)).is_err());
}

#[test]
fn rows_can_be_sent_to_another_thread() {
    for text in [
        "sku,name\nA,Egg\n",
        "{\"sku\": \"A\"}\n",
        "Handle,Title\na,Egg\n",
        "SKU,Name,Short description,Regular price\nA,Egg,,1\n",
    ] {
        let file = read(Cursor::new(text), None).unwrap();
        let rows = file.rows;
        let count = std::thread::spawn(|| rows.count()).join().unwrap();
        assert_eq!(count, 1, "{text}");
    }
}

#[test]
fn messages_repeat_little_of_a_cell() {
    let long = "É ".repeat(100_000);
    let (start, end) = ("É ".repeat(50), "…");
    for (text, before) in [
        (format!("sku,categories\nA,{long}\n"), "Unknown category: "),
        (
            format!("{{\"categories\": [\"{long}\"]}}\n"),
            "Unknown category: ",
        ),
        (
            format!(
                "SKU,Type,Parent,Regular price,Attribute 1 name,Attribute 1 value(s)\nA,variation,{long},1,Size,S\n"
            ),
            "No row above this one is the variable product ",
        ),
        (
            format!(
                "SKU,Type,Parent,Regular price,Attribute 1 name,Attribute 1 value(s)\nA,variation,,1,{long},\n"
            ),
            "The variation is for any ",
        ),
        (
            format!("Handle,Title,Option1 name,Option1 value,Price\na,A,{long},,1\n"),
            "",
        ),
    ] {
        let row = read(Cursor::new(text), None).unwrap().rows.next();
        let errors = row.unwrap().unwrap().product.unwrap_err();
        let mut messages = errors.iter().map(|error| error.message.as_str());
        let expected = format!("{before}{start}{end}");
        let is_cut = |message: &str| message.starts_with(&expected) && message.len() < 400;
        assert!(
            messages.any(is_cut),
            "{before}: {}",
            errors[0].message.len()
        );
    }
}
