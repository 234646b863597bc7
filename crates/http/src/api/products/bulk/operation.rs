use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use eggypro_domain::products::{
    Expected, OperationError, ProductChanges, ProductId, ProductOperation, Written,
};
use eggypro_domain::{Permission, Slug, Unvalidated};
use serde_json::value::RawValue;

use super::body::OperationResult;
use crate::api::products::input::read_input;
use crate::api::products::patch::read_patch;
use crate::api::stock::body::read_movement;
use crate::message::entity_tag;
use crate::message::fields::{Fields, Given};
use crate::message::problem::Problem;
use crate::pipeline::permissions::require;

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Create,
    Replace,
    Patch,
    Deactivate,
    Remove,
    Stock,
}

impl Action {
    const ALL: [Self; 6] = [
        Self::Create,
        Self::Replace,
        Self::Patch,
        Self::Deactivate,
        Self::Remove,
        Self::Stock,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Replace => "replace",
            Self::Patch => "patch",
            Self::Deactivate => "deactivate",
            Self::Remove => "remove",
            Self::Stock => "stock",
        }
    }

    fn permission(self) -> Permission {
        match self {
            Self::Create | Self::Replace | Self::Patch => Permission::ProductsWrite,
            Self::Deactivate | Self::Remove => Permission::ProductsDelete,
            Self::Stock => Permission::StockWrite,
        }
    }

    /// The status of success, as that of the single call.
    fn status(self) -> StatusCode {
        match self {
            Self::Create | Self::Stock => StatusCode::CREATED,
            Self::Replace | Self::Patch => StatusCode::OK,
            Self::Deactivate | Self::Remove => StatusCode::NO_CONTENT,
        }
    }
}

/// An operation of a request.
pub(super) struct Operation {
    slug: Option<String>,
    status: StatusCode,
    operation: Result<ProductOperation, Problem>,
}

impl Operation {
    pub(super) fn read(json: &RawValue, request: &HttpRequest) -> Self {
        let mut slug = None;
        let mut status = StatusCode::OK;
        let operation = Fields::of(json.get().as_bytes())
            .and_then(|fields| read(fields, request, &mut slug, &mut status));
        Self {
            slug: slug.map(|slug: Slug| slug.to_string()),
            status,
            operation,
        }
    }

    pub(super) fn is_invalid(&self) -> bool {
        self.operation.is_err()
    }

    /// The problem of an operation that its caller may not make.
    pub(super) fn lacks_permission(&self) -> Option<&Problem> {
        self.operation
            .as_ref()
            .err()
            .filter(|problem| problem.is_forbidden())
    }

    pub(super) fn valid(&self) -> Option<ProductOperation> {
        self.operation.as_ref().ok().cloned()
    }

    /// The result of this operation: that of the store, if it was valid.
    pub(super) fn result(
        self,
        made: &mut impl Iterator<Item = Result<Written, OperationError>>,
    ) -> Result<OperationResult, Problem> {
        let written = match self.operation {
            Err(problem) => return Ok(OperationResult::failed(self.slug, problem)),
            Ok(_) => made.next(),
        };
        let written = written.ok_or_else(|| Problem::unexpected("an operation has no result"))?;
        match written {
            Ok(Written::Product(product)) => {
                let tag = format!("\"{}\"", entity_tag::of_revision(product.revision()));
                let slug = Some(product.slug.to_string());
                Ok(OperationResult::made(slug, self.status, Some(tag)))
            }
            Ok(_) => Ok(OperationResult::made(self.slug, self.status, None)),
            Err(OperationError::Product(error)) => {
                Ok(OperationResult::failed(self.slug, error.into()))
            }
            Err(OperationError::Stock(error)) => {
                Ok(OperationResult::failed(self.slug, error.into()))
            }
        }
    }
}

/// Reads an operation. Sets what is known of it even if it is invalid.
fn read(
    mut fields: Fields<'_>,
    request: &HttpRequest,
    slug: &mut Option<Slug>,
    status: &mut StatusCode,
) -> Result<ProductOperation, Problem> {
    let action = fields.one_of("action", &Action::ALL, Action::as_str);
    let action = fields.require("action", action).value();
    let given = fields.slug("slug");
    let given = match action {
        Some(Action::Create) => given,
        _ => fields.require("slug", given),
    };
    *slug = given.value();
    let expected = read_expected(&mut fields);
    if matches!(action, Some(Action::Create | Action::Stock)) && expected != Expected::Any {
        fields.refuse("if_match", "This action has no if_match");
    }
    let body = fields.raw("body");
    match (action, body) {
        (Some(Action::Deactivate | Action::Remove), Some(_)) => {
            fields.refuse("body", "This action has no body");
        }
        (Some(Action::Deactivate | Action::Remove) | None, _) | (_, Some(_)) => {}
        (_, None) => fields.refuse("body", "Body is required"),
    }
    fields.finish()?;
    let action = action.ok_or_else(|| Problem::unexpected("an operation without an action"))?;
    *status = action.status();
    require(request, action.permission())?;
    let body = body.map_or("{}", RawValue::get);
    operation(action, slug, expected, body)
}

fn read_expected(fields: &mut Fields<'_>) -> Expected {
    let Given::Value(tag) = fields.text("if_match") else {
        return Expected::Any;
    };
    entity_tag::expected_tag(&tag, ProductId).unwrap_or_else(|| {
        let message = "If match must be a strong ETag, such as \"7-4\" with its quotes, or *";
        fields.refuse("if_match", message);
        Expected::Any
    })
}

/// Reads the body of an action, which is that of its single call.
fn operation(
    action: Action,
    slug: &mut Option<Slug>,
    expected: Expected,
    body: &str,
) -> Result<ProductOperation, Problem> {
    let mut fields = Fields::of(body.as_bytes())?;
    if action == Action::Create {
        let mut product = read_input(&mut fields);
        if product.slug.is_some() && slug.is_some() && product.slug != *slug {
            fields.refuse("slug", "Slug differs from that of the operation");
        }
        product.slug = product.slug.or_else(|| slug.clone());
        *slug = product.slug();
        let product = fields.validate(product)?;
        let own = product.slug();
        let own = own.ok_or_else(|| Problem::unexpected("a valid product has no slug"))?;
        return Ok(ProductOperation::Create(own, product));
    }
    let slug = slug.clone();
    let slug = slug.ok_or_else(|| Problem::unexpected("an operation without a slug"))?;
    Ok(match action {
        Action::Replace => {
            let changes = ProductChanges::from(read_input(&mut fields));
            ProductOperation::Update(slug, fields.validate(changes)?, expected)
        }
        Action::Patch => {
            let changes = read_patch(&mut fields);
            ProductOperation::Update(slug, fields.validate(changes)?, expected)
        }
        Action::Deactivate => {
            let mut changes = ProductChanges::default();
            changes.is_active = Some(false);
            let changes = Unvalidated::new(changes).validate();
            let changes = changes.map_err(|report| Problem::unexpected(report.to_string()))?;
            ProductOperation::Update(slug, changes, expected)
        }
        Action::Stock => ProductOperation::Move(slug, read_movement(fields)?),
        Action::Create | Action::Remove => ProductOperation::Remove(slug, expected),
    })
}
