use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::products::{Nested, ProductChanges, Seo};

use super::body::ProductBody;
use super::facts::{read_alt_texts, read_food, read_net_content, read_seo};
use super::input::ProductPatch;
use super::{change, slug_of};
use crate::message::fields::{Fields, Given};
use crate::message::json_body::JsonBody;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ProductsWrite};
use crate::state::Api;

/// Change some fields of a product
///
/// A merge patch (RFC 7396): absent fields stay, and null takes a field that has a default back to it.
#[utoipa::path(
    patch,
    path = "/api/products/{slug}",
    tag = "products",
    operation_id = "patchProduct",
    security(("admin" = ["products:write"])),
    params(
        ("slug" = String, Path, description = "The product's slug"),
        ("If-Match" = Option<String>, Header, description = "An ETag of the state that is to be changed"),
    ),
    request_body(
        content((ProductPatch = "application/merge-patch+json"), (ProductPatch = "application/json")),
        description = "A merge patch, RFC 7396",
    ),
    responses(
        (status = 200, description = "The product as it now stands", body = ProductBody),
        (status = 404, description = "Unknown"),
        (status = 409, description = "The slug, SKU or GTIN is taken, or the options clash with a variant's"),
        (status = 412, description = "If-Match does not hold"),
    ),
)]
pub(crate) async fn patch(
    _: Admin<ProductsWrite>,
    request: HttpRequest,
    path: web::Path<String>,
    body: JsonBody,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let slug = slug_of(path)?;
    let mut fields = body.fields()?;
    let changes = read_patch(&mut fields);
    change(&request, &slug, fields, changes, &api).await
}

/// Reads a merge patch from a body, before validation.
pub(super) fn read_patch(fields: &mut Fields<'_>) -> ProductChanges {
    let (name, slug) = (fields.text("name"), fields.slug("slug"));
    let (description, details) = (fields.text("description"), fields.text("details"));
    let (price, ingredients) = (fields.price("price"), fields.texts("ingredients"));
    let mut changes = ProductChanges::default();
    changes.name = fields.require_unless_absent("name", name);
    changes.slug = fields.require_unless_absent("slug", slug);
    changes.description = fields.require_unless_absent("description", description);
    changes.details = fields.require_unless_absent("details", details);
    changes.price = fields.require_unless_absent("price", price);
    changes.images = fields.texts("images").or_reset_to(vec![]);
    changes.ingredients = fields.require_unless_absent("ingredients", ingredients);
    changes.stock_quantity = fields.integer("stock_quantity").or_reset_to(0);
    changes.is_active = fields.boolean("is_active").or_reset_to(true);
    changes.categories = fields.categories("categories").or_reset_to(vec![]);
    changes.publish_at = fields.time("publish_at").or_null();
    changes.unpublish_at = fields.time("unpublish_at").or_null();
    changes.low_stock_at = fields.integer("low_stock_at").or_null();
    changes.title = fields.text("title").or_null();
    changes.sku = fields.parsed_text("sku").or_null();
    changes.gtin = fields.parsed_text("gtin").or_null();
    changes.brand = fields.text("brand").or_null();
    changes.list_price = fields.list_price().or_null();
    changes.group = fields.parsed_text("group").or_null();
    changes.net_content = merged(read_net_content(fields)).or_null();
    changes.food = merged(read_food(fields)).or_null();
    changes.options = merged(fields.pairs("options")).or_reset_to(Nested::Set(vec![]));
    changes.alt_texts = read_alt_texts(fields).or_reset_to_default();
    changes.seo = merged(read_seo(fields)).or_reset_to(Nested::Set(Seo::default()));
    changes
}

fn merged<T, C>(changes: Given<C>) -> Given<Nested<T, C>> {
    changes.map(Nested::Merge)
}
