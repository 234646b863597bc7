use super::*;

const STRICT: Guard = Guard {
    allow_private: false,
    allow_http: true,
};

fn check(guard: Guard, url: &str) -> Result<(), Blocked> {
    guard.check_url(&Url::parse(url).unwrap())
}

/// URLs whose host is an address, in every form that browsers and clients read.
const REFUSED: &[(Range, &[&str])] = &[
    (
        Range::Loopback,
        &[
            "http://127.0.0.1/",
            "http://127.0.0.1:8080/hook",
            "http://127.0.0.1./",
            "http://127.255.255.254/",
            "http://127.1/",
            "http://127.0.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0x7f.1/",
            "http://0x7F.0x0.0x0.0x1/",
            "http://017700000001/",
            "http://0177.0.0.1/",
            "http://0177.0.0.0x1./",
            "http://00000177.1/",
            "http://%31%32%37.0.0.1/",
            "http://127%2e0%2e0%2e1/",
            "http://127。0。0。1/",
            "http://①②⑦.⓪.⓪.①/",
            "http://１２７.0.0.1/",
            "http:127.0.0.1/",
            "http:\\\\127.0.0.1\\hook",
            "http://127.0.0.1\\@shop.example/",
            "http://127.0.0.1#@shop.example/",
            "http://127.0.0.1?@shop.example/",
            " http://12\t7.0.\n0.1/",
            "http://[::1]/",
            "http://[0:0:0:0:0:0:0:1]:9000/",
            "http://[0000::0001]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[0:0:0:0:0:FFFF:127.0.0.1]/",
            "http://[64:ff9b::127.0.0.1]/",
            "http://[64:ff9b::7f00:1]/",
        ],
    ),
    (
        Range::Private,
        &[
            "http://10.0.0.1/",
            "http://10.255.255.255/",
            "http://10.1/",
            "http://167772161/",
            "http://012.0.0.1/",
            "http://172.16.0.1/",
            "http://172.31.255.255/",
            "http://192.168.0.1/",
            "http://0xc0a80001/",
            "http://192.168.257/",
            "http://[::ffff:10.0.0.1]/",
            "http://[64:ff9b::192.168.1.1]/",
            "http://[fc00::1]/",
            "http://[fd12:3456:789a::1]/",
            "http://[fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]/",
            "http://[fec0::1]/",
        ],
    ),
    (
        Range::LinkLocal,
        &[
            "http://169.254.0.1/",
            "http://169.254.170.2/",
            "http://[fe80::1]/",
            "http://[febf::1]/",
            "http://[::ffff:169.254.1.1]/",
        ],
    ),
    (
        Range::Metadata,
        &[
            "http://169.254.169.254/latest/meta-data/",
            "http://2852039166/",
            "http://0xa9fea9fe/",
            "http://0251.0376.0251.0376/",
            "http://169.16689662/",
            "http://[::ffff:169.254.169.254]/",
            "http://[64:ff9b::a9fe:a9fe]/",
            "http://[fd00:ec2::254]/",
            "http://168.63.129.16/",
            "http://100.100.100.200/",
        ],
    ),
    (
        Range::Shared,
        &["http://100.64.0.1/", "http://100.127.255.255/"],
    ),
    (
        Range::Unspecified,
        &[
            "http://0.0.0.0/",
            "http://0/",
            "http://0x0/",
            "http://[::]/",
            "http://[::ffff:0.0.0.0]/",
        ],
    ),
    (
        Range::Multicast,
        &[
            "http://224.0.0.1/",
            "http://239.255.255.250/",
            "http://[ff02::1]/",
            "http://[ff0e::1]/",
            "http://[64:ff9b::224.0.0.1]/",
        ],
    ),
    (
        Range::Broadcast,
        &["http://255.255.255.255/", "http://4294967295/"],
    ),
    (
        Range::Benchmarking,
        &[
            "http://198.18.0.1/",
            "http://198.19.255.255/",
            "http://[2001:2::1]/",
        ],
    ),
    (
        Range::Documentation,
        &[
            "http://192.0.2.1/",
            "http://198.51.100.1/",
            "http://203.0.113.1/",
            "http://[2001:db8::1]/",
            "http://[3fff::1]/",
            "http://[3fff:fff:ffff::1]/",
        ],
    ),
    (
        Range::Tunnel,
        &[
            "http://192.88.99.1/",
            "http://192.88.99.2/",
            "http://[2002:7f00:1::]/",
            "http://[2002:c0a8:101::1]/",
            "http://[2002:808:808::1]/",
            "http://[2001:0:7f00:1::80ff:fffe]/",
            "http://[2001::1]/",
        ],
    ),
    (
        Range::Reserved,
        &[
            "http://0.1.2.3/",
            "http://192.0.0.1/",
            "http://192.0.0.9/",
            "http://192.0.0.192/",
            "http://192.31.196.1/",
            "http://192.52.193.1/",
            "http://192.175.48.1/",
            "http://240.0.0.1/",
            "http://255.255.255.254/",
            "http://[::127.0.0.1]/",
            "http://[::8.8.8.8]/",
            "http://[::2]/",
            "http://[::ffff:0:127.0.0.1]/",
            "http://[64:ff9b:1::10.0.0.1]/",
            "http://[64:ff9b::1:127.0.0.1]/",
            "http://[100::1]/",
            "http://[100:0:0:1::1]/",
            "http://[200::1]/",
            "http://[2001:1::1]/",
            "http://[2001:3::1]/",
            "http://[2001:4:112::1]/",
            "http://[2001:10::1]/",
            "http://[2001:20::1]/",
            "http://[2001:30::1]/",
            "http://[2001:1ff:ffff::1]/",
            "http://[2620:4f:8000::1]/",
            "http://[4000::1]/",
            "http://[5f00::1]/",
            "http://[fbff::1]/",
            "http://[fe00::1]/",
        ],
    ),
];

const ALLOWED: &[&str] = &[
    "https://shop.example/hook",
    "https://shop.example.:8443/hook?shop=7",
    "https://127.0.0.1.nip.example/",
    "https://localhost.example/",
    "https://notlocalhost/",
    "https://bücher.example/",
    "https://1.1.1.1/",
    "https://134744072/",
    "https://9.255.255.255/",
    "https://11.0.0.1/",
    "https://100.63.255.255/",
    "https://100.128.0.1/",
    "https://126.255.255.255/",
    "https://128.0.0.1/",
    "https://169.253.255.255/",
    "https://172.15.255.255/",
    "https://172.32.0.1/",
    "https://192.0.1.1/",
    "https://192.167.255.255/",
    "https://198.17.255.255/",
    "https://198.20.0.1/",
    "https://223.255.255.255/",
    "https://[2606:4700:4700::1111]/",
    "https://[2001:200::1]/",
    "https://[2001:4860:4860::8888]/",
    "https://[2003::1]/",
    "https://[3fff:1000::1]/",
    "https://[::ffff:8.8.8.8]/",
    "https://[64:ff9b::8.8.8.8]/",
];

#[test]
fn addresses_that_are_not_public_are_refused_in_every_form() {
    let mut count = 0;
    for (range, urls) in REFUSED {
        for url in *urls {
            match check(STRICT, url) {
                Err(Blocked::Address { range: found, .. }) => assert_eq!(found, *range, "{url}"),
                other => panic!("{url}: {other:?}"),
            }
            count += 1;
        }
    }
    assert!(count >= 60, "{count}");
}

#[test]
fn public_addresses_and_names_are_allowed() {
    for url in ALLOWED {
        assert_eq!(check(Guard::default(), url), Ok(()), "{url}");
    }
}

#[test]
fn names_of_this_machine_are_refused() {
    for (url, name) in [
        ("http://localhost/", "localhost"),
        ("http://LocalHost:8080/", "localhost"),
        ("http://localhost./", "localhost"),
        ("http://%6cocalhost/", "localhost"),
        ("http://ⓛocalhost/", "localhost"),
        ("http://hook.localhost/", "hook.localhost"),
        ("http://hook.localhost./", "hook.localhost"),
    ] {
        let range = Range::Loopback;
        assert_eq!(check(STRICT, url), Err(Blocked::name(name, range)), "{url}");
    }
}

#[test]
fn other_urls_are_refused() {
    for url in [
        "ftp://shop.example/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/",
        "data:text/plain,x",
        "javascript:alert(1)",
        "unix:/var/run/docker.sock",
        "ws://shop.example/",
    ] {
        assert_eq!(check(STRICT, url), Err(Blocked::Scheme), "{url}");
    }
    for url in [
        "https://user@shop.example/",
        "https://user:password@shop.example/",
        "https://:password@shop.example/",
        "https://shop.example@127.0.0.1/",
        "https://127.0.0.1@shop.example/",
        "https://shop.example:443@127.0.0.1/",
    ] {
        assert_eq!(check(STRICT, url), Err(Blocked::Credentials), "{url}");
    }
    let guard = Guard::default();
    assert_eq!(check(guard, "http://shop.example/"), Err(Blocked::Scheme));
    assert_eq!(check(guard, "https://shop.example/"), Ok(()));
}

#[test]
fn these_are_no_urls() {
    for text in [
        "127.0.0.1",
        "//127.0.0.1/",
        "http://",
        "http://256.0.0.1/",
        "http://1.2.3.4.5/",
        "http://0x1ffffffff/",
        "http://[::1/",
        "http://[::1%25eth0]/",
        "http://[fe80::1%lo]/",
        "http://shop example/",
        "http://127.0.0.1%00.shop.example/",
    ] {
        assert!(Url::parse(text).is_err(), "{text}");
    }
}

#[test]
fn private_addresses_can_be_allowed() {
    let guard = Guard {
        allow_private: true,
        allow_http: true,
    };
    for url in REFUSED.iter().flat_map(|(_, urls)| *urls) {
        assert_eq!(check(guard, url), Ok(()), "{url}");
    }
    assert_eq!(check(guard, "http://localhost:3000/"), Ok(()));
    let secure = Guard {
        allow_http: false,
        ..guard
    };
    assert_eq!(check(secure, "http://10.0.0.1/"), Err(Blocked::Scheme));
    assert_eq!(check(secure, "https://10.0.0.1/"), Ok(()));
}

#[test]
fn reasons_are_short_sentences() {
    for (url, reason) in [
        ("http://10.0.0.1/", "10.0.0.1 is a private address"),
        ("http://2130706433/", "127.0.0.1 is a loopback address"),
        (
            "http://169.254.169.254/",
            "169.254.169.254 is the metadata service of a cloud",
        ),
        (
            "http://localhost/",
            "the name localhost leads to a loopback address",
        ),
        ("ftp://10.0.0.1/", "the URL must begin with https://"),
    ] {
        assert_eq!(check(STRICT, url).unwrap_err().to_string(), reason);
    }
}
