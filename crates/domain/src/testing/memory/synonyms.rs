use async_trait::async_trait;
use garde::Valid;

use super::InMemoryShop;
use crate::StoreError;
use crate::products::Expected;
use crate::synonyms::{NewSynonyms, SynonymRepository, Synonyms, SynonymsError};

#[async_trait]
impl SynonymRepository for InMemoryShop {
    async fn read(&self) -> Result<Synonyms, StoreError> {
        Ok(self.state().synonyms.clone())
    }

    async fn replace(
        &self,
        synonyms: Valid<NewSynonyms>,
        expected: Expected<i32>,
    ) -> Result<Synonyms, SynonymsError> {
        let mut state = self.state();
        let current = &mut state.synonyms;
        if !expected.holds_for(current.revision()) {
            return Err(SynonymsError::Changed(current.revision()));
        }
        let NewSynonyms { groups } = synonyms.into_inner();
        if groups != current.groups {
            *current = Synonyms::new(groups, current.version + 1);
        }
        Ok(current.clone())
    }
}
