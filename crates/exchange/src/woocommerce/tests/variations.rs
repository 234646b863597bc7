use eggypro_domain::products::Nested;

use super::*;

const VARIABLE: &str = "\
ID,Type,SKU,Name,Published,Short description,Description,Stock,Sale price,Regular price,Categories,Images,Parent,\
Attribute 1 name,Attribute 1 value(s),Attribute 2 name,Attribute 2 value(s)\n";

fn options(record: &Record) -> Vec<(&str, &str)> {
    let Some(Nested::Set(options)) = &record.changes.options else {
        return vec![];
    };
    let options = options.iter();
    let options = options.map(|option| (option.name.as_str(), option.value.as_str()));
    options.collect()
}

#[test]
fn variations_inherit_from_their_parent_by_id_or_sku() {
    let rows = read(&format!(
        "{VARIABLE}\
         10,variable,,Protein Bar,1,Short,Long,,,,Food > Bars,https://a.b/p.jpg,,Size,\"1 kg, 2\\, 5 kg\",,\n\
         11,variation,BAR-1,Protein Bar - 1 kg,1,,,5,,20,,https://a.b/v.jpg,id:10,Size,1 kg,,\n\
         12,variation,,Protein Bar,1,,Own,6,18,20,,,id:10,Size,\"2\\,5 kg\",,\n\
         20,variable,SHAKE,Shake,0,Mix,,,,,,,,Taste,\"Egg, Milk\",Size,S\n\
         21,variation,SH-1,,1,,,,,9,,,shake,Taste,Egg,Size,S\n\
         22,variation,SH-2,,1,,,,,9,,,SHAKE,Taste,Milk,Size,S\n"
    ));
    let records: Vec<Record> = rows.into_iter().map(|row| row.product.unwrap()).collect();
    let [first, second, third, fourth] = records.as_slice() else {
        panic!("{records:?}");
    };
    assert_eq!(slug(first), Some("protein-bar-1-kg"));
    assert_eq!(first.changes.group, Some("protein-bar".parse().ok()));
    assert_eq!(options(first), [("Size", "1 kg")]);
    assert_eq!(first.changes.name.as_deref(), Some("Protein Bar - 1 kg"));
    assert_eq!(first.changes.description.as_deref(), Some("Short"));
    assert_eq!(first.changes.details.as_deref(), Some("Long"));
    assert_eq!(categories(first), ["bars"]);
    let images = ["https://a.b/v.jpg", "https://a.b/p.jpg"].map(str::to_owned);
    assert_eq!(first.changes.images, Some(images.to_vec()));

    assert_eq!(slug(second), Some("protein-bar-2-5-kg"));
    assert_eq!(options(second), [("Size", "2,5 kg")]);
    assert_eq!(
        second.changes.title,
        Some(Some("Protein Bar - 2,5 kg".to_owned()))
    );
    assert_eq!(second.changes.description.as_deref(), Some("Own"));
    assert_eq!(second.changes.details.as_deref(), Some("Long"));
    assert_eq!(
        second.changes.images,
        Some(vec!["https://a.b/p.jpg".to_owned()])
    );
    assert_eq!(second.changes.list_price, Some("20".parse().ok()));

    assert_eq!(slug(third), Some("shake-egg-s"));
    assert_eq!(
        third.changes.is_active,
        Some(false),
        "its parent is private"
    );
    assert_eq!(options(fourth), [("Taste", "Milk"), ("Size", "S")]);
    assert_eq!(fourth.changes.group, Some("shake".parse().ok()));
}

#[test]
fn wrong_variations_are_refused_and_the_others_go_on() {
    let text = format!(
        "{VARIABLE}\
         11,variation,V-1,,1,,,,,20,,,id:10,Size,1 kg,,\n\
         10,variable,BAR,Bar,1,,,,,,,,,Size,1 kg,,\n\
         12,variation,V-2,,1,,,,,20,,,,Size,1 kg,,\n\
         13,variation,V-3,,1,,,parent,,20,,,id:10,Size,1 kg,,\n\
         14,variation,V-4,,1,,,,,20,,,id:10,Size,,,\n\
         15,variation,V-5,,1,,,,,20,,,id:10,,,,\n\
         16,variation,V-6,,1,,,,,20,,,id:10,Size,1 kg,size,2 kg\n\
         17,variation,V-7,,1,,,,,20,,,id:10,Size,1 kg,,\n\
         20,variable,,,1,,,,,,,,,Size,S,,\n\
         21,variation,V-8,,1,,,,,20,,,id:20,Size,S,,\n\
         30,variable,,Alone,1,,,,,,,,,Size,S,,\n"
    );
    assert_eq!(
        errors(&text),
        [
            "2 Parent [id:10]: No row above this one is the variable product id:10: add it, or move it above its \
             variations",
            "4 Parent []: A variation needs the SKU of its variable product, or its ID: id:44",
            "5 Stock [parent]: The stock is counted for all variations together: enter the stock of each one",
            "6 Attribute 1 value(s) []: The variation is for any Size: enter one value",
            "7  []: A variation needs an attribute, such as its size",
            "8 Attribute 1 name [Size]: Option name given twice: size",
            "10 Name []: Name is required",
            "11 Parent [id:20]: The row of its variable product is wrong: correct row 10",
            "12 Type [variable]: The file has no variation of this product: export the type variation too",
        ]
    );
    let valid = read(&text).into_iter().filter_map(|row| row.product.ok());
    let skus: Vec<_> = valid
        .filter_map(|record| Some(record.sku()?.to_string()))
        .collect();
    assert_eq!(skus, ["V-7"]);
}

#[test]
fn variable_products_without_variations_keep_their_cells() {
    let rows = read(&format!(
        "{VARIABLE}\
         10,variable,A-1,'=Bar,1,,,,,,,,,Size,S,,\n\
         11,variable,A-2,\"Bar\n2\",1,,,,,,,,,Size,S,,\n\
         12,variation,,,1,,,,,20,,,A-1,Size,S,,\n"
    ));
    let refused = rows.iter().filter(|row| row.product.is_err());
    let refused: Vec<_> = refused.map(|row| (row.number, row.cells.clone())).collect();
    let cells = "11|variable|A-2|Bar\n2|1|||||||||Size|S||".split('|');
    assert_eq!(refused, [(3, cells.map(str::to_owned).collect())]);
}

#[test]
fn equal_names_of_variable_products_get_different_groups() {
    let rows = read(&format!(
        "{VARIABLE}\
         10,variable,A-1,Bar,1,,,,,,,,,Size,S,,\n\
         11,variable,A-2,Bar,1,,,,,,,,,Size,S,,\n\
         12,variation,,,1,,,,,20,,,A-1,Size,S,,\n\
         13,variation,,,1,,,,,20,,,A-2,Size,S,,\n"
    ));
    let groups = rows
        .into_iter()
        .filter_map(|row| row.product.ok()?.changes.group?);
    let groups: Vec<String> = groups.map(String::from).collect();
    assert_eq!(groups, ["bar", "bar-a-2"]);
}

#[test]
fn german_exports_are_read() {
    let text = "ID;Typ;Artikelnummer;\"GTIN, UPC, EAN oder ISBN\";Name;Veröffentlicht;Kurzbeschreibung;\
                \"Datum, an dem Angebotspreis endet\";Vorrätig?;Bestand;Angebotspreis;Regulärer Preis;Kategorien;\
                Bilder;Übergeordnetes Produkt;Attribut 1 Name;Attribut 1 Wert(e)\n\
                10;variable;;;Eiweißriegel;1;Kurz;;1;;;;Essen > Riegel;;;Größe;groß\n\
                11;variation;R-1;;;1;;2026-06-14;1;5;18,00;20,50;;;id:10;Größe;groß\n\
                12;simple;P-1;4006381333931;Pulver;-1;;;0;;12,5;1234,50;;;;;\n";
    assert!(is_header(&table(text)));
    let records: Vec<Record> = read(text)
        .into_iter()
        .map(|row| row.product.unwrap())
        .collect();
    let [variation, simple] = records.as_slice() else {
        panic!("{records:?}");
    };
    assert_eq!(
        variation.changes.title,
        Some(Some("Eiweißriegel - groß".to_owned()))
    );
    assert_eq!(
        variation.changes.name.as_deref(),
        Some("Eiweissriegel - gross")
    );
    assert_eq!(
        variation.changes.price,
        "20.50".parse().ok(),
        "the sale has ended"
    );
    assert_eq!(variation.changes.list_price, Some(None));
    assert_eq!(variation.changes.stock_quantity, Some(5));
    assert_eq!(categories(variation), ["riegel"]);
    assert_eq!(options(variation), [("Größe", "groß")]);
    assert_eq!(slug(variation), Some("eiweissriegel-gross"));
    assert_eq!(simple.changes.price, "12.50".parse().ok());
    assert_eq!(simple.changes.list_price, Some("1234.50".parse().ok()));
    assert_eq!(simple.changes.is_active, Some(false));
    assert_eq!(simple.changes.stock_quantity, Some(0));
    assert_eq!(
        errors("Artikelnummer;Regulärer Preis\nA;x\n")
            .first()
            .map(|error| error.starts_with("2 Regulärer Preis [x]")),
        Some(true)
    );
}
