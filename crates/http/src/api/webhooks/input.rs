use eggypro_domain::Valid;
use eggypro_domain::webhooks::{NewWebhook, TypePattern, WebhookChanges, WebhookUrl};
use utoipa::ToSchema;

use crate::message::fields::Fields;
use crate::message::problem::Problem;
use crate::receivers::WebhookReceivers;

/// Maximum number of types in a body, as the domain allows. More of them are not read: each unknown one would be an error
/// with all known ones in it.
const MAX_TYPES: usize = 50;

/// A webhook to be made.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what `read_input` reads")]
pub(super) struct WebhookInput {
    /// Where events are sent: an https URL of a public address, without a user name, a password and a fragment.
    #[schema(
        min_length = 1,
        max_length = 2048,
        example = "https://erp.example/hook"
    )]
    url: String,
    /// The types of events that it receives: `*` for all, those of a group such as `product.*`, or single ones.
    #[schema(min_items = 1, max_items = 50, example = json!(["product.*", "stock.moved"]))]
    types: Vec<String>,
    /// Whether it receives events from the start.
    #[schema(required = false, default = true)]
    is_active: Option<bool>,
}

/// What is to change of a webhook (RFC 7396): absent fields stay, null takes a field that has a default back to it.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what `read_changes` reads")]
pub(super) struct WebhookPatch {
    /// Where events are sent from now on, also those that wait.
    #[schema(
        required = false,
        min_length = 1,
        max_length = 2048,
        example = "https://erp.example/hook"
    )]
    url: String,
    /// The types of events that it receives from now on. Events that wait are sent all the same.
    #[schema(required = false, min_items = 1, max_items = 50, example = json!(["product.*", "stock.moved"]))]
    types: Vec<String>,
    /// Whether it receives events from now on. With `false`, events that wait are dropped.
    is_active: Option<bool>,
}

/// Reads a webhook from a body.
///
/// # Errors
/// 422 that names every invalid field.
pub(super) fn read_input(
    mut fields: Fields<'_>,
    receivers: &dyn WebhookReceivers,
) -> Result<Valid<NewWebhook>, Problem> {
    let url = fields.text("url");
    let url = fields.require("url", url).value();
    let url = url.and_then(|text| read_url(&mut fields, &text, receivers));
    let names = fields.texts("types");
    let names = fields.require("types", names).or_default();
    let types = read_types(&mut fields, &names);
    let is_active = fields.boolean("is_active").or(true);
    let Some(url) = url else {
        return Err(without_url(fields, types));
    };
    let mut webhook = NewWebhook::new(url, types);
    webhook.is_active = is_active;
    fields.validate(webhook)
}

/// The problem of a body whose URL is refused. It also names the rules that its other fields break.
fn without_url(fields: Fields<'_>, types: Vec<TypePattern>) -> Problem {
    let mut others = WebhookChanges::default();
    others.types = Some(types);
    let refused = fields.validate(others).err();
    refused.unwrap_or_else(|| Problem::unexpected("a refused URL has no error"))
}

/// Reads a merge patch from a body.
///
/// # Errors
/// 422 that names every invalid field.
pub(super) fn read_changes(
    mut fields: Fields<'_>,
    receivers: &dyn WebhookReceivers,
) -> Result<Valid<WebhookChanges>, Problem> {
    let mut changes = WebhookChanges::default();
    let url = fields.text("url");
    let url = fields.require_unless_absent("url", url);
    changes.url = url.and_then(|text| read_url(&mut fields, &text, receivers));
    let names = fields.texts("types");
    let names = fields.require_unless_absent("types", names);
    changes.types = names.map(|names| read_types(&mut fields, &names));
    changes.is_active = fields.boolean("is_active").or_reset_to(true);
    fields.validate(changes)
}

fn read_url(
    fields: &mut Fields<'_>,
    text: &str,
    receivers: &dyn WebhookReceivers,
) -> Option<WebhookUrl> {
    let url = WebhookUrl::parse(text, receivers.schemes()).map_err(|rule| rule.to_string());
    let url = url.and_then(|url| match receivers.check(&url) {
        Ok(()) => Ok(url),
        Err(reason) => Err(format!("URL is refused: {reason}")),
    });
    url.map_err(|rule| fields.refuse("url", rule)).ok()
}

/// Reads patterns of types, each once.
fn read_types(fields: &mut Fields<'_>, names: &[String]) -> Vec<TypePattern> {
    let mut types = vec![];
    if names.len() > MAX_TYPES {
        fields.refuse("types", "Too many types");
        return types;
    }
    for (index, name) in names.iter().enumerate() {
        match name.parse::<TypePattern>() {
            Ok(pattern) if !types.contains(&pattern) => types.push(pattern),
            Ok(_) => {}
            Err(unknown) => fields.refuse(&format!("types[{index}]"), unknown),
        }
    }
    types
}
