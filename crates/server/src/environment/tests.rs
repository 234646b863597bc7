use super::*;
use secrecy::ExposeSecret;

mod providers;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn of(variables: &[(&str, &str)]) -> Result<Environment, Vec<String>> {
    let variables = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    read(variables.collect(), false).map_err(|EnvironmentProblems(problems)| problems)
}

fn problem(name: &str, value: &str) -> String {
    of(&[(name, value)]).err().unwrap_or_default().join("; ")
}

#[test]
fn development_needs_no_variable() {
    let environment = of(&[]).unwrap();
    assert_eq!(environment.mode, Mode::Development);
    assert_eq!(
        (environment.host.as_str(), environment.port),
        ("127.0.0.1", 8080)
    );
    assert_eq!(environment.data_directory, PathBuf::from(".eggypro"));
    assert!(environment.database.url.is_none() && environment.database.migrate_on_start);
    assert_eq!(
        environment.cors_origins,
        ["http://localhost:3000", "http://localhost:5173"]
    );
    assert!(environment.webhooks.allow_http && !environment.webhooks.allow_private);
    let private = of(&[("WEBHOOK_ALLOW_PRIVATE", "true")]).unwrap();
    assert!(private.webhooks.allow_private);
    let test = of(&[("APP_ENV", "test")]).unwrap();
    assert_eq!(test.cors_origins, ["http://localhost:3000"]);
    let as_root = read(HashMap::new(), true).unwrap();
    assert_eq!(as_root.data_directory, PathBuf::from("/var/lib/eggypro"));
}

#[test]
fn production_reports_every_missing_variable() {
    let problems = of(&[("NODE_ENV", "production"), ("PORT", "x")]).unwrap_err();
    assert_eq!(
        problems,
        [
            "PORT must be a port, 0 to 65535",
            "CLOUDINARY_CLOUD_NAME is required",
            "CLOUDINARY_API_KEY is required",
            "CLOUDINARY_API_SECRET is required",
            "POSTGRES_URL is required",
            "ADMIN_SECRET_KEY is required",
        ]
    );
}

#[test]
fn production_does_not_migrate_by_itself() {
    let variables = [
        ("APP_ENV", "production"),
        ("NODE_ENV", "development"),
        ("POSTGRES_URL", "postgres://u:p@h/d"),
        ("ADMIN_SECRET_KEY", SECRET),
        ("CLOUDINARY_CLOUD_NAME", "c"),
        ("CLOUDINARY_API_KEY", "k"),
        ("CLOUDINARY_API_SECRET", "s"),
    ];
    let environment = of(&variables).unwrap();
    assert_eq!(environment.mode, Mode::Production);
    assert!(!environment.database.migrate_on_start);
    assert_eq!(environment.webhooks, WebhookSettings::default());
    assert!(!format!("{environment:?}").contains(SECRET));
}

#[test]
fn admin_secrets_are_long_and_not_the_sample() {
    let two = format!("{SECRET}, {SECRET}x");
    let secrets = of(&[("ADMIN_SECRET_KEY", &two)]).unwrap().admin_secrets;
    assert_eq!(secrets[1].expose_secret(), format!("{SECRET}x"));
    assert_eq!(
        problem("ADMIN_SECRET_KEY", "short"),
        "ADMIN_SECRET_KEY must have at least 32 characters"
    );
    assert_eq!(
        problem("ADMIN_SECRET_KEY", &format!("{SECRET},short")),
        "ADMIN_SECRET_KEY must have at least 32 characters"
    );
    assert_eq!(
        problem("ADMIN_SECRET_KEY", SAMPLE_SECRET),
        "ADMIN_SECRET_KEY is the sample of .env.example"
    );
    let sample = include_str!("../../../../.env.example");
    assert!(sample.contains(&format!("ADMIN_SECRET_KEY={SAMPLE_SECRET}\n")));
}

#[test]
fn each_variable_is_checked() {
    for (name, value) in [
        ("APP_ENV", "staging"),
        ("NODE_ENV", "prod"),
        ("HOST", "example.com"),
        ("PORT", "65536"),
        ("POSTGRES_URL", "mysql://hush"),
        ("DATABASE_URL", "mysql://hush"),
        ("POSTGRES_LISTEN_URL", "hush"),
        ("MIGRATION_URL", "hush"),
        ("POSTGRES_URL_NON_POOLING", "hush"),
        ("KV_URL", "hush"),
        ("CLOUDINARY_URL", "cloudinary://hush"),
        ("MIGRATE_ON_START", "yes"),
        ("APP_URL", "localhost"),
        ("NEXT_PUBLIC_APP_URL", "ftp://hush"),
        ("RATE_LIMIT_WINDOW_MS", "0"),
        ("RATE_LIMIT_MAX_REQUESTS", "-1"),
        ("API_KEY_MAX_REQUESTS", "0"),
        ("ENABLE_API_METRICS", "True"),
        ("ENABLE_ERROR_TRACKING", "1"),
        ("SENTRY_DSN", "hush"),
        ("METRICS_RETENTION_DAYS", "0"),
        ("CHANGE_RETENTION_DAYS", "0"),
        ("METRICS_MAX_BYTES_PER_DAY", "1GB"),
        ("METRICS_IP", "half"),
        ("IMAGE_METADATA", "yes"),
        ("WEBHOOK_ALLOW_PRIVATE", "yes"),
        ("METRICS_BIND", "9090"),
        ("POSTGRES_READ_URL", "postgresql://a/b,hush"),
        ("READ_MAX_LAG_MS", "0"),
        ("POSTGRES_PREPARED_STATEMENTS", "no"),
        ("SHUTDOWN_GRACE_MS", "5s"),
        ("SHUTDOWN_GRACE_MS", "99999999999"),
        ("REDIS_URL", "http://hush"),
        ("REDIS_URL", "rediss://hush#insecure"),
        ("CACHE_TTL", "1.5"),
        ("CACHE_TTL", "18446744073709551615"),
        ("CORS_ORIGIN", "*"),
        ("CORS_ORIGIN", "https://*.hush.example"),
        ("CORS_ORIGIN", "https://a.example/path"),
        ("JWT_SECRET", "hush"),
        ("TRUSTED_PROXIES", "10.0.0.0/33"),
        ("CLOUDINARY_API_BASE", "hush"),
        ("CLOUDINARY_DELIVERY_BASE", "hush"),
        ("RUST_LOG", "=hush="),
        (
            "ADMIN_SECRET_KEY",
            "hush hush hush hush hush hush hush hush",
        ),
        (
            "ADMIN_SECRET_KEY",
            "hüsh-hüsh-hüsh-hüsh-hüsh-hüsh-hüsh-hüsh",
        ),
    ] {
        let problem = problem(name, value);
        assert!(
            problem.starts_with(&format!("{name} must ")),
            "{name}={value}: {problem:?}"
        );
        assert!(!problem.contains("hush"), "{problem}");
    }
}

#[test]
fn a_transaction_pooler_needs_direct_connections() {
    let pooled = [
        ("POSTGRES_URL", "postgresql://pooler/shop"),
        ("POSTGRES_PREPARED_STATEMENTS", "false"),
    ];
    assert_eq!(
        of(&pooled).unwrap_err(),
        [
            "POSTGRES_LISTEN_URL is required",
            "MIGRATION_URL is required"
        ]
    );
    let direct = "postgresql://primary/shop";
    let beside = [("POSTGRES_LISTEN_URL", direct), ("MIGRATION_URL", direct)];
    assert!(
        !of(&[pooled, beside].concat())
            .unwrap()
            .database
            .has_sessions
    );
}

#[test]
fn sentry_is_used_only_in_production() {
    let dsn = ("SENTRY_DSN", "https://key@sentry.example/1");
    assert!(of(&[dsn]).unwrap().sentry.is_none());
    let production = [
        dsn,
        ("APP_ENV", "production"),
        ("POSTGRES_URL", "postgresql://a/b"),
        ("ADMIN_SECRET_KEY", "0123456789abcdef0123456789abcdef"),
        ("CLOUDINARY_CLOUD_NAME", "a"),
        ("CLOUDINARY_API_KEY", "a"),
        ("CLOUDINARY_API_SECRET", "a"),
    ];
    assert!(of(&production).unwrap().sentry.is_some());
    let off = [&production[..], &[("ENABLE_ERROR_TRACKING", "false")]].concat();
    assert!(of(&off).unwrap().sentry.is_none());
}

#[test]
fn cloudinary_needs_all_of_its_variables() {
    let problems = of(&[("CLOUDINARY_API_KEY", "k")]).unwrap_err();
    assert_eq!(
        problems,
        [
            "CLOUDINARY_CLOUD_NAME is required",
            "CLOUDINARY_API_SECRET is required"
        ]
    );
}

#[test]
fn an_empty_variable_is_not_set() {
    assert_eq!(
        of(&[("PORT", ""), ("POSTGRES_URL", " ")]).unwrap().port,
        8080
    );
}

#[test]
fn http_limits_can_be_set() {
    let environment = of(&[
        ("HTTP_MAX_BODY_BYTES", "2048"),
        ("HTTP_HEAD_TIMEOUT_MS", "1500"),
    ])
    .unwrap();
    let limits = environment.http_limits;
    assert_eq!(limits.body_bytes, 2_048);
    assert_eq!(limits.head_time, Duration::from_millis(1_500));
    assert_eq!(limits.url_bytes, HttpLimits::default().url_bytes);
    assert_eq!(
        problem("HTTP_KEEP_ALIVE_MS", "75"),
        "HTTP_KEEP_ALIVE_MS must be a whole number of milliseconds from 1000"
    );
    assert_eq!(
        problem("HTTP_MAX_CONNECTIONS", "0"),
        "HTTP_MAX_CONNECTIONS must be a whole number from 1"
    );
}

#[test]
fn hsts_defaults_to_a_year_for_this_host_in_production() {
    let production = [
        ("APP_ENV", "production"),
        ("POSTGRES_URL", "postgres://u:p@h/d"),
        ("ADMIN_SECRET_KEY", SECRET),
        ("CLOUDINARY_CLOUD_NAME", "c"),
        ("CLOUDINARY_API_KEY", "k"),
        ("CLOUDINARY_API_SECRET", "s"),
    ];
    let sent = |hsts: Option<&'static str>| {
        let set = hsts.map(|hsts| ("HSTS", hsts));
        let variables: Vec<_> = production.into_iter().chain(set).collect();
        let hsts = of(&variables).unwrap().hsts;
        hsts.map(|hsts| hsts.to_str().unwrap().to_owned())
    };
    assert_eq!(of(&[]).unwrap().hsts, None);
    assert_eq!(sent(None).as_deref(), Some("max-age=31536000"));
    assert_eq!(sent(Some("off")), None);
    let of_all = "max-age=63072000; includeSubDomains; preload";
    assert_eq!(sent(Some(of_all)).as_deref(), Some(of_all));
    for wrong in [
        "on",
        "max-age=a year",
        "includeSubDomains",
        "max-age=1; other",
    ] {
        let said = problem("HSTS", wrong);
        assert!(said.starts_with("HSTS must be off"), "{wrong}: {said}");
    }
}

#[test]
fn probable_mistakes_are_remarked() {
    let remarks = |variables: &[(&str, &str)]| of(variables).unwrap().remarks;
    for (variables, name) in [
        (
            &[("TRUSTED_PROXIES", "10.0.0.0/8, 0.0.0.0/0")][..],
            "TRUSTED_PROXIES",
        ),
        (&[("TRUSTED_PROXIES", "::/0")], "TRUSTED_PROXIES"),
        (
            &[("JWT_SECRET", SECRET), ("ADMIN_SECRET_KEY", SECRET)],
            "JWT_SECRET",
        ),
        (
            &[("PORT", "9090"), ("METRICS_BIND", "0.0.0.0:9090")],
            "METRICS_BIND",
        ),
        (
            &[("PORT", "9090"), ("METRICS_BIND", "127.0.0.1:9090")],
            "METRICS_BIND",
        ),
        (
            &[
                ("PORT", "9090"),
                ("HOST", "0.0.0.0"),
                ("METRICS_BIND", "127.0.0.1:9090"),
            ],
            "METRICS_BIND",
        ),
    ] {
        let said = remarks(variables);
        assert!(
            said.len() == 1 && said[0].starts_with(name),
            "{variables:?}: {said:?}"
        );
        assert!(!said[0].contains(SECRET));
    }
    let fine = [
        ("TRUSTED_PROXIES", "10.0.0.0/8"),
        ("METRICS_BIND", "127.0.0.1:9090"),
        ("JWT_SECRET", "another-secret-of-32-characters!"),
        ("ADMIN_SECRET_KEY", SECRET),
    ];
    assert_eq!(remarks(&fine), Vec::<String>::new());
}
