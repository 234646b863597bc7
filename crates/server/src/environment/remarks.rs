use std::net::IpAddr;

use eggypro_auth::AdminSecrets;
use secrecy::ExposeSecret;

use super::Environment;

/// Settings that are valid but probably a mistake.
pub(super) fn of(environment: &Environment) -> Vec<String> {
    let mut remarks = vec![];
    let mut remark = |is_so: bool, remark: &str| {
        if is_so {
            remarks.push(remark.to_owned());
        }
    };
    let trusts_all = environment
        .trusted_proxies
        .iter()
        .any(|network| network.prefix_len() == 0);
    remark(
        trusts_all,
        "TRUSTED_PROXIES: names every address, so that every client may say where it is and escape its limits",
    );
    let admin = AdminSecrets::new(&environment.admin_secrets);
    let jwt_secret = environment.jwt_secret.as_ref();
    let is_shared =
        jwt_secret.is_some_and(|secret| admin.identify(secret.expose_secret()).is_some());
    remark(
        is_shared,
        "JWT_SECRET: is an admin secret too, so that who learns one has both: take another",
    );
    let is_taken = environment.metrics.bind.is_some_and(|bind| {
        // `localhost` is not an IP address and may resolve to IPv4 or IPv6.
        let host: Option<IpAddr> = environment.host.parse().ok();
        let is_same_host = bind.ip().is_unspecified()
            || host.is_none_or(|host| host.is_unspecified() || host == bind.ip());
        bind.port() != 0 && bind.port() == environment.port && is_same_host
    });
    remark(
        is_taken,
        "METRICS_BIND: names the port of PORT, where one of the two can't listen",
    );
    remarks
}
