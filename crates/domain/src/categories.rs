//! Categories of products.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use garde::{Error, Valid, Validate};
use time::OffsetDateTime;

use crate::products::{Expected, Revision, StatusFilter};
use crate::{Slug, StoreError, text};

/// Maximum length of a category's slug. The column is shorter than that of products.
const MAX_SLUG: usize = 100;

/// Identifies a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct CategoryId(pub i32);

impl fmt::Display for CategoryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A category of the shop.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Category {
    /// The id.
    pub id: CategoryId,
    /// The name.
    pub name: String,
    /// The name in URLs.
    pub slug: Slug,
    /// The description.
    pub description: Option<String>,
    /// Whether it is public and shown by its products.
    pub is_active: bool,
    /// Starts at 1 and is incremented by each change.
    pub version: i32,
    /// The time of creation.
    #[cfg_attr(feature = "serde", serde(with = "time::serde::rfc3339"))]
    pub created_at: OffsetDateTime,
}

impl Category {
    /// A category with version 1, active and without a description.
    pub fn new(id: CategoryId, name: String, slug: Slug, created_at: OffsetDateTime) -> Self {
        Self {
            id,
            name,
            slug,
            description: None,
            is_active: true,
            version: 1,
            created_at,
        }
    }

    /// The id with the version.
    pub fn revision(&self) -> Revision<CategoryId> {
        Revision {
            id: self.id,
            version: self.version,
        }
    }

    /// Whether products show this category differently than they showed it `before`.
    pub fn is_shown_differently_from(&self, before: &Self) -> bool {
        let shown = |category: &Self| {
            let Self {
                name,
                slug,
                is_active,
                ..
            } = category;
            is_active.then(|| (name.clone(), slug.clone()))
        };
        shown(self) != shown(before)
    }
}

/// A category to create, or the complete replacement of one.
///
/// ```
/// use eggypro_domain::{Validate, categories::NewCategory};
///
/// assert!(NewCategory::new("Bars".into()).validate().is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Validate)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct NewCategory {
    /// 1 to 100 characters, not blank.
    #[garde(custom(category_name))]
    pub name: String,
    /// At most 100 characters. If it is missing, it is made from the name; a replaced category keeps its slug.
    #[garde(custom(chosen_slug(&self.name)))]
    pub slug: Option<Slug>,
    /// 1 to 10 000 characters, if any.
    #[garde(inner(custom(text::lines("Description", 10_000))))]
    pub description: Option<String>,
    /// Whether it is public.
    #[garde(skip)]
    pub is_active: bool,
}

impl NewCategory {
    /// An active category without a description. Its slug is made from its name.
    pub fn new(name: String) -> Self {
        Self {
            name,
            slug: None,
            description: None,
            is_active: true,
        }
    }

    /// The given slug, or the one made from the name; `None` only if the category is invalid.
    pub fn slug(&self) -> Option<Slug> {
        self.slug
            .clone()
            .or_else(|| Slug::from_name_within(&self.name, MAX_SLUG))
    }
}

fn category_name(value: &str, context: &()) -> garde::Result {
    text::name("Name", 100)(value, context)
}

/// If the name is invalid, only the name is reported.
fn chosen_slug(of_name: &str) -> impl Fn(&Option<Slug>, &()) -> garde::Result {
    move |given, context| {
        if given.is_none() && category_name(of_name, context).is_err() {
            return Ok(());
        }
        match given
            .clone()
            .or_else(|| Slug::from_name_within(of_name, MAX_SLUG))
        {
            Some(slug) if slug.as_str().len() > MAX_SLUG => Err(Error::new("Slug too long")),
            Some(_) => Ok(()),
            None => Err(Error::new(
                "Slug is required, since none can be made from this name",
            )),
        }
    }
}

/// Why a category was not read or written. A failed write has no effect.
#[derive(Debug, thiserror::Error)]
pub enum CategoryError {
    /// There is no category with this slug.
    #[error("there is no such category")]
    NotFound,
    /// The category does not have the revision that the caller expected. Contains the current one.
    #[error("the category has changed")]
    Changed(Revision<CategoryId>),
    /// Another category, active or not, has this slug.
    #[error("the slug {0} is taken")]
    SlugTaken(Slug),
    /// The store is unavailable or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Stores categories. Writes are atomic, and durable once they return.
///
/// A write that changes what products show increments the version of each of these products in the same transaction. No
/// other write of categories does.
#[async_trait]
pub trait CategoryRepository: Send + Sync {
    /// The categories with this status, by name.
    async fn list(&self, status: StatusFilter) -> Result<Vec<Category>, StoreError>;

    /// The category with this slug, active or not.
    async fn find(&self, slug: &Slug) -> Result<Option<Category>, StoreError>;

    /// Creates a category.
    ///
    /// # Errors
    /// [`CategoryError::SlugTaken`]. If two concurrent calls create the same slug, one of them succeeds.
    async fn create(
        &self,
        slug: Slug,
        category: Valid<NewCategory>,
    ) -> Result<Category, CategoryError>;

    /// Replaces a category if it has the expected revision. A missing slug stays the same. If nothing changes, the
    /// version stays the same, too.
    ///
    /// # Errors
    /// [`CategoryError::NotFound`] takes precedence over [`CategoryError::Changed`], and that over
    /// [`CategoryError::SlugTaken`].
    async fn replace(
        &self,
        slug: &Slug,
        category: Valid<NewCategory>,
        expected: Expected<CategoryId>,
    ) -> Result<Category, CategoryError>;

    /// Removes a category if it has the expected revision. Its products stay.
    ///
    /// # Errors
    /// [`CategoryError::NotFound`] takes precedence over [`CategoryError::Changed`].
    async fn remove(
        &self,
        slug: &Slug,
        expected: Expected<CategoryId>,
    ) -> Result<(), CategoryError>;
}

/// The use cases of categories.
#[derive(Clone)]
pub struct CategoryService {
    store: Arc<dyn CategoryRepository>,
}

impl CategoryService {
    /// A service over this store.
    pub fn new(store: Arc<dyn CategoryRepository>) -> Self {
        Self { store }
    }

    /// The categories with this status, by name. The caller checks who may see inactive ones.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    pub async fn list(&self, status: StatusFilter) -> Result<Vec<Category>, StoreError> {
        self.store.list(status).await
    }

    /// The active category with this slug.
    ///
    /// # Errors
    /// [`CategoryError::NotFound`] if there is none or it is inactive.
    pub async fn read(&self, slug: &Slug) -> Result<Category, CategoryError> {
        let category = self.store.find(slug).await?;
        category
            .filter(|category| category.is_active)
            .ok_or(CategoryError::NotFound)
    }

    /// The category with this slug, active or not. The caller checks who may see inactive ones.
    ///
    /// # Errors
    /// [`CategoryError::NotFound`].
    pub async fn read_any(&self, slug: &Slug) -> Result<Category, CategoryError> {
        let category = self.store.find(slug).await?;
        category.ok_or(CategoryError::NotFound)
    }

    /// Creates a category. A missing slug is made from the name.
    ///
    /// # Errors
    /// See [`CategoryRepository::create`].
    pub async fn create(&self, category: Valid<NewCategory>) -> Result<Category, CategoryError> {
        let slug = category
            .slug()
            .ok_or_else(|| StoreError::Unexpected("a valid category has no slug".into()))?;
        self.store.create(slug, category).await
    }

    /// Replaces a category.
    ///
    /// # Errors
    /// See [`CategoryRepository::replace`].
    pub async fn replace(
        &self,
        slug: &Slug,
        category: Valid<NewCategory>,
        expected: Expected<CategoryId>,
    ) -> Result<Category, CategoryError> {
        self.store.replace(slug, category, expected).await
    }

    /// Removes a category. Its products stay.
    ///
    /// # Errors
    /// See [`CategoryRepository::remove`].
    pub async fn remove(
        &self,
        slug: &Slug,
        expected: Expected<CategoryId>,
    ) -> Result<(), CategoryError> {
        self.store.remove(slug, expected).await
    }
}

impl fmt::Debug for CategoryService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CategoryService").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
