use std::time::Duration;

use async_trait::async_trait;
use garde::Valid;
use time::OffsetDateTime;

use super::{InMemoryShop, State};
use crate::StoreError;
use crate::changes::Origin;
use crate::keys::{ApiKey, KeyDigest, KeyError, KeyId, KeyRepository, NewKey};

impl State {
    fn add_key(&mut self, id: &KeyId, digest: KeyDigest, new: NewKey) -> ApiKey {
        let (_, now) = self.tick();
        let mut key = ApiKey::new(id.clone(), new.name, new.permissions, now);
        key.created_by = Origin::current().actor.id.clone();
        key.expires_at = new.expires_at;
        self.keys.push((key.clone(), digest));
        key
    }

    fn key(&mut self, id: &KeyId) -> Result<&mut ApiKey, KeyError> {
        let mut keys = self.keys.iter_mut();
        let found = keys.find(|(key, _)| key.id == *id);
        found.map(|(key, _)| key).ok_or(KeyError::NotFound)
    }
}

#[async_trait]
impl KeyRepository for InMemoryShop {
    async fn list(&self) -> Result<Vec<ApiKey>, StoreError> {
        let state = self.state();
        Ok(state
            .keys
            .iter()
            .rev()
            .map(|(key, _)| key.clone())
            .collect())
    }

    async fn find(&self, id: &KeyId) -> Result<Option<(ApiKey, KeyDigest)>, StoreError> {
        let state = self.state();
        Ok(state.keys.iter().find(|(key, _)| key.id == *id).cloned())
    }

    async fn create(
        &self,
        id: &KeyId,
        digest: KeyDigest,
        key: Valid<NewKey>,
    ) -> Result<ApiKey, StoreError> {
        Ok(self.state().add_key(id, digest, key.into_inner()))
    }

    async fn rotate(
        &self,
        old: &KeyId,
        new: &KeyId,
        digest: KeyDigest,
        overlap: Duration,
    ) -> Result<ApiKey, KeyError> {
        let mut state = self.state();
        let now = state.now();
        let before = state.key(old)?;
        if !before.holds_at(now) {
            return Err(KeyError::Ended);
        }
        let mut key = NewKey::new(before.name.clone());
        key.permissions = before.permissions.clone();
        key.expires_at = before.expires_at;
        let end = now + overlap;
        before.expires_at = Some(before.expires_at.map_or(end, |until| until.min(end)));
        let original = before.original_id.clone();
        state.add_key(new, digest, key);
        let made = state.key(new)?;
        made.original_id = original;
        Ok(made.clone())
    }

    async fn revoke(&self, id: &KeyId) -> Result<(), KeyError> {
        let mut state = self.state();
        let now = state.now();
        state.key(id)?.revoked_at.get_or_insert(now);
        Ok(())
    }

    async fn used(&self, keys: &[(KeyId, OffsetDateTime)]) -> Result<(), StoreError> {
        let mut state = self.state();
        for (id, at) in keys {
            if let Ok(key) = state.key(id) {
                key.last_used_at = key.last_used_at.max(Some(*at));
            }
        }
        Ok(())
    }
}
