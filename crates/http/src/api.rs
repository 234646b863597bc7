use std::fmt;
use std::sync::Arc;

use eggypro_auth::Authenticator;
use eggypro_cache::Cache;
use eggypro_domain::categories::CategoryService;
use eggypro_domain::health::Probe;
use eggypro_domain::products::ProductService;

/// What the handlers work with.
#[derive(Clone)]
pub struct Api {
    /// The products.
    pub products: ProductService,
    /// The categories.
    pub categories: CategoryService,
    /// Finished answers. Somebody must tell it what changes.
    pub cache: Cache,
    /// Who is an administrator.
    pub admin: Authenticator,
    /// Whether the database is there, which is what being ready means.
    pub database: Arc<dyn Probe>,
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").finish_non_exhaustive()
    }
}
