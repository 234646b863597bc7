use super::*;
use eggypro_domain::Permission;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-01-01 12:00 UTC);

fn tokens(secret: &str) -> SessionTokens {
    SessionTokens::new(&secret.into())
}

fn user() -> AdminUser {
    AdminUser::with(&[Permission::ProductsRead, Permission::ProductsWrite])
}

fn claims() -> Claims {
    Claims {
        iss: ISSUER.into(),
        aud: AUDIENCE.into(),
        sub: AdminUser::ID.into(),
        role: "admin".into(),
        permissions: vec!["products:write".into()],
        iat: NOW.unix_timestamp(),
        exp: NOW.unix_timestamp() + 60,
        sid: None,
        auth_time: None,
    }
}

fn signed(algorithm: Algorithm, claims: &Claims) -> String {
    jsonwebtoken::encode(
        &Header::new(algorithm),
        claims,
        &EncodingKey::from_secret(b"secret"),
    )
    .unwrap()
}

#[test]
fn a_session_lasts_fifteen_minutes() {
    let session = tokens("secret").issue(&user(), NOW).unwrap();
    assert_eq!(session.expires_at, NOW + LIFETIME);
    let token = session.token.expose_secret();
    let user_after = |after| match tokens("secret").verify(token, NOW + after) {
        Some(SessionState::Running(session)) => Some(session.user),
        Some(SessionState::Ended) => None,
        None => panic!("it is ours"),
    };
    assert_eq!(user_after(Duration::ZERO), Some(user()));
    assert_eq!(user_after(Duration::seconds(15 * 60 - 1)), Some(user()));
    assert_eq!(user_after(LIFETIME), None);
}

#[test]
fn a_session_is_renewed_in_its_last_third_for_twelve_hours() {
    let tokens = tokens("secret");
    let running = |session: &Session, now| {
        let state = tokens.verify(session.token.expose_secret(), now);
        let Some(SessionState::Running(session)) = state else {
            panic!("it runs");
        };
        session
    };
    let mut session = tokens.issue(&user(), NOW).unwrap();
    let first = running(&session, NOW);
    let early = tokens.renew(&first, NOW + Duration::minutes(9));
    assert!(
        matches!(early, Err(RenewalError::TooEarly(wait)) if wait == Duration::minutes(1)),
        "{early:?}"
    );
    let mut now = NOW;
    while session.expires_at < NOW + LONGEST {
        now += Duration::minutes(10);
        let current = running(&session, now);
        assert_eq!((current.id, &current.user), (first.id, &user()));
        session = tokens.renew(&current, now).unwrap();
        assert!(session.expires_at > now && session.expires_at <= now + LIFETIME);
    }
    let last = running(&session, now);
    let too_long = tokens.renew(&last, NOW + LONGEST - Duration::minutes(1));
    assert!(
        matches!(too_long, Err(RenewalError::TooLong)),
        "{too_long:?}"
    );
    assert_eq!(session.expires_at, NOW + LONGEST);
}

#[test]
fn a_token_with_another_secret_issuer_audience_or_algorithm_is_invalid() {
    let verify = |token: &str| tokens("secret").verify(token, NOW).is_some();
    assert!(verify(&signed(Algorithm::HS256, &claims())));
    assert!(!verify(&signed(Algorithm::HS384, &claims())));
    assert!(!verify(&signed(
        Algorithm::HS256,
        &Claims {
            aud: "else".into(),
            ..claims()
        }
    )));
    assert!(!verify(&signed(
        Algorithm::HS256,
        &Claims {
            iss: "else".into(),
            ..claims()
        }
    )));
    assert!(!verify(&signed(
        Algorithm::HS256,
        &Claims {
            sub: "else".into(),
            ..claims()
        }
    )));
    let foreign = tokens("other").issue(&user(), NOW).unwrap();
    assert!(!verify(foreign.token.expose_secret()));
}

#[test]
fn an_unsigned_or_truncated_token_is_invalid() {
    let token = signed(Algorithm::HS256, &claims());
    let parts: Vec<&str> = token.split('.').collect();
    // {"typ":"JWT","alg":"none"}
    let unsigned = format!("eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.{}.", parts[1]);
    let verify = |token: &str| tokens("secret").verify(token, NOW).is_some();
    assert!(!verify(&unsigned));
    for length in 0..token.len() {
        assert!(!verify(&token[..length]));
    }
    for garbage in ["..", "a.b.c", "é", &"a".repeat(10_000)] {
        assert!(!verify(garbage));
    }
}

#[test]
fn unknown_permissions_are_ignored() {
    let more = Claims {
        permissions: vec!["products:write".into(), "everything".into()],
        ..claims()
    };
    let state = tokens("secret").verify(&signed(Algorithm::HS256, &more), NOW);
    let Some(SessionState::Running(session)) = state else {
        panic!("it runs");
    };
    assert_eq!(session.user, AdminUser::with(&[Permission::ProductsWrite]));
    assert_eq!(session.id, None, "as tokens were before");
}

#[test]
fn tokens_and_keys_are_not_printed() {
    let session = tokens("secret").issue(&user(), NOW).unwrap();
    assert!(!format!("{session:?}").contains(session.token.expose_secret()));
    assert_eq!(format!("{:?}", tokens("secret")), "SessionTokens { .. }");
}
