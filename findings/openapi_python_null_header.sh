#!/usr/bin/env bash
# openapi-python-client 0.29.1 with httpx 0.28.1.
# An optional parameter whose type is string or null, as several frameworks write it: in the query, None is left out as
# UNSET is; in a header, for which the generated function takes None just so, the call fails before anything is sent.
# Seen: query {} for both; headers {} for UNSET, {'If-Match': None} for None, of which httpx says: TypeError, Header value
# must be str or bytes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip -q install openapi-python-client==0.29.1 httpx==0.28.1 ruff
cat >openapi.json <<'JSON'
{ "openapi": "3.1.0", "info": { "title": "Things", "version": "1" }, "paths": { "/things": { "get": {
  "operationId": "getThings", "responses": { "204": { "description": "Nothing" } }, "parameters": [
    { "name": "color", "in": "query", "schema": { "type": ["string", "null"] } },
    { "name": "If-Match", "in": "header", "schema": { "type": ["string", "null"] } } ] } } } }
JSON
PATH=$work/python/bin:$PATH openapi-python-client generate --path openapi.json --meta none --output-path things >log
python/bin/python - <<'PYTHON' | tee seen
import httpx
from things.api.default import get_things
from things.types import UNSET

for value in [UNSET, None]:
    request = get_things._get_kwargs(color=value, if_match=value)
    print(type(value).__name__, "query", request["params"], "headers", request["headers"])
    try:
        httpx.Request(request.pop("method"), "http://127.0.0.1" + request.pop("url"), **request)
        print("can be sent")
    except TypeError as error:
        print(str(error).split(",")[0])
PYTHON
diff seen - <<'SEEN'
Unset query {} headers {}
can be sent
NoneType query {} headers {'If-Match': None}
Header value must be str or bytes
SEEN
