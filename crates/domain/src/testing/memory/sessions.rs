use async_trait::async_trait;
use time::OffsetDateTime;

use super::InMemoryShop;
use crate::StoreError;
use crate::sessions::{SessionId, SessionRepository};

#[async_trait]
impl SessionRepository for InMemoryShop {
    async fn end(&self, session: SessionId, _: OffsetDateTime) -> Result<(), StoreError> {
        self.state().ended_sessions.insert(session);
        Ok(())
    }

    async fn has_ended(&self, session: SessionId) -> Result<bool, StoreError> {
        Ok(self.state().ended_sessions.contains(&session))
    }
}
