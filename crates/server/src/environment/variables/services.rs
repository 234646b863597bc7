//! Variables of the services around the server.

use super::{Group, variable};

pub(super) const POSTGRES: Group = Group {
    title: "PostgreSQL",
    variables: &[
        variable(
            &["POSTGRES_URL", "DATABASE_URL"],
            "a private PostgreSQL; **required in production**",
            "postgresql://eggypro:password@db.example:5432/eggypro?sslmode=require",
            "Connection string, as a URL or as `key=value`",
        ),
        variable(
            &[
                "POSTGRES_LISTEN_URL",
                "POSTGRES_URL_NON_POOLING",
                "DATABASE_URL_UNPOOLED",
            ],
            "`POSTGRES_URL`",
            "postgresql://eggypro:password@db.example:5432/eggypro",
            "Direct connection of the change listener, if `POSTGRES_URL` goes through a pooler",
        ),
        variable(
            &[
                "MIGRATION_URL",
                "POSTGRES_URL_NON_POOLING",
                "DATABASE_URL_UNPOOLED",
            ],
            "`POSTGRES_URL`",
            "postgresql://owner:password@db.example:5432/eggypro",
            "Direct connection for migrations, if `POSTGRES_URL` goes through a pooler; unused without `POSTGRES_URL`",
        ),
        variable(
            &["MIGRATE_ON_START"],
            "`true`; in production `false`",
            "true",
            "Whether `serve` and `seed` apply pending migrations; otherwise they refuse to start while any are pending",
        ),
        variable(
            &["POSTGRES_POOL_SIZE"],
            "four per core, at most 20",
            "8",
            "Number of connections and of database threads; one per core is best if PostgreSQL runs on the same machine",
        ),
        variable(
            &["POSTGRES_PREPARED_STATEMENTS"],
            "`true`; with `pgbouncer=true` `false`",
            "true",
            "`false` behind a pooler in transaction mode",
        ),
        variable(
            &["POSTGRES_READ_URL"],
            "none",
            "postgresql://eggypro:password@replica.example:5432/eggypro",
            "Direct connections to streaming replicas that answer reads, comma-separated",
        ),
        variable(
            &["READ_MAX_LAG_MS"],
            "`1000`",
            "1000",
            "Maximum lag of a replica that answers reads, in milliseconds",
        ),
    ],
};

pub(super) const IMAGES: Group = Group {
    title: "Pictures",
    variables: &[
        variable(
            &["CLOUDINARY_CLOUD_NAME"],
            "a folder in `EGGYPRO_DATA_DIR`; **required in production**",
            "shop",
            "The Cloudinary account; set all three of name, key and secret, or none",
        ),
        variable(
            &["CLOUDINARY_API_KEY"],
            "none",
            "123456789012345",
            "The key of the account",
        ),
        variable(
            &["CLOUDINARY_API_SECRET"],
            "none",
            "secret",
            "The secret of the account",
        ),
        variable(
            &["CLOUDINARY_URL"],
            "none",
            "cloudinary://KEY:SECRET@CLOUD",
            "Name, key and secret in one, instead of the three above",
        ),
        variable(
            &["CLOUDINARY_API_BASE"],
            "`https://api.cloudinary.com`",
            "https://api-eu.cloudinary.com",
            "Base URL of the upload API, for regional accounts",
        ),
        variable(
            &["CLOUDINARY_DELIVERY_BASE"],
            "`https://res.cloudinary.com/` and the cloud name",
            "https://images.shop.example",
            "Base URL of pictures, for private CDNs",
        ),
        variable(
            &["IMAGE_METADATA"],
            "`remove`",
            "remove",
            "`keep` stores uploaded files with their metadata: place, time, camera, comments",
        ),
    ],
};

pub(super) const CACHE: Group = Group {
    title: "Cache and Redis",
    variables: &[
        variable(
            &["CACHE_TTL"],
            "`300`",
            "300",
            "Maximum age of a cached answer, in seconds; a change invalidates it at once",
        ),
        variable(
            &["CACHE_MAX_BYTES"],
            "`16777216`",
            "16777216",
            "Maximum size of the in-process cache of answers, in bytes; each thread has up to 2 MiB of copies besides",
        ),
        variable(
            &["CACHE_S_MAXAGE"],
            "none",
            "30",
            "How long a CDN may serve public answers without revalidation (`s-maxage`), in seconds; such answers carry no `X-Request-Id` and no `RateLimit-*`",
        ),
        variable(
            &["REDIS_URL", "KV_URL"],
            "none",
            "redis://localhost:6379",
            "Redis that several servers share for rate limits and cached answers; `rediss://` uses TLS",
        ),
        variable(
            &["REDIS_TIMEOUT_MS"],
            "`50`",
            "50",
            "Timeout of a call to Redis, in milliseconds",
        ),
    ],
};

pub(super) const LOGS: Group = Group {
    title: "Request log, figures and error tracking",
    variables: &[
        variable(
            &["ENABLE_API_METRICS"],
            "`true`",
            "true",
            "Whether requests are recorded in the database",
        ),
        variable(
            &["METRICS_RETENTION_DAYS"],
            "`30`",
            "30",
            "Days that the request log is kept; counts by the hour are kept for 90",
        ),
        variable(
            &["METRICS_MAX_BYTES_PER_DAY"],
            "`1073741824`",
            "1073741824",
            "Maximum size of what one server adds to the request log in a day, in bytes; requests beyond it are only counted",
        ),
        variable(
            &["METRICS_IP"],
            "`truncated`",
            "truncated",
            "Client addresses in the request log: `full`, `truncated` (24 bits, of IPv6 48) or `off`",
        ),
        variable(
            &["METRICS_BIND"],
            "none",
            "127.0.0.1:9090",
            "Address and port of `/metrics` for Prometheus",
        ),
        variable(
            &["CHANGE_RETENTION_DAYS"],
            "`90`",
            "90",
            "Days that the log of changes is kept",
        ),
        variable(
            &["SENTRY_DSN"],
            "none",
            "https://key@sentry.example/1",
            "Sentry project that unexpected failures are reported to, in production",
        ),
        variable(
            &["ENABLE_ERROR_TRACKING"],
            "`true`",
            "true",
            "`false` reports nothing to Sentry",
        ),
    ],
};
