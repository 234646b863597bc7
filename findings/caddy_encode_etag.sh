#!/usr/bin/env bash
# Caddy 2.6.2 (Debian 12, package caddy 2.6.2-5).
# `encode` leaves a backend's strong ETag as it is, though the bytes differ: the same tag names both forms. nginx and HAProxy
# make such a tag weak, Apache lengthens it. `Vary` gets a second header line beside the backend's.
# Seen: the answer as it is and the encoded one both have Etag: "7-3"; the latter "Vary: Origin" and "Vary: Accept-Encoding".
set -euo pipefail
work=$(mktemp -d)
caddy=
trap '[ -z "$caddy" ] || kill "$caddy"; kill "${backend:-0}" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
apt-get download --quiet caddy=2.6.2-5 >/dev/null 2>&1
dpkg-deb --extract caddy_2.6.2-5_*.deb .
cat >backend.py <<'PYTHON'
import http.server

class Backend(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"text": "' + b"a" * 2000 + b'"}'
        self.send_response(200)
        for header in [("Content-Type", "application/json"), ("ETag", '"7-3"'), ("Vary", "Origin"), ("Content-Length", len(body))]:
            self.send_header(*map(str, header))
        self.end_headers()
        self.wfile.write(body)

http.server.HTTPServer(("127.0.0.1", 28431), Backend).serve_forever()
PYTHON
python3 backend.py 2>/dev/null &
backend=$!
cat >Caddyfile <<'CADDY'
{
	admin off
	auto_https off
}
:28432 {
	encode gzip
	reverse_proxy 127.0.0.1:28431
}
CADDY
HOME=$work usr/bin/caddy run --adapter caddyfile --config Caddyfile 2>log &
caddy=$!
for _ in $(seq 100); do curl -sf http://127.0.0.1:28432/ -o /dev/null && break; sleep 0.1; done
usr/bin/caddy version
for encoding in identity gzip; do
  curl -s -D - -o /dev/null -H "Accept-Encoding: $encoding" http://127.0.0.1:28432/ | tr -d '\r' | grep -iE '^(vary|etag|content-encoding):' >"$encoding"
  sed "s/^/$encoding  /" "$encoding"
done
grep -qix 'Content-Encoding: gzip' gzip
grep -qix 'Etag: "7-3"' gzip
grep -qix 'Etag: "7-3"' identity
grep -qix 'Vary: Origin' gzip
grep -qix 'Vary: Accept-Encoding' gzip
