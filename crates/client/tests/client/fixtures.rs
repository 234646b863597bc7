//! Resources as the server writes them.

/// A product with this id, slug and price.
pub(crate) fn product(id: i32, slug: &str, price: &str) -> String {
    format!(
        r#"{{"id":{id},"name":"Eggs","slug":"{slug}","description":"D","details":"D","price":{price},"images":[],
        "media":[],"ingredients":["Egg"],"stock_quantity":3,"is_active":true,
        "categories":[{{"id":3,"name":"Bars","slug":"bars"}}],"rating":{{"average":4.67,"count":3,"distribution":{{"5":3}}}},
        "publish_at":null,"unpublish_at":null,"low_stock_at":null,"title":"Eggs","sku":null,"gtin":null,"brand":"EggyPro",
        "currency":"EUR","list_price":44.90,"net_content":{{"value":1.5,"unit":"kg"}},
        "unit_price":{{"price":26.60,"per":"1 kg"}},"food":{{"allergens":["eggs","moonstone"],"may_contain":[],"diets":[],
        "nutrition":{{"basis":"100 g","fat":0.4,"protein":82.0}},"origin_country":"DE","storage":null}},"group":null,
        "options":{{"Size":"1 kg"}},"seo":{{"title":null,"description":null}},"version":4,
        "created_at":"2026-01-05T10:00:00Z","updated_at":"2026-01-05T10:00:00Z","colour_of_the_future":"blue"}}"#
    )
}

/// A stock movement.
pub(crate) fn movement(id: i64) -> String {
    format!(
        r#"{{"id":{id},"slug":"eggs","change":-2,"balance":1,"reason":"sale","reference":null,
        "actor":{{"kind":"admin","id":"admin","name":null}},"at":"2026-01-05T10:00:00Z"}}"#
    )
}

/// A page of these items.
pub(crate) fn page(items: &[String], next_cursor: Option<&str>) -> String {
    let next = next_cursor.map_or("null".to_owned(), |cursor| format!("\"{cursor}\""));
    format!(
        r#"{{"data":[{}],"pagination":{{"total":10000,"total_precision":"at_least","limit":2,"offset":0,"next_cursor":{next}}}}}"#,
        items.join(",")
    )
}

/// An event about the product `eggs`.
pub(crate) fn event(id: u32, kind: &str) -> String {
    format!(
        r#"{{"id":"{id}","type":"{kind}","time":"2026-01-05T10:00:00Z","subject":"/api/products/eggs","data":{}}}"#,
        product(7, "eggs", "39.90")
    )
}

/// A page of events.
pub(crate) fn events(events: &[String], next_cursor: &str) -> String {
    format!(
        r#"{{"data":[{}],"next_cursor":"{next_cursor}"}}"#,
        events.join(",")
    )
}
