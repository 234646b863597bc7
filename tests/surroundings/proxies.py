"""Tries a server behind real proxies: see `proxies` beside this file."""

import gzip
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time

BINARY, WORK, DOCUMENT = sys.argv[1:]
SECRET = "a-secret-for-the-trial-of-proxies-0"
PRODUCT = "/api/products/eggypro-vanilla-protein-powder-1kg"
# An answer of less than 200 bytes, which the server does not compress.
SMALL = "/api/products?search=nothing-of-that-name"
# Another address than that of the proxies, which the server trusts.
CLIENT = ("127.0.0.2", 0)
LIMIT = 100_000

failures = 0


def check(what, holds, seen=""):
    global failures
    failures += not holds
    print(f"{'ok    ' if holds else 'FAILED'} {what}{'' if holds else f': {seen}'}", flush=True)


def free_port():
    """A port that no connection gets for its own end."""
    while True:
        with socket.socket() as listener:
            try:
                listener.bind(("", random.randrange(20_000, 30_000)))
                return listener.getsockname()[1]
            except OSError:
                continue


class Answer:
    def __init__(self, port, path, method="GET", headers=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=CLIENT)
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


def patch(port, tag):
    headers = {"If-Match": tag, "Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}
    return Answer(port, PRODUCT, "PATCH", headers, "{}")


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
    """A process that is stopped with its block."""

    def __init__(self, port, *command, **environment):
        log = open(os.path.join(WORK, f"log-{os.path.basename(command[0])}"), "a")
        self.process = subprocess.Popen(
            command, stdout=log, stderr=log, env={**os.environ, **environment}, start_new_session=True
        )
        self.port = port

    def __enter__(self):
        wait_for(self.port, self.process)
        return self.port

    def __exit__(self, *_):
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
    """The configuration with this trial's ports."""
    configuration = configuration.replace("127.0.0.1:8080", f"127.0.0.1:{server}")
    configuration = configuration.replace('.port = "8080"', f'.port = "{server}"')
    return re.sub(r"(listen |bind :|\*:|^:)80\b", rf"\g<1>{port}", configuration, flags=re.M)


def nginx(configuration, port, server):
    text = at(configuration, server, port)
    path = write(
        "nginx.conf",
        f"daemon off; pid {WORK}/nginx.pid; error_log {WORK}/nginx.log; events {{}}\n"
        f"http {{ access_log off; client_body_temp_path {WORK}/body; proxy_temp_path {WORK}/proxy;\n"
        f"fastcgi_temp_path {WORK}/f; uwsgi_temp_path {WORK}/u; scgi_temp_path {WORK}/s;\n{text} }}",
    )
    return Running(port, "nginx", "-c", path)


def haproxy(configuration, port, server):
    return Running(port, "haproxy", "-db", "-f", write("haproxy.cfg", at(configuration, server, port)))


def apache(configuration, port, server):
    modules = ["mpm_event", "authz_core", "proxy", "proxy_http", "headers", "env", "deflate", "filter"]
    loads = "".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n" for name in modules)
    path = write(
        "apache.conf",
        f"ServerRoot {WORK}\nServerName trial\nPidFile {WORK}/apache.pid\nErrorLog {WORK}/apache.log\nListen {port}\n"
        f"User www-data\nGroup www-data\nDefaultRuntimeDir {WORK}\n{loads}{at(configuration, server, port)}",
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
    """What holds behind a proxy that is set up as the document says."""
    direct = Answer(server, PRODUCT)
    plain = Answer(port, PRODUCT)
    check(f"{name}: a read is what the server says", plain.bytes == direct.bytes and plain.tag == direct.tag, plain)
    packed = Answer(port, PRODUCT, headers={"Accept-Encoding": "gzip"})
    is_ours = packed.encoding == "gzip" and packed.tag == f'{direct.tag[:-1]}-gzip"'
    check(f"{name}: compressed by the server, with a strong tag", is_ours and packed.json() == direct.json(), packed)
    small = Answer(port, SMALL, headers={"Accept-Encoding": "gzip"})
    check(f"{name}: a small answer is left alone", small.tag[0] == '"' and small.encoding is None, small)
    for accepted in ["identity", "gzip"]:
        # Each write makes another state.
        seen = Answer(port, PRODUCT, headers={"Accept-Encoding": accepted})
        again = Answer(port, PRODUCT, headers={"Accept-Encoding": accepted, "If-None-Match": seen.tag})
        check(f"{name}: {accepted} is known again", again.status == 304, again)
        written = patch(port, seen.tag)
        check(f"{name}: a write with the tag of {accepted} holds", written.status == 200, written)
    check(f"{name}: a stranger can't choose its address", not can_choose_address(port))
    upgraded = Answer(port, PRODUCT, headers={"Connection": "Upgrade", "Upgrade": "h2c"})
    check(f"{name}: who asks for an upgrade is answered", upgraded.status == 200, upgraded)
    large = Answer(port, f"{PRODUCT}/images", "POST", {"Content-Type": "text/plain"}, b"x" * 3_000_000)
    check(f"{name}: three megabytes reach the server", large.status != 413 and "x-request-id" in large.headers, large)


def can_choose_address(port):
    """Whether each made-up address has a budget of its own."""
    left = set()
    for number in range(4):
        headers = {"X-Forwarded-For": f"198.51.100.{number}", "User-Agent": f"chooser-{port}"}
        answer = Answer(port, "/api/categories", headers=headers)
        left.add(answer.headers["ratelimit-remaining"])
    return len(left) == 1


def check_careless(name, port, server, weak):
    """What comes of a proxy that compresses by itself, or unpacks."""
    varies = Answer(port, PRODUCT, headers={"Accept-Encoding": "gzip"}).headers["vary"]
    check(f"{name}: Vary keeps what the server says", {"Origin", "Accept-Encoding"} <= set(re.split(", ?", varies)), varies)
    small = Answer(port, SMALL, headers={"Accept-Encoding": "gzip"})
    print(f"       {name}: a small answer is {small.encoding}, tag {small.tag}")
    again = Answer(port, SMALL, headers={"Accept-Encoding": "gzip", "If-None-Match": small.tag})
    check(f"{name}: what it made of a small answer is known again", again.status == 304, again)
    if not weak:
        return
    seen = Answer(port, PRODUCT, headers={"Accept-Encoding": weak})
    print(f"       {name}: a product is {seen.encoding}, tag {seen.tag}")
    check(f"{name}: it makes tags weak", seen.tag.startswith('W/"'), seen)
    refused = patch(port, seen.tag)
    problem = refused.json()
    explains = "weak tag" in problem.get("detail", "") and problem.get("current_version", 0) > 0
    check(f"{name}: the 412 says what is wrong", refused.status == 412 and explains, refused)
    written = patch(port, problem.get("current_etag", ""))
    check(f"{name}: the tag that it names holds", written.status == 200, written)


CARELESS = {
    "nginx": (
        nginx,
        "server { listen 80; gzip on; gzip_types application/json; gzip_proxied any;"
        ' location / { proxy_pass http://127.0.0.1:8080; proxy_set_header Accept-Encoding ""; } }',
        "gzip",
    ),
    "HAProxy": (
        haproxy,
        "defaults\n mode http\n timeout connect 2s\n timeout client 9s\n timeout server 9s\nfrontend shop\n bind :80\n"
        " compression algo gzip\n compression type application/json\n compression offload\n default_backend eggypro\n"
        "backend eggypro\n server eggypro 127.0.0.1:8080\n",
        "gzip",
    ),
    "Apache": (
        apache,
        "<VirtualHost *:80>\n AddOutputFilterByType DEFLATE application/json\n"
        " ProxyPass / http://127.0.0.1:8080/\n</VirtualHost>\n",
        None,
    ),
    "Varnish": (
        lambda *arguments: varnish(*arguments, gzip_support="on"),
        'vcl 4.1;\nbackend eggypro { .host = "127.0.0.1"; .port = "8080"; }\n',
        "identity",
    ),
    "Caddy": (caddy, ":80 {\n encode gzip\n reverse_proxy 127.0.0.1:8080 {\n header_up -Accept-Encoding\n }\n}\n", None),
}
DOCUMENTED = [
    ("nginx", nginx, "nginx"),
    ("HAProxy", haproxy, "haproxy"),
    ("Apache", apache, "apache"),
    ("Varnish", varnish, "vcl"),
    ("Caddy", caddy, "caddyfile"),
]


def main():
    server = free_port()
    environment = {
        "EGGYPRO_DATA_DIR": os.path.join(WORK, "data"),
        "PORT": str(server),
        "ADMIN_SECRET_KEY": SECRET,
        "TRUSTED_PROXIES": "127.0.0.1",
        "RATE_LIMIT_MAX_REQUESTS": str(LIMIT),
    }
    subprocess.run([BINARY, "seed", "--yes"], check=True, env={**os.environ, **environment, "RUST_LOG": "warn"}, stdout=subprocess.DEVNULL)
    with Running(server, BINARY, "serve", **environment):
        for name, start, language in DOCUMENTED:
            with start(documented(language), free_port(), server) as port:
                check_documented(name, port, server)
        for name, (start, configuration, weak) in CARELESS.items():
            with start(configuration, free_port(), server) as port:
                check_careless(f"careless {name}", port, server, weak)
                if name == "nginx":
                    check("careless nginx: a stranger chooses its address, as the document warns", can_choose_address(port))
    sys.exit(f"{failures} failed" if failures else 0)


main()
