//! Variables of the server itself and of its clients.

use super::{Group, SAMPLE_SECRET, variable};

pub(super) const PROCESS: Group = Group {
    title: "Process",
    variables: &[
        variable(
            &["APP_ENV", "NODE_ENV"],
            "`development`",
            "production",
            "`development`, `production` or `test`",
        ),
        variable(
            &["HOST"],
            "`127.0.0.1`",
            "127.0.0.1",
            "Listening address: an IP address or `localhost`",
        ),
        variable(
            &["PORT"],
            "`8080`",
            "8080",
            "Listening port; `0` takes a free port and prints it",
        ),
        variable(
            &["EGGYPRO_DATA_DIR"],
            "`.eggypro`; for root `/var/lib/eggypro`",
            ".eggypro",
            "Folder of the private PostgreSQL, the generated admin secret and pictures that are stored without Cloudinary",
        ),
        variable(
            &["SHUTDOWN_GRACE_MS"],
            "`5000` in production, otherwise `0`",
            "5000",
            "How long the server keeps serving after SIGTERM while it reports that it is not ready, in milliseconds",
        ),
        variable(
            &["RUST_LOG"],
            "`info`",
            "info",
            "Log filter, such as `eggypro_http=debug,info`",
        ),
    ],
};

pub(super) const CREDENTIALS: Group = Group {
    title: "Credentials",
    variables: &[
        variable(
            &["ADMIN_SECRET_KEY"],
            "generated once and printed; **required in production**",
            SAMPLE_SECRET,
            "The admin secret, at least 32 characters; `new,old` while it is being replaced",
        ),
        variable(
            &["JWT_SECRET"],
            "none: no sessions",
            "another-output-of-openssl-rand-hex-32-goes-here",
            "Signs session tokens; at least 32 characters",
        ),
    ],
};

pub(super) const BROWSERS: Group = Group {
    title: "Browsers and proxies",
    variables: &[
        variable(
            &["CORS_ORIGIN"],
            "`http://localhost:3000`; in development also `http://localhost:5173`",
            "https://shop.example",
            "Origins whose pages may call the API, comma-separated; the log names refused origins at `debug`",
        ),
        variable(
            &["TRUSTED_PROXIES"],
            "none",
            "10.0.0.0/8",
            "Proxies whose `X-Forwarded-For` or `Forwarded` is believed, as addresses or CIDR, comma-separated; name only proxies that write the header themselves",
        ),
        variable(
            &["HSTS"],
            "`max-age=31536000` in production, otherwise `off`",
            "max-age=31536000",
            "Value of `Strict-Transport-Security`; add `; includeSubDomains` only if every host below the shop's uses TLS",
        ),
    ],
};

pub(super) const STOREFRONT: Group = Group {
    title: "Storefront",
    variables: &[
        variable(
            &["CURRENCY"],
            "`EUR`",
            "EUR",
            "Currency of all prices (ISO 4217)",
        ),
        variable(
            &["COUNTRY"],
            "none",
            "DE",
            "Country of the shop (ISO 3166-1), in which it sells; for the feed of OpenAI",
        ),
        variable(
            &["BRAND"],
            "`EggyPro`",
            "EggyPro",
            "Brand of products without one of their own",
        ),
        variable(
            &["APP_URL", "NEXT_PUBLIC_APP_URL"],
            "`http://localhost:3000`",
            "https://shop.example",
            "URL of the shop",
        ),
        variable(
            &["PRODUCT_URL_TEMPLATE"],
            "`APP_URL` with `/products/{slug}`",
            "https://shop.example/products/{slug}",
            "URL of a product's page in the shop, with `{slug}` where its slug belongs",
        ),
    ],
};

pub(super) const RATES: Group = Group {
    title: "Rate limits",
    variables: &[
        variable(
            &["RATE_LIMIT_WINDOW_MS"],
            "`900000`",
            "900000",
            "Length of the window, in milliseconds",
        ),
        variable(
            &["RATE_LIMIT_MAX_REQUESTS"],
            "`100`",
            "100",
            "Requests of a client per window",
        ),
        variable(
            &["API_KEY_MAX_REQUESTS"],
            "`10000`",
            "10000",
            "Requests of an API key per window",
        ),
    ],
};

pub(super) const LIMITS: Group = Group {
    title: "Limits of a request and a connection",
    variables: &[
        variable(
            &["HTTP_MAX_BODY_BYTES"],
            "`1048576`",
            "1048576",
            "Maximum size of a JSON body, in bytes",
        ),
        variable(
            &["HTTP_MAX_HEAD_BYTES"],
            "`16384`",
            "16384",
            "Maximum size of all headers together, in bytes",
        ),
        variable(
            &["HTTP_MAX_URL_BYTES"],
            "`16384`",
            "16384",
            "Maximum length of path and query, in bytes",
        ),
        variable(
            &["HTTP_HEAD_TIMEOUT_MS"],
            "`5000`",
            "5000",
            "Time for the headers of a request to arrive, in milliseconds",
        ),
        variable(
            &["HTTP_BODY_TIMEOUT_MS"],
            "`10000`",
            "10000",
            "Time for a JSON body to arrive, in milliseconds",
        ),
        variable(
            &["HTTP_UPLOAD_TIMEOUT_MS"],
            "`60000`",
            "60000",
            "Time for the files of an upload to arrive, and for each MiB of an import, in milliseconds",
        ),
        variable(
            &["HTTP_REQUEST_TIMEOUT_MS"],
            "`30000`",
            "30000",
            "Time for a request to be answered, in milliseconds; an upload has three times as long besides its arrival",
        ),
        variable(
            &["HTTP_WRITE_TIMEOUT_MS"],
            "`10000`",
            "10000",
            "Time that a client may leave an answer unread, in milliseconds",
        ),
        variable(
            &["HTTP_KEEP_ALIVE_MS"],
            "`75000`",
            "75000",
            "Time that an idle connection stays open, in milliseconds, rounded to seconds",
        ),
        variable(
            &["HTTP_MAX_CONNECTIONS"],
            "`1024`",
            "1024",
            "Maximum number of connections of each thread; there is one thread per core, and up to 2048 more connections wait",
        ),
        variable(
            &["HTTP_MAX_CONNECTIONS_PER_ADDRESS"],
            "`256`",
            "256",
            "Maximum number of connections of one address per thread, at most half of all; trusted proxies have no such limit",
        ),
    ],
};

pub(super) const WEBHOOKS: Group = Group {
    title: "Webhooks",
    variables: &[variable(
        &["WEBHOOK_ALLOW_PRIVATE"],
        "`false`",
        "true",
        "`true` sends events to private and local addresses too; then whoever may manage webhooks can make the server send requests to any machine that it reaches",
    )],
};
