"""Tests a server behind real proxies: see the script `proxies` beside this file."""

import gzip
import http.client
import itertools
import json
import os
import random
import re
import signal
import socket
import struct
import subprocess
import sys
import time
import zlib

BINARY, WORK, DOCUMENT = sys.argv[1:]
SECRET = "a-secret-for-the-trial-of-proxies-0"
PRODUCT = "/api/products/eggypro-vanilla-protein-powder-1kg"
# Its answer has less than 200 bytes, so the server does not compress it.
SMALL = "/api/products?search=nothing-of-that-name"
# Addresses of clients. They differ from the trusted address of the proxies.
CLIENT, OTHER_CLIENT = "127.0.0.2", "127.0.0.3"
LIMIT = 100_000
# CACHE_S_MAXAGE of the second server, in seconds.
KEPT = 2

failures = 0


def check(what, holds, seen=""):
    global failures
    failures += not holds
    print(f"{'ok    ' if holds else 'FAILED'} {what}{'' if holds else f': {seen}'}", flush=True)


def free_port():
    """A free port below the range for outgoing connections."""
    while True:
        with socket.socket() as listener:
            try:
                listener.bind(("", random.randrange(20_000, 30_000)))
                return listener.getsockname()[1]
            except OSError:
                continue


class Answer:
    def __init__(self, port, path, method="GET", headers=None, body=None, client=CLIENT):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=90, source_address=(client, 0))
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        self.status, self.bytes = response.status, response.read()
        self.headers = {name.lower(): response.getheader(name) for name, _ in response.getheaders()}
        connection.close()
        self.tag = self.headers.get("etag")
        self.encoding = self.headers.get("content-encoding")

    def json(self):
        return json.loads(gzip.decompress(self.bytes) if self.encoding == "gzip" else self.bytes)

    def __repr__(self):
        return f"{self.status} {self.headers} {self.bytes[:200]!r}"


# A new value for each write, as a write that changes nothing keeps the tag.
STOCK = itertools.count(10_000)


def patch(port, tag):
    headers = {"If-Match": tag, "Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}
    return Answer(port, PRODUCT, "PATCH", headers, json.dumps({"stock_quantity": next(STOCK)}))


def wait_for(port, process):
    for _ in range(300):
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if process.poll() is not None:
                with open(os.path.join(WORK, f"log-{os.path.basename(process.args[0])}")) as log:
                    sys.exit(f"{process.args[0]} did not start: {log.read()[-2000:]}")
            time.sleep(0.1)
    sys.exit(f"{process.args[0]} does not listen")


class Running:
    """A process, stopped at the end of its `with` block."""

    def __init__(self, port, *command, **environment):
        log = open(os.path.join(WORK, f"log-{os.path.basename(command[0])}"), "a")
        self.process = subprocess.Popen(
            command, stdout=log, stderr=log, env={**os.environ, **environment}, start_new_session=True
        )
        self.port = port

    def __enter__(self):
        try:
            wait_for(self.port, self.process)
        except BaseException:
            self.__exit__()
            raise
        return self.port

    def __exit__(self, *_):
        if self.process.poll() is not None:
            return
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(60)


def documented(language):
    with open(DOCUMENT) as document:
        return re.search(rf"^```{language}\n(.*?)^```", document.read(), re.S | re.M).group(1)


def write(name, text):
    path = os.path.join(WORK, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def at(configuration, server, port):
    """The configuration with the ports of this trial."""
    configuration = configuration.replace("127.0.0.1:8080", f"127.0.0.1:{server}")
    configuration = configuration.replace('.port = "8080"', f'.port = "{server}"')
    return re.sub(r"(listen |bind :|\*:|^:)80\b", rf"\g<1>{port}", configuration, flags=re.M)


def nginx(configuration, port, server):
    text = at(configuration, server, port)
    path = write(
        "nginx.conf",
        f"daemon off; pid {WORK}/nginx.pid; error_log {WORK}/nginx.log; events {{}}\n"
        f"http {{ access_log off; client_body_temp_path {WORK}/body; proxy_temp_path {WORK}/proxy;\n"
        f"fastcgi_temp_path {WORK}/f; uwsgi_temp_path {WORK}/u; scgi_temp_path {WORK}/s;\n"
        # A common `nginx.conf`. The documented `gzip off` must win.
        f"gzip on; gzip_types application/json; gzip_proxied any;\n{text} }}",
    )
    return Running(port, "nginx", "-c", path)


def haproxy(configuration, port, server):
    return Running(port, "haproxy", "-db", "-f", write("haproxy.cfg", at(configuration, server, port)))


def apache(configuration, port, server):
    modules = ["mpm_event", "authz_core", "proxy", "proxy_http", "headers", "env", "deflate", "brotli", "filter"]
    loads = "".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n" for name in modules)
    path = write(
        "apache.conf",
        f"ServerRoot {WORK}\nServerName trial\nPidFile {WORK}/apache.pid\nErrorLog {WORK}/apache.log\nListen {port}\n"
        f"User www-data\nGroup www-data\nDefaultRuntimeDir {WORK}\n{loads}"
        # The modules' default configuration. The documented `SetEnv` must win.
        "AddOutputFilterByType BROTLI_COMPRESS application/json\nAddOutputFilterByType DEFLATE application/json\n"
        f"{at(configuration, server, port)}",
    )
    return Running(port, "apache2", "-DFOREGROUND", "-f", path)


def varnish(configuration, port, server, gzip_support="off"):
    path = write("shop.vcl", at(configuration, server, port))
    state = os.path.join(WORK, f"varnish-{port}")
    options = ["-F", "-n", state, "-a", f"127.0.0.1:{port}", "-f", path, "-p", f"http_gzip_support={gzip_support}"]
    return Running(port, "varnishd", *options)


def caddy(configuration, port, server):
    text = "{\n admin off\n auto_https off\n}\n" + at(configuration, server, port)
    path = write("Caddyfile", text)
    run = ["caddy", "run", "--adapter", "caddyfile", "--config", path]
    return Running(port, *run, XDG_DATA_HOME=WORK, XDG_CONFIG_HOME=WORK)


def check_documented(name, port, server):
    """Checks a proxy with the documented configuration."""
    direct = Answer(server, PRODUCT)
    plain = Answer(port, PRODUCT)
    check(f"{name}: a read is what the server says", plain.bytes == direct.bytes and plain.tag == direct.tag, plain)
    packed = Answer(port, PRODUCT, headers={"Accept-Encoding": "gzip"})
    is_ours = packed.encoding == "gzip" and packed.tag == f'{direct.tag[:-1]}-gzip"'
    check(f"{name}: compressed by the server, with a strong tag", is_ours and packed.json() == direct.json(), packed)
    small = Answer(port, SMALL, headers={"Accept-Encoding": "gzip, br"})
    check(f"{name}: a small answer is left alone", small.tag[0] == '"' and small.encoding is None, small)
    for accepted in ["identity", "gzip", "br"]:
        # Each write creates a new version.
        seen = Answer(port, PRODUCT, headers={"Accept-Encoding": accepted})
        again = Answer(port, PRODUCT, headers={"Accept-Encoding": accepted, "If-None-Match": seen.tag})
        check(f"{name}: {accepted} is known again", again.status == 304, again)
        written = patch(port, seen.tag)
        check(f"{name}: a write with the tag of {accepted} holds", written.status == 200, written)
    for header in FORWARDING:
        left = left_by_address(port, header)
        check(f"{name}: a stranger can't choose its address by {header}", left == TOGETHER, left)
    check(f"{name}: clients have limits of their own", are_told_apart(port))
    upgraded = Answer(port, PRODUCT, headers={"Connection": "Upgrade", "Upgrade": "h2c"})
    check(f"{name}: a request for an upgrade is answered", upgraded.status == 200, upgraded)
    uploaded = upload(port)
    check(f"{name}: the largest upload arrives", getattr(uploaded, "status", None) == 201, uploaded)


# The headers that name a client's address, and their formats.
FORWARDING = {"X-Forwarded-For": "{}", "Forwarded": "for={}"}


def remaining(port, agent, client=CLIENT, headers=None):
    """Sends a request and returns the remaining requests of its client."""
    headers = {"User-Agent": f"{agent}-{port}", **(headers or {})}
    answer = Answer(port, "/api/categories", headers=headers, client=client)
    return int(answer.headers["ratelimit-remaining"])


# The remaining requests after four requests with one common budget, and with one budget each.
TOGETHER, APART = [LIMIT - 1, LIMIT - 2, LIMIT - 3, LIMIT - 4], [LIMIT - 1] * 4


def left_by_address(port, header):
    """The remaining requests after four requests of one client that name four addresses."""
    made_up = [{header: FORWARDING[header].format(f"198.51.100.{number}")} for number in range(4)]
    return [remaining(port, f"chooser-{header}", headers=headers) for headers in made_up]


def are_told_apart(port):
    """Whether each client has its own budget, even if both name the same other address."""
    named = {"Forwarded": "for=198.51.100.9"}
    left = [remaining(port, "neighbour", client, named) for client in [CLIENT, OTHER_CLIENT, CLIENT]]
    return left == [LIMIT - 1, LIMIT - 1, LIMIT - 2]


def png(side):
    """A PNG of noise, with about three bytes a pixel."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + random.randbytes(3 * side) for _ in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = zlib.compress(rows, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def upload(port):
    """Makes the largest allowed upload: ten files of nearly 10 MiB."""
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="noise.png"\r\n'
    form = (head + b"Content-Type: image/png\r\n\r\n" + png(1868) + b"\r\n") * 10 + b"--edge--\r\n"
    headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": "multipart/form-data; boundary=edge"}
    try:
        return Answer(port, "/api/images", "POST", headers, form)
    except OSError as error:
        # A proxy that refuses the upload may close the connection early.
        return error


def check_careless(name, port, is_believed, weak):
    """Checks a proxy that compresses or decompresses answers itself."""
    varies = Answer(port, PRODUCT, headers={"Accept-Encoding": "gzip"}).headers["vary"]
    check(f"{name}: Vary keeps what the server says", {"Origin", "Accept-Encoding"} <= set(re.split(", ?", varies)), varies)
    small = Answer(port, SMALL, headers={"Accept-Encoding": "gzip"})
    print(f"       {name}: a small answer is {small.encoding}, tag {small.tag}")
    again = Answer(port, SMALL, headers={"Accept-Encoding": "gzip", "If-None-Match": small.tag})
    check(f"{name}: what it made of a small answer is known again", again.status == 304, again)
    seen = Answer(port, PRODUCT, headers={"Accept-Encoding": weak or "gzip"})
    print(f"       {name}: a product is {seen.encoding}, tag {seen.tag}")
    again = Answer(port, PRODUCT, headers={"Accept-Encoding": weak or "gzip", "If-None-Match": seen.tag})
    check(f"{name}: what it made of a product is known again", again.status == 304, again)
    for header, is_believed_by_it in zip(FORWARDING, is_believed):
        verdict = "chooses" if is_believed_by_it else "can't choose"
        left = left_by_address(port, header)
        holds = left == (APART if is_believed_by_it else TOGETHER)
        check(f"{name}: a stranger {verdict} its address by {header}, as the document says", holds, left)
    refused = patch(port, seen.tag)
    if not weak:
        check(f"{name}: a write with the tag of a product holds", refused.status == 200, refused)
        return
    check(f"{name}: it makes tags weak", seen.tag.startswith('W/"'), seen)
    problem = refused.json()
    explains = "weak tag" in problem.get("detail", "") and problem.get("current_version", 0) > 0
    check(f"{name}: the 412 says what is wrong", refused.status == 412 and explains, refused)
    written = patch(port, problem.get("current_etag", ""))
    check(f"{name}: the tag that it names holds", written.status == 200, written)


def check_kept(name, port, server):
    """Checks a shared cache in front of a server with CACHE_S_MAXAGE."""
    origins = ["https://one.example", "https://two.example"]
    by_origin = [Answer(port, PRODUCT, headers={"Origin": origin}) for origin in origins + origins]
    kept = by_origin[2]
    check(f"{name}: a public answer is kept", is_kept(kept), kept)
    bears = {"x-request-id", "ratelimit-remaining"} & kept.headers.keys()
    check(f"{name}: and bears nothing that is of one client", not bears, kept)
    allowed = [answer.headers.get("access-control-allow-origin") for answer in by_origin]
    check(f"{name}: each origin has an answer of its own", allowed == origins + origins, allowed)
    private = [Answer(port, PRODUCT, headers={"Authorization": f"Bearer {SECRET}"}) for _ in range(2)]
    check(f"{name}: an administrator's answer is not kept", not is_kept(private[1]), private[1])
    missing = [Answer(port, f"{PRODUCT}-none") for _ in range(2)]
    check(f"{name}: a 404 is not kept", missing[1].status == 404 and not is_kept(missing[1]), missing[1])
    before = Answer(port, PRODUCT)
    written = patch(server, before.tag)
    time.sleep(KEPT + 0.5)
    after = Answer(port, PRODUCT)
    check(f"{name}: a change is seen when the time is over", after.tag == written.tag != before.tag, after)


def is_kept(answer):
    """Whether the answer came from Varnish's cache. Then `X-Varnish` has two ids."""
    return " " in answer.headers["x-varnish"]


# For each proxy: the function that starts it, its configuration, whether a client can choose its address by each header
# of `FORWARDING`, and the `Accept-Encoding` with which the proxy makes a tag weak.
CARELESS = {
    "nginx": (
        nginx,
        'server { listen 80; location / { proxy_pass http://127.0.0.1:8080; proxy_set_header Accept-Encoding ""; } }',
        (True, True),
        "gzip",
    ),
    "HAProxy": (
        haproxy,
        "defaults\n mode http\n timeout connect 2s\n timeout client 9s\n timeout server 9s\nfrontend shop\n bind :80\n"
        " compression algo gzip\n compression type application/json\n compression offload\n default_backend eggypro\n"
        "backend eggypro\n server eggypro 127.0.0.1:8080\n",
        (True, True),
        "gzip",
    ),
    "Apache": (
        apache,
        "<VirtualHost *:80>\n ProxyPass / http://127.0.0.1:8080/\n</VirtualHost>\n",
        (False, False),
        None,
    ),
    "Varnish": (
        lambda *arguments: varnish(*arguments, gzip_support="on"),
        'vcl 4.1;\nbackend eggypro { .host = "127.0.0.1"; .port = "8080"; }\n',
        (False, False),
        "identity",
    ),
    "Caddy": (
        caddy,
        ":80 {\n encode gzip\n reverse_proxy 127.0.0.1:8080 {\n header_up -Accept-Encoding\n }\n}\n",
        (False, False),
        None,
    ),
}
DOCUMENTED = [
    ("nginx", nginx, "nginx"),
    ("HAProxy", haproxy, "haproxy"),
    ("Apache", apache, "apache"),
    ("Varnish", varnish, "vcl"),
    ("Caddy", caddy, "caddyfile"),
]


VERSIONS = ["nginx -v", "haproxy -v", "apache2 -v", "varnishd -V", "caddy version"]


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for command in VERSIONS:
        shown = subprocess.run(command.split(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
        print(f"       {command.split()[0]} {re.search(r'[0-9]+[.][0-9]+[.][0-9]+', shown).group()}")
    server = free_port()
    environment = {
        "EGGYPRO_DATA_DIR": os.path.join(WORK, "data"),
        "PORT": str(server),
        "ADMIN_SECRET_KEY": SECRET,
        "TRUSTED_PROXIES": "127.0.0.1",
        "RATE_LIMIT_MAX_REQUESTS": str(LIMIT),
        # A day, so that the window hardly ever ends during a trial.
        "RATE_LIMIT_WINDOW_MS": "86400000",
        "CORS_ORIGIN": "https://one.example,https://two.example",
    }
    seeding = {**os.environ, **environment, "RUST_LOG": "warn"}
    subprocess.run([BINARY, "seed", "--yes"], check=True, env=seeding, stdout=subprocess.DEVNULL)
    with Running(server, BINARY, "serve", **environment):
        for name, start, language in DOCUMENTED:
            with start(documented(language), free_port(), server) as port:
                check_documented(name, port, server)
        for name, (start, configuration, is_believed, weak) in CARELESS.items():
            with start(configuration, free_port(), server) as port:
                check_careless(f"careless {name}", port, is_believed, weak)
    with Running(server, BINARY, "serve", **environment, CACHE_S_MAXAGE=str(KEPT)):
        with varnish(documented("vcl"), free_port(), server) as port:
            check_kept("Varnish with CACHE_S_MAXAGE", port, server)
    sys.exit(f"{failures} failed" if failures else 0)


main()
