use bytes::Bytes;
use eggypro_domain::webhooks::Target;

use crate::{Attempt, Secret, Sender};

impl Sender {
    /// Makes one attempt to deliver an event to a webhook. The arguments are those of [`send`](Self::send).
    pub async fn send_to(&self, target: &Target, id: &str, timestamp: i64, body: Bytes) -> Attempt {
        let secrets = secrets_of(target);
        let url = target.url.as_url();
        self.send(url, id, timestamp, &secrets, body).await
    }
}

/// The secrets of a webhook. Those of the domain have the same rules, so none is left out.
fn secrets_of(target: &Target) -> Vec<Secret> {
    let secrets = target.secrets.iter();
    let secrets = secrets.filter_map(|secret| secret.expose().parse().ok());
    secrets.collect()
}

#[cfg(test)]
mod tests {
    use eggypro_domain::webhooks::{AllowedSchemes, WebhookSecret, WebhookUrl};

    use super::*;

    #[test]
    fn every_secret_of_the_domain_signs() {
        let shortest = format!("whsec_{}", "A".repeat(32));
        let longest = format!("whsec_{}A==", "A".repeat(85));
        let secrets = [shortest.parse().unwrap(), longest.parse().unwrap()];
        let random = [(); 3].map(|()| WebhookSecret::random());
        let secrets = [&secrets[..], &random[..]].concat();
        let texts: Vec<String> = secrets.iter().map(|of| of.expose().to_owned()).collect();
        let url = WebhookUrl::parse("https://erp.example", AllowedSchemes::Https).unwrap();
        let target = Target { url, secrets };
        let found: Vec<String> = secrets_of(&target).iter().map(Secret::expose).collect();
        assert_eq!(found, texts);
    }
}
