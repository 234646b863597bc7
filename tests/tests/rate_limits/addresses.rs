//! The limits of addresses, also behind proxies.

use super::*;

#[tokio::test]
async fn many_user_agents_share_the_limit_of_their_address() {
    let shop = limited_shop(|_| ()).await;
    let mut answers = vec![];
    for agent in 0..130 {
        answers.push(get(&shop, "/api/products", &agent.to_string(), "").await);
    }
    assert_eq!(
        (statuses(&answers, 200), statuses(&answers, 429)),
        (100, 30)
    );
}

#[tokio::test]
async fn forwarded_addresses_of_untrusted_clients_are_ignored() {
    let shop = limited_shop(|_| ()).await;
    let mut answers = vec![];
    for number in 0..14 {
        answers.push(
            get(
                &shop,
                "/api/products",
                "one",
                &format!("203.0.113.{number}"),
            )
            .await,
        );
    }
    assert_eq!((statuses(&answers, 200), statuses(&answers, 429)), (10, 4));
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_has_its_own_budget() {
    let shop = limited_shop(|settings| {
        settings.http.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]
    })
    .await;
    for client in ["203.0.113.1", "203.0.113.2", "2001:db8:1::1"] {
        let mut answers = vec![];
        for spoofed in 0..14 {
            answers.push(
                get(
                    &shop,
                    "/api/products",
                    "one",
                    &format!("6.6.6.{spoofed}, {client}"),
                )
                .await,
            );
        }
        assert_eq!(
            (statuses(&answers, 200), statuses(&answers, 429)),
            (10, 4),
            "{client}"
        );
    }
    // A customer has a whole IPv6 network, so it counts as one address.
    get(&shop, "/api/products", "one", "2001:db8:1::2:3")
        .await
        .expect_problem(429);
    get(&shop, "/api/products", "one", "2001:db8:2::1")
        .await
        .expect(200);
}
