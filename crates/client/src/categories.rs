//! Categories of products.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::operation as op;
use crate::products::Status;
use crate::request::Request;
use crate::{Call, Client, Versioned};

/// A category of products.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Category {
    /// The id.
    pub id: i32,
    /// The name.
    pub name: String,
    /// The name in URLs.
    pub slug: String,
    /// What it contains.
    pub description: Option<String>,
    /// Whether it is public.
    pub is_active: bool,
    /// The time of creation.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// A category to create, or the complete replacement of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewCategory {
    /// 1 to 100 characters.
    pub name: String,
    /// 1 to 100 of `[a-z0-9-]`. `None` makes it from the name, or keeps it when a category is replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// What it contains.
    pub description: Option<String>,
    /// Whether it is public.
    pub is_active: bool,
}

impl NewCategory {
    /// A public category.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            slug: None,
            description: None,
            is_active: true,
        }
    }
}

/// All categories, by name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CategoryList {
    /// The categories.
    pub data: Vec<Category>,
}

/// The calls of categories. See [`Client::categories`].
#[derive(Debug, Clone, Copy)]
pub struct Categories<'a>(&'a Client);

impl Client {
    /// Categories of products.
    pub fn categories(&self) -> Categories<'_> {
        Categories(self)
    }
}

impl Categories<'_> {
    /// Lists the active categories.
    pub fn list(&self) -> Call<CategoryList> {
        Call::json(self.0, Request::new(&op::LIST_CATEGORIES, &[]))
    }

    /// Lists categories, also inactive ones.
    ///
    /// # Errors
    /// 403 without `products:read`.
    pub fn list_by(&self, status: &Status) -> Call<CategoryList> {
        let request = Request::new(&op::LIST_CATEGORIES, &[]);
        let request = request.query(|query| {
            query.add("status", Some(status));
        });
        Call::json(self.0, request)
    }

    /// Reads a category.
    ///
    /// # Errors
    /// 404 if it does not exist, or is inactive and the caller lacks `products:read`.
    pub fn get(&self, slug: &str) -> Call<Versioned<Category>> {
        Call::versioned(self.0, Request::new(&op::READ_CATEGORY, &[&slug]))
    }

    /// Creates a category.
    ///
    /// # Errors
    /// 409 if its slug is taken, 422 if a field breaks a rule.
    pub fn create(&self, category: &NewCategory) -> Call<Versioned<Category>> {
        let request = Request::new(&op::CREATE_CATEGORY, &[]);
        Call::versioned(self.0, request.json(category))
    }

    /// Replaces a category.
    ///
    /// # Errors
    /// 404, 409 if its slug is taken, 412 if `if_match` does not hold, 422 if a field breaks a rule.
    pub fn replace(&self, slug: &str, category: &NewCategory) -> Call<Versioned<Category>> {
        let request = Request::new(&op::REPLACE_CATEGORY, &[&slug]);
        Call::versioned(self.0, request.json(category))
    }

    /// Removes a category. Its products stay.
    ///
    /// # Errors
    /// 404, 412 if `if_match` does not hold.
    pub fn remove(&self, slug: &str) -> Call<()> {
        Call::empty(self.0, Request::new(&op::DELETE_CATEGORY, &[&slug]))
    }
}
