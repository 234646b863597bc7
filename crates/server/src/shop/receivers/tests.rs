use super::super::settings::WebhookSettings;
use super::super::webhooks;
use super::*;

fn check(settings: WebhookSettings, url: &str) -> Result<(), String> {
    let receivers = Receivers::new(webhooks::sender(settings));
    let url = WebhookUrl::parse(url, receivers.schemes());
    receivers.check(&url.map_err(|rule| rule.to_string())?)
}

#[test]
fn production_allows_https_to_public_addresses() {
    let production = WebhookSettings::default();
    assert_eq!(check(production, "https://erp.example/hook"), Ok(()));
    for (url, reason) in [
        (
            "http://erp.example/hook",
            "URL must be an absolute https URL",
        ),
        ("https://10.0.0.1/", "10.0.0.1 is a private address"),
        (
            "https://localhost/",
            "the name localhost leads to a loopback address",
        ),
    ] {
        assert_eq!(check(production, url), Err(reason.to_owned()));
    }
    let development = WebhookSettings {
        allow_http: true,
        ..production
    };
    assert_eq!(check(development, "http://erp.example/"), Ok(()));
    assert!(check(development, "http://10.0.0.1/").is_err());
    let private = WebhookSettings {
        allow_private: true,
        ..production
    };
    assert_eq!(check(private, "https://10.0.0.1/"), Ok(()));
    assert!(check(private, "http://10.0.0.1/").is_err());
}
