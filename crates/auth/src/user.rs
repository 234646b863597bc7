use eggypro_domain::Permission;
use eggypro_domain::changes::{Actor, ActorKind};
use eggypro_domain::keys::{ApiKey, KeyId};

/// An authenticated user with permissions that the public does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminUser {
    permissions: Vec<Permission>,
    key: Option<KeyHolder>,
}

/// The holder of an API key.
#[derive(Debug, Clone, PartialEq, Eq)]
struct KeyHolder {
    id: KeyId,
    original_id: KeyId,
    name: Option<String>,
}

impl AdminUser {
    /// The id of the administrator. All holders of the secret share it, since there is only one secret.
    pub const ID: &str = "admin";

    /// An administrator with these permissions.
    pub fn with(permissions: &[Permission]) -> Self {
        Self {
            permissions: permissions.to_vec(),
            key: None,
        }
    }

    /// The holder of this API key.
    pub fn of_key(key: &ApiKey) -> Self {
        Self {
            permissions: key.permissions.clone(),
            key: Some(KeyHolder {
                id: key.id.clone(),
                original_id: key.original_id.clone(),
                name: Some(key.name.clone()),
            }),
        }
    }

    /// The id: `admin`, or the id of the API key.
    pub fn id(&self) -> &str {
        self.key.as_ref().map_or(Self::ID, |key| key.id.as_str())
    }

    /// Like [`id`](Self::id), but of a rotated key the id of the [original one](ApiKey::original_id).
    pub fn original_id(&self) -> &str {
        let key = self.key.as_ref();
        key.map_or(Self::ID, |key| key.original_id.as_str())
    }

    /// The role: `admin` or `key`.
    pub fn role(&self) -> &'static str {
        self.actor_kind().as_str()
    }

    /// The id of the API key, unless the user holds the secret.
    pub fn key(&self) -> Option<&KeyId> {
        self.key.as_ref().map(|key| &key.id)
    }

    /// The user as recorded in the log of changes.
    pub fn actor(&self) -> Actor {
        let mut actor = Actor::new(self.actor_kind(), self.id());
        actor.name = self.key.as_ref().and_then(|key| key.name.clone());
        actor
    }

    fn actor_kind(&self) -> ActorKind {
        match self.key {
            Some(_) => ActorKind::Key,
            None => ActorKind::Admin,
        }
    }

    /// Whether the user has this permission.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// All permissions of the user.
    pub fn permissions(&self) -> &[Permission] {
        &self.permissions
    }
}
