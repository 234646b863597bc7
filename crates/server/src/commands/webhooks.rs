use clap::Subcommand;
use eggypro_domain::time::OffsetDateTime;
use eggypro_domain::webhooks::{
    AllowedSchemes, InvalidWebhookUrl, TypePattern, Webhook, WebhookId, WebhookUrl,
};
use eggypro_http::TestEvent;
use eggypro_webhooks::{Attempt, Guard, Outcome, Secret, Sender, Settings};
use tokio::runtime::Builder;

use super::{Failure, say};
use crate::shop::USER_AGENT;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Send one signed event of the type `webhook.test` to a receiver and print its answer, and exit with 1 unless that is
    /// 200 to 299
    Test {
        /// Where the receiver listens. http and private addresses are allowed, because this machine sends the event
        #[arg(value_parser = parse_url)]
        url: WebhookUrl,
        /// What signs the event. Without it, a secret is made and printed
        #[arg(long, value_name = "SECRET")]
        secret: Option<Secret>,
    },
}

fn parse_url(text: &str) -> Result<WebhookUrl, InvalidWebhookUrl> {
    WebhookUrl::parse(text, AllowedSchemes::HttpsAndHttp)
}

pub(super) fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Test { url, secret } => test(url, secret),
    }
}

fn test(url: WebhookUrl, secret: Option<Secret>) -> Result<(), Failure> {
    let secret = secret.unwrap_or_else(|| {
        let secret = Secret::generate();
        say(format_args!("The secret is {}", secret.expose()));
        secret
    });
    let guard = Guard {
        allow_private: true,
        allow_http: true,
    };
    let sender = Sender::new(Settings::new(guard, USER_AGENT))?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let attempt = runtime.block_on(send(&sender, url, secret))?;
    let Attempt {
        outcome,
        milliseconds,
    } = attempt;
    let result = format!("{milliseconds} ms: {outcome}");
    match outcome {
        Outcome::Delivered { .. } => {
            say(result);
            Ok(())
        }
        _ => Err(result.into()),
    }
}

/// Sends the event that a server sends to test a webhook of this URL.
async fn send(sender: &Sender, url: WebhookUrl, secret: Secret) -> Result<Attempt, Failure> {
    let now = OffsetDateTime::now_utc();
    let webhook = Webhook::new(WebhookId::random(), url, vec![TypePattern::ALL], now);
    let event = TestEvent::about(&webhook, now)?;
    let (url, time) = (webhook.url.as_url(), event.time.unix_timestamp());
    let secrets = [secret];
    let attempt = sender.send(url, &event.id, time, &secrets, event.body);
    Ok(attempt.await)
}
