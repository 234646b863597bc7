//! Example bodies of requests and answers.

use serde_json::{Value, json};

/// The example body of a request. It is valid for the demonstration catalogue.
pub(super) fn request(operation: &str) -> Option<Value> {
    Some(match operation {
        "createProduct" | "replaceProduct" => json!({
            "name": "EggyPro Cocoa 500g",
            "description": "Egg white protein with cocoa.",
            "details": "80 g of protein in 100 g. Keep dry.",
            "price": 24.90,
            "images": ["https://images.example/cocoa.jpg"],
            "ingredients": ["Egg white protein", "Cocoa"],
            "stock_quantity": 40
        }),
        "patchProduct" => json!({ "price": 22.90 }),
        "createCategory" | "replaceCategory" => json!({
            "name": "Gift sets", "description": "Boxes with something of everything."
        }),
        "replaceSynonyms" => json!({ "groups": [["cocoa", "cacao"], ["albumen", "egg white"]] }),
        "createReview" => json!({
            "reviewer_name": "Ada", "rating": 5, "comment": "Mixes well and tastes of vanilla."
        }),
        "verifyReview" => json!({ "is_verified": true }),
        "decideReviews" => json!({ "ids": [1, 2], "decision": "verify" }),
        "writeProducts" => json!({
            "atomic": true,
            "operations": [
                { "action": "patch", "slug": "eggypro-vanilla-1kg", "body": { "price": 34.90 } },
                { "action": "stock", "slug": "eggypro-cocoa-1kg", "body": { "change": 5, "reason": "delivery" } }
            ]
        }),
        "makeMovement" => json!({ "change": -2, "reason": "sale", "reference": "order-1001" }),
        "makeMovements" => json!({
            "reason": "sale", "reference": "order-1001",
            "lines": [
                { "slug": "eggypro-vanilla-1kg", "change": -2 },
                { "slug": "eggypro-cocoa-1kg", "change": -1 }
            ]
        }),
        "createReservation" => json!({
            "reference": "order-1001", "expires_in": 900,
            "lines": [{ "slug": "eggypro-vanilla-1kg", "quantity": 2 }]
        }),
        "createKey" => {
            json!({ "name": "Warehouse", "permissions": ["products:read", "products:write"] })
        }
        "rotateKey" => json!({ "overlap_seconds": 3600 }),
        "createWebhook" => {
            json!({ "url": "https://erp.example/hook", "types": ["product.*", "stock.moved"] })
        }
        "patchWebhook" => json!({ "is_active": false }),
        _ => return None,
    })
}

/// The example of a schema in an answer.
pub(super) fn answer(schema: &str) -> Option<Value> {
    let with = |mut object: Value, name: &str, value: Value| {
        object[name] = value;
        object
    };
    let page = |items: Value| {
        let pagination = json!({
            "total": 1, "total_precision": "exact", "limit": 20, "offset": 0, "next_cursor": null
        });
        json!({ "data": items, "pagination": pagination })
    };
    let listed = product(json!({ "average": 4.67, "count": 12 }));
    Some(match schema {
        "Product" => {
            let stars = json!({ "1": 0, "2": 0, "3": 1, "4": 2, "5": 9 });
            product(json!({ "average": 4.67, "count": 12, "distribution": stars }))
        }
        "ProductPage" => page(json!([listed])),
        "SearchResults" => {
            let highlight = json!({
                "name": "EggyPro <mark>Vanilla</mark> 1kg",
                "description": "Egg white protein with real <mark>vanilla</mark>."
            });
            page(json!([with(listed, "highlight", highlight)]))
        }
        "Suggestions" => json!({ "data": [{
            "name": "EggyPro Vanilla 1kg", "title": "EggyPro Vanilla 1 kg", "slug": "eggypro-vanilla-1kg", "price": 39.90,
            "image": "https://images.example/vanilla.jpg"
        }] }),
        "Category" => category(),
        "CategoryList" => json!({ "data": [category()] }),
        "Review" => review(true),
        "ReviewPage" => page(json!([review(true)])),
        "ModerationPage" => {
            let of =
                json!({ "id": 1, "slug": "eggypro-vanilla-1kg", "name": "EggyPro Vanilla 1kg" });
            page(json!([with(review(false), "product", of)]))
        }
        "BulkResults" => json!({ "results": [
            { "status": 200, "slug": "eggypro-vanilla-1kg", "etag": "\"1-5\"" },
            { "status": 201, "slug": "eggypro-cocoa-1kg" }
        ] }),
        "Movement" => movement(),
        "Movements" => json!({ "movements": [movement()] }),
        "MovementPage" => page(json!([movement()])),
        "Reservation" => json!({
            "id": "3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a7", "status": "held", "reference": "order-1001",
            "expires_at": "2026-01-05T10:15:00Z", "lines": [{ "slug": "eggypro-vanilla-1kg", "quantity": 2 }]
        }),
        "StartedImport" => {
            json!({ "id": "3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a7", "status": "running" })
        }
        "Import" => import(),
        "ImportPage" => page(json!([import_summary()])),
        "ApiKeyList" => json!({ "data": [key()] }),
        "FreshApiKey" => {
            let secret = "egg_9fK2mQ7xT1bZ_4tGv0c8LwPzR5yHn3JdSaXe6UoBiMkQf2kV9sD";
            with(key(), "secret", json!(secret))
        }
        "Webhook" => webhook(),
        "WebhookList" => json!({ "data": [webhook()] }),
        "FreshWebhook" => {
            let secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
            with(webhook(), "secret", json!(secret))
        }
        "WebhookTest" => json!({ "status": 204, "milliseconds": 38, "error": null }),
        "DeliveryPage" => page(json!([delivery()])),
        "RetriedDelivery" => json!({ "event": "4711", "state": "pending" }),
        "ChangePage" => page(json!([{
            "id": 4711, "at": "2026-01-05T10:00:00Z", "actor": { "kind": "admin", "id": "admin", "name": null },
            "request_id": "3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a7", "reason": null, "resource": "product", "resource_id": 1,
            "slug": "eggypro-vanilla-1kg", "action": "updated", "diff": { "price": [39.90, 41.90] }
        }])),
        "EventPage" => json!({
            "data": [{
                "id": "4711", "type": "product.updated", "time": "2026-01-05T10:00:00Z",
                "subject": "/api/products/eggypro-vanilla-1kg",
                "data": product(json!({ "average": 4.67, "count": 12, "distribution": { "1": 0, "2": 0, "3": 1, "4": 2, "5": 9 } }))
            }],
            "next_cursor": "ZXZlbnRz"
        }),
        "Metrics" => metrics(),
        "BulkDecisionResults" => {
            json!({ "results": [{ "id": 1, "status": 200 }, { "id": 2, "status": 404 }] })
        }
        _ => return None,
    })
}

fn product(rating: Value) -> Value {
    let image = "https://images.example/vanilla.jpg";
    json!({
        "id": 1,
        "name": "EggyPro Vanilla 1kg",
        "slug": "eggypro-vanilla-1kg",
        "description": "Egg white protein with real vanilla.",
        "details": "82 g of protein in 100 g. Keep dry.",
        "price": 39.90,
        "images": [image],
        "media": [{
            "url": image, "alt_text": "A bag of protein powder", "public_id": null, "width": null, "height": null, "thumbnail": null,
            "optimized": null, "responsive": null
        }],
        "ingredients": ["Egg white protein", "Vanilla"],
        "stock_quantity": 120,
        "is_active": true,
        "categories": [{ "id": 3, "name": "Protein powders", "slug": "protein-powders" }],
        "rating": rating,
        "publish_at": null,
        "unpublish_at": null,
        "low_stock_at": 10,
        "title": "EggyPro Vanilla 1 kg",
        "sku": "EP-VAN-1000",
        "gtin": "4006381333931",
        "brand": "EggyPro",
        "currency": "EUR",
        "list_price": 44.90,
        "net_content": { "value": 1, "unit": "kg" },
        "unit_price": { "price": 39.90, "per": "1 kg" },
        "food": {
            "allergens": ["eggs"], "may_contain": ["milk"], "diets": ["vegetarian", "gluten-free"],
            "nutrition": {
                "basis": "100 g", "serving_size": 30, "energy_kj": 1540, "energy_kcal": 368, "fat": 0.4,
                "saturates": 0.1, "carbohydrate": 6.1, "sugars": 5, "fibre": 0, "protein": 82, "salt": 2.1
            },
            "origin_country": "DE", "storage": "Keep dry."
        },
        "group": "eggypro-protein-powder",
        "options": { "Flavour": "Vanilla", "Size": "1 kg" },
        "seo": { "title": null, "description": null },
        "version": 4,
        "created_at": "2026-01-05T10:00:00Z",
        "updated_at": "2026-02-01T08:30:00Z"
    })
}

fn movement() -> Value {
    json!({
        "id": 81, "slug": "eggypro-vanilla-1kg", "change": -2, "balance": 118, "reason": "sale",
        "reference": "order-1001", "actor": { "kind": "admin", "id": "admin", "name": null },
        "at": "2026-01-05T10:00:00Z"
    })
}

fn import_summary() -> Value {
    json!({
        "id": "3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a7", "status": "done", "format": "csv", "mode": "upsert",
        "dry_run": true, "rows": 120, "done": 120, "created": 2, "updated": 17, "unchanged": 100, "failed": 1,
        "failure": null, "created_at": "2026-01-05T10:00:00Z", "finished_at": "2026-01-05T10:00:04Z"
    })
}

fn import() -> Value {
    let mut import = import_summary();
    import["errors"] = json!([{ "row": 7, "column": "price", "value": "-1", "message": "Price must be positive" }]);
    import["preview"] = json!([{
        "row": 2, "slug": "eggypro-vanilla-1kg", "action": "updated",
        "changes": [{ "field": "price", "before": 39.90, "after": 41.90 }]
    }]);
    import
}

fn metrics() -> Value {
    json!({
        "days": 7,
        "endpoints": [{
            "endpoint": "/api/products/{slug}", "method": "GET", "total_requests": 10, "error_count": 1,
            "avg_response_time": 2.1, "p50": 2, "p95": 5, "p99": 9
        }],
        "series": [{
            "at": "2026-01-05T10:00:00Z", "total_requests": 10, "error_count": 1, "p50": 2, "p95": 5, "p99": 9
        }],
        "cache": { "hits": 971, "misses": 29 }
    })
}

fn category() -> Value {
    json!({
        "id": 3, "name": "Protein powders", "slug": "protein-powders", "description": null,
        "is_active": true, "created_at": "2026-01-05T10:00:00Z"
    })
}

fn review(is_verified: bool) -> Value {
    json!({
        "id": 1, "product_id": 1, "reviewer_name": "Ada", "reviewer_image_url": null, "rating": 5,
        "comment": "Mixes well and tastes of vanilla.", "image_url": null, "video_url": null,
        "is_verified": is_verified, "created_at": "2026-01-06T12:00:00Z"
    })
}

fn key() -> Value {
    json!({
        "id": "9fK2mQ7xT1bZ", "name": "Warehouse", "prefix": "egg_9fK2mQ7xT1bZ",
        "permissions": ["products:read", "products:write"], "created_at": "2026-01-05T10:00:00Z", "created_by": "admin",
        "expires_at": null, "last_used_at": "2026-01-06T10:00:00Z", "revoked_at": null
    })
}

fn webhook() -> Value {
    json!({
        "id": "3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a7", "url": "https://erp.example/hook",
        "types": ["product.*", "stock.moved"], "is_active": true, "disabled_reason": null,
        "created_at": "2026-01-05T10:00:00Z"
    })
}

fn delivery() -> Value {
    json!({
        "event": { "id": "4711", "type": "product.updated", "subject": "/api/products/eggypro-vanilla-1kg" },
        "state": "pending", "attempts": 1, "status": 503, "milliseconds": 38, "error": "the receiver answered 503",
        "next_attempt_at": "2026-01-05T10:00:05Z", "created_at": "2026-01-05T10:00:00Z", "delivered_at": null
    })
}
