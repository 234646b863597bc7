use super::*;

/// Summarizes an environment or its problems in a line.
fn outcome(variables: &[(&str, &str)]) -> String {
    let environment = match of(variables) {
        Ok(environment) => environment,
        Err(problems) => return problems.join("; "),
    };
    let database = &environment.database;
    let name = |address: &Option<Address>| address.as_ref().map(|address| address.variable);
    let mut parts = vec![];
    let addresses = [
        ("database", name(&database.url)),
        ("listen", name(&database.listen_url)),
        ("migrate", name(&database.migration_url)),
    ];
    for (use_of, variable) in addresses {
        parts.extend(variable.map(|variable| format!("{use_of} {variable}")));
    }
    if !database.has_sessions {
        parts.push("no sessions".into());
    }
    if let Some(redis) = &environment.redis {
        let url = redis.url.expose_secret();
        parts.push(format!("redis {}", url.rsplit('@').next().unwrap_or(url)));
    }
    if let ImageSettings::Cloudinary(settings) = &environment.images {
        let (key, secret) = (&settings.key, &settings.secret);
        parts.push(format!(
            "cloudinary {} {} {}",
            settings.cloud,
            key.expose_secret(),
            secret.expose_secret()
        ));
    }
    parts.extend(environment.remarks);
    parts.join("; ")
}

#[test]
fn environments_of_providers_are_understood() {
    for (provider, variables, becomes) in [
        (
            "Vercel with Supabase",
            &[
                (
                    "POSTGRES_URL",
                    "postgres://postgres.x:pw@pooler.supabase.com:6543/postgres?sslmode=require&supa=base-pooler.x",
                ),
                (
                    "POSTGRES_URL_NON_POOLING",
                    "postgres://postgres.x:pw@pooler.supabase.com:5432/postgres?sslmode=require",
                ),
                (
                    "POSTGRES_PRISMA_URL",
                    "postgres://postgres.x:pw@pooler.supabase.com:6543/postgres?sslmode=require&supa=base-pooler.x&pgbouncer=true",
                ),
            ][..],
            "database POSTGRES_URL; listen POSTGRES_URL_NON_POOLING; migrate POSTGRES_URL_NON_POOLING; \
             POSTGRES_URL: left out what means nothing here: supa",
        ),
        (
            "Vercel with Neon",
            &[
                (
                    "DATABASE_URL",
                    "postgresql://u:pw@ep-a-pooler.neon.tech/neondb?sslmode=require&channel_binding=require",
                ),
                (
                    "DATABASE_URL_UNPOOLED",
                    "postgresql://u:pw@ep-a.neon.tech/neondb?sslmode=require",
                ),
                ("KV_URL", "rediss://default:pw@eu1-a.upstash.io:6379"),
                ("KV_REST_API_URL", "https://eu1-a.upstash.io"),
            ],
            "database DATABASE_URL; listen DATABASE_URL_UNPOOLED; migrate DATABASE_URL_UNPOOLED; \
             redis eu1-a.upstash.io:6379",
        ),
        (
            "Prisma behind PgBouncer",
            &[
                (
                    "DATABASE_URL",
                    "postgresql://u:pw@h:6432/d?pgbouncer=true&connection_limit=1",
                ),
                ("POSTGRES_URL_NON_POOLING", "postgresql://u:pw@h:5432/d"),
            ],
            "database DATABASE_URL; listen POSTGRES_URL_NON_POOLING; migrate POSTGRES_URL_NON_POOLING; no sessions; \
             DATABASE_URL: left out what means nothing here: connection_limit",
        ),
        (
            "Prisma behind a pooler with prepared statements",
            &[
                ("DATABASE_URL", "postgresql://u:pw@h/d?pgbouncer=true"),
                ("POSTGRES_PREPARED_STATEMENTS", "true"),
            ],
            "database DATABASE_URL",
        ),
        (
            "Prisma behind a pooler alone",
            &[("DATABASE_URL", "postgresql://u:pw@h/d?pgbouncer=true")],
            "POSTGRES_LISTEN_URL is required; MIGRATION_URL is required",
        ),
        (
            "Heroku",
            &[
                (
                    "DATABASE_URL",
                    "postgres://u:pw@ec2-1-2-3-4.compute.amazonaws.com:5432/d",
                ),
                (
                    "REDIS_URL",
                    "rediss://:pw@ec2-1-2-3-4.compute.amazonaws.com:7000",
                ),
                (
                    "CLOUDINARY_URL",
                    "cloudinary://123456789012345:aBc-D_e@hq5cloud",
                ),
                ("PORT", "31337"),
            ],
            "database DATABASE_URL; redis ec2-1-2-3-4.compute.amazonaws.com:7000; \
             cloudinary hq5cloud 123456789012345 aBc-D_e",
        ),
        (
            "Railway",
            &[
                (
                    "DATABASE_URL",
                    "postgresql://postgres:pw@postgres.railway.internal:5432/railway",
                ),
                (
                    "DATABASE_PUBLIC_URL",
                    "postgresql://postgres:pw@a.proxy.rlwy.net:12345/railway",
                ),
                (
                    "REDIS_URL",
                    "redis://default:pw@redis.railway.internal:6379",
                ),
            ],
            "database DATABASE_URL; redis redis.railway.internal:6379",
        ),
        (
            "Render",
            &[
                ("DATABASE_URL", "postgresql://shop:pw@dpg-abc-a/shop_x1y2"),
                ("REDIS_URL", "redis://red-abc:6379"),
            ],
            "database DATABASE_URL; redis redis://red-abc:6379",
        ),
        (
            "Fly",
            &[(
                "DATABASE_URL",
                "postgres://shop:pw@shop-db.flycast:5432/shop?sslmode=disable",
            )],
            "database DATABASE_URL",
        ),
        (
            "Azure and its Redis",
            &[
                (
                    "POSTGRES_URL",
                    "host=shop.postgres.database.azure.com port=5432 dbname=shop user=shop password=p@w/d= sslmode=require",
                ),
                (
                    "REDIS_URL",
                    "rediss://:pw%3D@shop.redis.cache.windows.net:6380/0",
                ),
            ],
            "database POSTGRES_URL; redis shop.redis.cache.windows.net:6380/0",
        ),
        (
            "our names before the others",
            &[
                ("POSTGRES_URL", "postgresql://a/d"),
                ("DATABASE_URL", "postgresql://b/d"),
                ("POSTGRES_LISTEN_URL", "postgresql://a/d"),
                ("DATABASE_URL_UNPOOLED", "postgresql://b/d"),
                ("REDIS_URL", "redis://a"),
                ("KV_URL", "redis://b"),
            ],
            "database POSTGRES_URL; listen POSTGRES_LISTEN_URL; migrate DATABASE_URL_UNPOOLED; redis redis://a",
        ),
        (
            "Cloudinary's own names before its address",
            &[
                ("CLOUDINARY_URL", "cloudinary://k2:s2@c2"),
                ("CLOUDINARY_CLOUD_NAME", "c1"),
                ("CLOUDINARY_API_KEY", "k1"),
                ("CLOUDINARY_API_SECRET", "s1"),
            ],
            "cloudinary c1 k1 s1",
        ),
        (
            "Cloudinary's address with an escaped secret",
            &[("CLOUDINARY_URL", "cloudinary://k:s%2Fs@c?secure=true")],
            "cloudinary c k s/s",
        ),
        (
            "Cloudinary's address, and the cloud's name for a front end",
            &[
                ("CLOUDINARY_URL", "cloudinary://k:s@c"),
                ("CLOUDINARY_CLOUD_NAME", "c"),
            ],
            "cloudinary c k s",
        ),
        (
            "a direct connection alone, which a private database has no use for",
            &[("POSTGRES_URL_NON_POOLING", "postgresql://h/d")],
            "",
        ),
        (
            "a schema that can't be kept",
            &[
                ("POSTGRES_URL", "postgresql://h/d?schema=shop"),
                ("POSTGRES_PREPARED_STATEMENTS", "false"),
                ("POSTGRES_URL_NON_POOLING", "postgresql://h/d"),
            ],
            "POSTGRES_URL names a schema other than public, which is not kept without sessions: set the role's \
             search_path",
        ),
        (
            "an address of Cloudinary that is none",
            &[("CLOUDINARY_URL", "CLOUDINARY_URL=cloudinary://k:s@c")],
            "CLOUDINARY_URL must be cloudinary://KEY:SECRET@CLOUD, without any parameter but secure=true",
        ),
    ] {
        assert_eq!(outcome(variables), becomes, "{provider}");
    }
}

#[test]
fn a_secret_may_be_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let secret = file("secret", &format!("{SECRET}\n"));
    let url = file("url", "postgres://u:pw@h/d?supa=x\n");
    let cloudinary = file("cloudinary", "cloudinary://k:s@c");
    let variables = [
        ("ADMIN_SECRET_KEY_FILE", secret.as_str()),
        ("DATABASE_URL_FILE", &url),
        ("CLOUDINARY_URL_FILE", &cloudinary),
    ];
    assert_eq!(
        outcome(&variables),
        "database DATABASE_URL; cloudinary c k s; DATABASE_URL: left out what means nothing here: supa"
    );
    let secrets = of(&variables).unwrap().admin_secrets;
    assert_eq!(secrets[0].expose_secret(), SECRET);
    let empty = file("empty", "\n");
    let nowhere = folder.path().join("nowhere");
    for (variables, problem) in [
        (
            &[("JWT_SECRET_FILE", secret.as_str()), ("JWT_SECRET", SECRET)][..],
            "JWT_SECRET_FILE is set beside JWT_SECRET: set one of them",
        ),
        (
            &[("JWT_SECRET_FILE", &empty)],
            "JWT_SECRET_FILE names an empty file",
        ),
        (
            &[("REDIS_URL_FILE", nowhere.to_str().unwrap())],
            "REDIS_URL_FILE must name a file of text that can be read",
        ),
        (
            &[("POSTGRES_URL_FILE", "/")],
            "POSTGRES_URL_FILE must name a file of text that can be read",
        ),
    ] {
        assert_eq!(outcome(variables), problem);
    }
}
