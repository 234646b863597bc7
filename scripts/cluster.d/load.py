"""Reads and writes through the balancer until the event `end`, then checks each answer and prints figures.

An event is a file in a folder, and its time is the file's: the primary is unavailable from `stopped` to `returned`.
Exits with 1 if a request got a wrong answer.
"""

import argparse
import asyncio
import json
import os
import random
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass

from connection import Connection

# Maximum time from the return of the primary to the last refused request, in seconds.
RECOVERY = 2.0

# Mean pause of a client between two requests, in seconds. The test is not about full queues on a small machine.
REST = 0.03


@dataclass
class Outcome:
    kind: str
    began: float
    ended: float
    status: int
    error: str
    says_when: bool

    def is_right(self):
        return self.status == (404 if self.kind == "missing" else 200)

    def is_refused(self):
        return self.status == 503 and self.says_when


class Events:
    def __init__(self, folder):
        self.folder = folder

    def at(self, name):
        try:
            return os.stat(os.path.join(self.folder, name)).st_mtime
        except FileNotFoundError:
            return None


class Load:
    def __init__(self, arguments):
        self.base, self.events = arguments.base, Events(arguments.events)
        self.is_outage, self.metrics = arguments.outage, arguments.balancer_metrics
        self.authorization = {"Authorization": "Bearer " + os.environ["ADMIN_SECRET_KEY"]}
        self.outcomes, self.connections, self.confirmed = [], [], {}
        self.is_over = False

    async def prepare(self, servers):
        """Fills the cache of every server with the answers of the cached reads."""
        page = await self.must_answer(Connection(self.base), "/api/products?limit=60&sort=price-asc")
        self.slugs = [product["slug"] for product in json.loads(page.body)["data"]]
        self.kept = {
            "product": [f"/api/products/{slug}" for slug in self.slugs],
            "list": ["/api/products", "/api/products?sort=rating-desc&limit=12", "/api/categories"],
            "search": [f"/api/products/search?q={words}" for words in ("protein", "vanila", "egg+bites")],
        }
        for base in servers:
            connection = Connection(base)
            for path in sum(self.kept.values(), []):
                await self.must_answer(connection, path)
            connection.close()

    async def must_answer(self, connection, path):
        answer = await connection.ask("GET", path)
        if answer.status != 200:
            sys.exit(f"before any load, port {connection.port} answers {answer.status} to {path}")
        return answer

    async def send(self, connection, kind, method, path, **rest):
        began, status, error, says_when = time.time(), 0, "", False
        try:
            answer = await connection.ask(method, path, **rest)
            status, says_when = answer.status, "retry-after" in answer.headers
        except Exception as failure:
            error = type(failure).__name__
        outcome = Outcome(kind, began, time.time(), status, error, says_when)
        self.outcomes.append(outcome)
        return outcome

    def connect(self):
        connection = Connection(self.base)
        self.connections.append(connection)
        return connection

    async def read(self, reads_kept):
        """Reads until the load ends. Every fourth client reads uncached answers only, which don't slow the others."""
        connection = self.connect()
        while not self.is_over:
            if reads_kept:
                kind = random.choices(["product", "list", "search"], [5, 3, 2])[0]
                path = random.choice(self.kept[kind])
            elif random.random() < 0.8:
                kind = "page"
                path = f"/api/products?offset={random.randrange(1500)}&minPrice={random.randrange(1, 999) / 100}"
            else:
                kind, path = "missing", f"/api/products/no-such-product-{random.randrange(10**9)}"
            await self.send(connection, kind, "GET", path)
            await asyncio.sleep(REST * random.uniform(0.5, 1.5))

    async def write(self):
        """Makes one write after the other, with pauses, and remembers the confirmed ones."""
        # Writes invalidate cached answers, so there are none before the outage.
        while self.is_outage and not self.events.at("stopped"):
            await asyncio.sleep(0.05)
        connection = self.connect()
        headers = {**self.authorization, "Content-Type": "application/json"}
        number = 0
        while not self.is_over:
            number += 1
            slug = self.slugs[number % 5]
            body = json.dumps({"stock_quantity": number}).encode()
            outcome = await self.send(connection, "write", "PATCH", f"/api/products/{slug}", headers=headers, body=body)
            # A write without an answer may have been applied or not.
            if outcome.is_right():
                self.confirmed[slug] = number
            elif not outcome.is_refused():
                self.confirmed.pop(slug, None)
            await asyncio.sleep(0.4)

    async def repeated_by_balancer(self):
        """The number of retries of the balancer, on the same server or on another."""
        base, _, path = self.metrics.rpartition("/")
        text = (await Connection(base).ask("GET", f"/{path}")).body.decode()
        pattern = r"^haproxy_backend_(?:retry|redispatch)_warnings_total\{[^}]*\} (\d+)"
        return sum(map(int, re.findall(pattern, text, re.MULTILINE)))

    async def end(self):
        while not self.events.at("end"):
            await asyncio.sleep(0.05)
        self.is_over = True

    async def run(self, clients, servers):
        await self.prepare(servers)
        self.repeated = -await self.repeated_by_balancer()
        self.began = time.time()
        open(os.path.join(self.events.folder, "begun"), "w").close()
        readers = [self.read(number % 4 != 0) for number in range(clients)]
        await asyncio.gather(self.end(), self.write(), *readers)
        self.repeated += await self.repeated_by_balancer()
        self.lost = []
        for slug, number in self.confirmed.items():
            answer = await Connection(self.base).ask("GET", f"/api/products/{slug}")
            if json.loads(answer.body)["stock_quantity"] != number:
                self.lost.append(slug)

    def failed(self, outcome):
        if outcome.is_right():
            return False
        returned = self.events.at("returned") or float("inf")
        is_away = self.is_outage and outcome.ended < returned + RECOVERY
        # Cached reads work during the outage, until writes invalidate them after it.
        may_be_refused = outcome.kind in ("page", "missing", "write") or outcome.ended > returned
        return not (is_away and may_be_refused and outcome.is_refused())

    def report(self):
        length = time.time() - self.began
        failures = [outcome for outcome in self.outcomes if self.failed(outcome)]
        kinds = Counter(outcome.kind for outcome in self.outcomes)
        requests = ", ".join(f"{number} {kind}" for kind, number in kinds.items())
        print(f"{len(self.outcomes)} requests in {length:.0f} s: {requests}")
        times = sorted(outcome.ended - outcome.began for outcome in self.outcomes if outcome.is_right())
        if times:
            half, most, longest = (1000 * times[place] for place in (len(times) // 2, len(times) * 99 // 100, -1))
            print(f"answered within {half:.0f} ms (half of them), {most:.0f} ms (99 in 100), {longest:.0f} ms (all)")
        resent = sum(connection.resent for connection in self.connections)
        print(f"{len(failures)} failed, {len(self.lost)} confirmed writes lost")
        print(f"sent again: {resent} by clients on a new connection, {self.repeated} by the balancer")
        reasons = {}
        for outcome in failures:
            reasons.setdefault((outcome.kind, outcome.error or outcome.status), []).append(outcome.ended - self.began)
        for (kind, reason), ends in reasons.items():
            print(f"  {len(ends)} x {kind}: {reason}, from {min(ends):.2f} s to {max(ends):.2f} s of the load")
        is_well = not failures and not self.lost
        return self.report_outage() and is_well if self.is_outage else is_well

    def report_outage(self):
        stopped, returned = self.events.at("stopped"), self.events.at("returned")
        inside = [outcome for outcome in self.outcomes if stopped < outcome.began and outcome.ended < returned]
        statuses = Counter((outcome.kind, outcome.error or outcome.status) for outcome in inside)
        counts = sorted(f"{number} x {kind} {status}" for (kind, status), number in statuses.items())
        print("while it was away:", ", ".join(counts))
        late = [outcome.ended - returned for outcome in self.outcomes if not outcome.is_right()]
        print(f"all well {max([0.0, *late]):.2f} s after its return")
        # Without a refused request, there was no outage.
        return any(outcome.is_refused() for outcome in inside)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", required=True)
    parser.add_argument("--servers", nargs="+", required=True)
    parser.add_argument("--balancer-metrics", required=True)
    parser.add_argument("--events", required=True)
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--outage", action="store_true")
    arguments = parser.parse_args()
    load = Load(arguments)
    asyncio.run(load.run(arguments.clients, arguments.servers))
    sys.exit(0 if load.report() else 1)


main()
