use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Result<ConnectionString, InvalidConnectionString> {
    text.parse()
}

/// The parameters for libpq, without the defaults at the end.
fn given(text: &str) -> String {
    let address = read(text).unwrap_or_else(|problem| panic!("{text}: {problem}"));
    let options = address.options();
    let end = options
        .find("keepalives_idle='15'")
        .unwrap_or(options.len());
    let given = options[..end].replace("connect_timeout='2'", "");
    given.trim().to_owned()
}

#[test]
fn connection_strings_of_providers_are_accepted_unchanged() {
    for (provider, text, options) in [
        (
            "Supabase on Vercel",
            "postgres://postgres.abcd:pw@aws-0-eu-central-1.pooler.supabase.com:6543/postgres?sslmode=require&supa=base-pooler.x",
            "user='postgres.abcd' password='pw' host='aws-0-eu-central-1.pooler.supabase.com' port='6543' \
             dbname='postgres' sslmode='require'",
        ),
        (
            "Neon",
            "postgresql://shop:npg_pw@ep-cool-sea-123456.eu-central-1.aws.neon.tech/neondb?sslmode=require&channel_binding=require",
            "user='shop' password='npg_pw' host='ep-cool-sea-123456.eu-central-1.aws.neon.tech' dbname='neondb' \
             sslmode='require' channel_binding='require'",
        ),
        (
            "Neon, for clients without SNI",
            "postgresql://shop:pw@ep-cool.neon.tech/neondb?options=endpoint%3Dep-cool&sslmode=require",
            "user='shop' password='pw' host='ep-cool.neon.tech' dbname='neondb' options='endpoint=ep-cool' \
             sslmode='require'",
        ),
        (
            "Prisma",
            "postgresql://shop:pw@db.example:5432/shop?schema=public&connection_limit=1&pool_timeout=20&connect_timeout=10",
            "user='shop' password='pw' host='db.example' port='5432' dbname='shop' connect_timeout='10'",
        ),
        (
            "RDS",
            "postgresql://shop:p%40ss@shop.abc.eu-central-1.rds.amazonaws.com:5432/shop?sslmode=verify-full&sslrootcert=/etc/ssl/rds.pem",
            "user='shop' password='p@ss' host='shop.abc.eu-central-1.rds.amazonaws.com' port='5432' dbname='shop' \
             sslmode='verify-full' sslrootcert='/etc/ssl/rds.pem'",
        ),
        (
            "Azure",
            "host=shop.postgres.database.azure.com port=5432 dbname=shop user=shop@shop password={pw} sslmode=require",
            "host='shop.postgres.database.azure.com' port='5432' dbname='shop' user='shop@shop' password='{pw}' \
             sslmode='require'",
        ),
        (
            "Azure, as URL",
            "postgres://shop%40server:pw@server.postgres.database.azure.com/postgres?sslmode=require",
            "user='shop@server' password='pw' host='server.postgres.database.azure.com' dbname='postgres' \
             sslmode='require'",
        ),
        (
            "Render",
            "postgresql://shop:pw@dpg-abc-a.frankfurt-postgres.render.com/shop_x1y2",
            "user='shop' password='pw' host='dpg-abc-a.frankfurt-postgres.render.com' dbname='shop_x1y2'",
        ),
        (
            "Railway",
            "postgresql://postgres:pw@postgres.railway.internal:5432/railway",
            "user='postgres' password='pw' host='postgres.railway.internal' port='5432' dbname='railway'",
        ),
        (
            "Fly",
            "postgres://shop:pw@shop-db.flycast:5432/shop?sslmode=disable",
            "user='shop' password='pw' host='shop-db.flycast' port='5432' dbname='shop' sslmode='disable'",
        ),
        (
            "Heroku",
            "postgres://u1:p1@ec2-1-2-3-4.eu-west-1.compute.amazonaws.com:5432/d1",
            "user='u1' password='p1' host='ec2-1-2-3-4.eu-west-1.compute.amazonaws.com' port='5432' dbname='d1'",
        ),
        (
            "Cloud SQL",
            "postgresql:///shop?host=/cloudsql/project:region:shop&user=shop&password=pw",
            "dbname='shop' host='/cloudsql/project:region:shop' user='shop' password='pw'",
        ),
        (
            "node-postgres, which checks nothing",
            "postgres://shop:pw@db.example/shop?sslmode=no-verify&uselibpqcompat=true",
            "user='shop' password='pw' host='db.example' dbname='shop' sslmode='require'",
        ),
        (
            "the older form of it",
            "postgres://shop:pw@db.example/shop?ssl=true",
            "user='shop' password='pw' host='db.example' dbname='shop' sslmode='require'",
        ),
        (
            "Prisma, which checks nothing",
            "postgres://shop:pw@db.example/shop?sslmode=require&sslaccept=accept_invalid_certs&workaround=x&statement_cache_size=0",
            "user='shop' password='pw' host='db.example' dbname='shop' sslmode='require'",
        ),
        (
            "a primary and its standby",
            "postgresql://shop:pw@a.example:5432,b.example:5433,[2001:db8::1]/shop?target_session_attrs=read-write",
            "user='shop' password='pw' host='a.example,b.example,2001:db8::1' port='5432,5433,' dbname='shop' \
             target_session_attrs='read-write'",
        ),
        (
            "a time that libpq does not read",
            "postgres://db.example/shop?connect_timeout=1.5",
            "host='db.example' dbname='shop'",
        ),
        (
            "a semicolon in a password",
            "password=a;b host=h",
            "password='a;b' host='h'",
        ),
        (
            "a password with a blank, a quote and a backslash",
            r"host = localhost password = 'a b\'c\\d' dbname=''",
            r"host='localhost' password='a b\'c\\d'",
        ),
        (
            "a question mark in a password",
            "postgres://u:p?#@h/d",
            "user='u' password='p?#' host='h' dbname='d'",
        ),
        ("nothing but the scheme", "postgresql://", ""),
    ] {
        assert_eq!(given(text), options, "{provider}");
    }
}

#[test]
fn parameters_of_other_clients_take_effect() {
    let address =
        read("postgres://h/d?pgbouncer=true&connection_limit=1&supa=x&schema=public").unwrap();
    assert!(address.is_through_pooler());
    assert_eq!(address.left_out(), ["connection_limit", "supa"]);
    let address = read("postgres://h/d?schema=shop%27s&pgbouncer=false").unwrap();
    assert!(!address.is_through_pooler());
    assert!(address.setup().unwrap().contains("quote_ident('shop''s')"));
    assert!(address.needs_sessions());
    assert!(read("postgres://h/d").unwrap().setup().is_none());
}

#[test]
fn this_machines_certificates_are_trusted_with_any_libpq() {
    for query in [
        "sslrootcert=system",
        "sslmode=verify-full&sslrootcert=system",
        "sslmode=require&sslaccept=strict",
        "sslaccept=strict&sslmode=require",
    ] {
        let options = given(&format!("postgres://h/d?{query}"));
        let (_, mode) = options.rsplit_once("sslmode='").unwrap();
        assert!(mode.starts_with("verify-full'"), "{query}: {options}");
        let (_, file) = options.rsplit_once("sslrootcert='").unwrap();
        assert!(file.starts_with('/'), "{query}: {options}");
    }
    assert_eq!(
        read("postgres://h/d?sslmode=require&sslrootcert=system").unwrap_err(),
        InvalidConnectionString::WeakMode
    );
}

#[test]
fn mistakes_are_named_without_a_part_of_a_secret() {
    use InvalidConnectionString as Invalid;
    let unknown = |name: &str| Invalid::Unknown(Some(name.to_owned()));
    let value = |name: &str| Invalid::Value(name.to_owned());
    for (text, problem) in [
        ("postgres://shop:S3cret%zz@h/d", Invalid::Percent),
        ("postgres://shop:S3cret%@h/d", Invalid::Percent),
        ("postgres://shop:S3cret%ff@h/d", Invalid::Percent),
        ("postgres://shop:S3cret%00@h/d", Invalid::ControlCharacter),
        ("postgres://shop:S3@cret@h/d", Invalid::AtSign),
        ("postgres://shop:S3/cret@h/d", Invalid::Slash),
        ("postgres://sh@op:S3/cret@h/d", Invalid::AtSign),
        (
            "postgres://shop:12/cret?S3cret=1@h/d",
            Invalid::Unknown(None),
        ),
        ("postgres://shop:S3cret@h:port/d", Invalid::Port),
        ("postgres://shop:S3cret@h:0/d", Invalid::Port),
        ("postgres://shop:S3cret@h:70000/d", Invalid::Port),
        ("postgres://shop:S3cret@::1/d", Invalid::Port),
        ("postgres://shop:S3cret@[::1/d", Invalid::Brackets),
        ("postgres://shop:S3cret@[h]/d", Invalid::Brackets),
        ("postgres://shop:S3cret@h h/d", Invalid::Blank),
        ("postgres://shop:S3cret@h/d\n", Invalid::ControlCharacter),
        (
            "postgres://shop:S3cret@a,b,c:1,2/d?port=1,2",
            Invalid::Combination,
        ),
        ("postgres://shop:S3cret@h/d?sslmode", Invalid::Unfinished),
        ("postgres://shop:S3cret@h/d?colour=red", unknown("colour")),
        (
            "postgres://shop:S3cret@h/d?sslmode=S3cret",
            value("sslmode"),
        ),
        ("postgres://shop:S3cret@h/d?ssl=S3cret", value("ssl")),
        (
            "postgres://shop:S3cret@h/d?sslaccept=S3cret",
            value("sslaccept"),
        ),
        (
            "postgres://shop:S3cret@h/d?target_session_attrs=S3cret",
            value("target_session_attrs"),
        ),
        ("postgres://h/d?password=S3&cret=1", Invalid::Unknown(None)),
        (
            "postgres://h/d?schema=shop&pgbouncer=true",
            Invalid::SchemaThroughPooler,
        ),
        ("host=h password=S3 cret=1", Invalid::Unknown(None)),
        ("host=h password='S3cret", Invalid::Unfinished),
        ("host=h colour=red password=S3cret", unknown("colour")),
        ("host=h port=S3cret", Invalid::Port),
        ("Server=h;Database=d;Password=S3cret", Invalid::Foreign),
        (
            "postgres://S3cret@h/d?keepalives_idle=cret",
            value("keepalives_idle"),
        ),
        (
            "postgres://S3cret@h/d?client_encoding=S3cret",
            value("client_encoding"),
        ),
        ("postgres://S3cret@h/d?hostaddr=S3cret", value("hostaddr")),
        (
            "postgres://S3cret@h/d?replication=database",
            value("replication"),
        ),
        ("jdbc:postgresql://h/d?password=S3cret", Invalid::Foreign),
        ("mysql://shop:S3cret@h/d", Invalid::Form),
        ("\"postgres://shop:S3cret@h/d\"", Invalid::Form),
        ("S3cret", Invalid::Form),
        ("S3 cret=1", Invalid::Form),
        // A missing `=`.
        (
            "host=h user=u password S3cret dbname=d",
            Invalid::Unfinished,
        ),
        (
            "host=h user=u password: S3cret dbname=d",
            Invalid::Unfinished,
        ),
        ("host=h user=u S3cret dbname=d", Invalid::Unfinished),
        ("host=h user=u S3cret", Invalid::Unfinished),
        ("host=h user=u S3cret=", Invalid::Unknown(None)),
        ("host=h user=u S3cret==", Invalid::Unknown(None)),
        // The form of .NET, in lower case.
        (
            "host=h;username=u;password=S3 cret;sslmode=require",
            Invalid::Foreign,
        ),
        ("host=h;password=S3cret", Invalid::Foreign),
        ("host=h user=u pwd=S3 cret=1", unknown("pwd")),
        (
            "postgres://u:S3cret@h/d?S3%20cret=1",
            Invalid::Unknown(None),
        ),
        ("S3cret=1", Invalid::Form),
    ] {
        let found = read(text).expect_err(text);
        assert_eq!(found, problem, "{text}");
        for piece in ["S3", "cret"] {
            assert!(!found.to_string().contains(piece), "{found}");
        }
    }
}

#[test]
fn the_address_is_not_printed() {
    let address = read("postgres://u:hush@h/d").unwrap();
    assert!(!format!("{address:?}").contains("hush"));
}

/// Connection strings with a password at right and wrong places.
const PLACES: [&str; 19] = [
    "postgres://shop:{}",
    "postgres://shop@h/d?user=shop:{}&connection_limit=1",
    "host=={}",
    "host=h {}@h/d",
    "user=shop {} host=h",
    "postgres://shop:{}@h:1/d?sslmode=require",
    "postgres://{}@h/d",
    "postgres://shop:{}@h/d?pgbouncer=true",
    "postgres://h/d?user=shop&password={}",
    "postgres://h/d?password={}&user=shop",
    "host=h user=shop password={}",
    "host=h user=shop password={} dbname=d",
    "host=h user=shop password='{}' dbname=d",
    "host=h user=shop password {} dbname=d",
    "host=h user=shop {} dbname=d",
    "password={} host=h",
    "host=h;username=u;password={};sslmode=require",
    "Server=h;Password={};Database=d",
    "{}",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn no_part_of_a_password_is_in_a_message(
        place in prop::sample::select(&PLACES[..]),
        has_digits: bool,
        between in prop::collection::vec("[-@/?&=%#: ,'\"\\\\;+é$|\\[\\]]{0,2}|%zz|%40|%00|://|==", 4),
    ) {
        let [before, first, second, after] = &between[..] else { unreachable!() };
        let pieces = match has_digits {
            true => ["Zq7Kx", "Wv3Jp", "Yb5Hm"],
            false => ["zqukx", "wvejp", "ybihm"],
        };
        let [one, two, three] = pieces;
        let password = format!("{before}{one}{first}{two}{second}{three}{after}");
        if let Err(problem) = read(&place.replace("{}", &password)) {
            let said = format!("{problem} {problem:?}");
            for piece in pieces {
                prop_assert!(!said.contains(piece), "{place} with {password:?}: {said}");
            }
        }
    }
}

#[test]
fn missing_files_are_named_by_their_parameter() {
    use InvalidConnectionString::{NoFile, NoRoot};
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().display();
    for (parameters, problem) in [
        ("sslmode=require".to_owned(), None),
        (format!("sslmode=verify-full&sslrootcert={path}"), None),
        ("sslmode=verify-full&sslrootcert=system".to_owned(), None),
        (
            "sslmode=verify-full&sslrootcert=/n0ne".to_owned(),
            Some(NoFile("sslrootcert")),
        ),
        // libpq ignores these.
        ("sslmode=require&sslrootcert=/n0ne".to_owned(), None),
        ("sslcert=/n0ne&sslkey=/n0ne&sslcrl=/n0ne".to_owned(), None),
        (format!("sslmode=disable&sslcert={path}&sslkey=/n0ne"), None),
        (format!("sslcert={path}&sslkey=engine:n0ne"), None),
        (
            format!("sslcert={path}&sslkey=/n0ne"),
            Some(NoFile("sslkey")),
        ),
    ] {
        let address = read(&format!("postgres://u@h/d?{parameters}")).unwrap();
        assert_eq!(address.check_files().err(), problem, "{parameters}");
    }
    let unnamed = read("postgres://u@h/d?sslmode=verify-full").unwrap();
    assert_eq!(unnamed.check_files().is_ok(), has_default_root());
    assert!(NoRoot.to_string().contains("sslrootcert=system"));
}
