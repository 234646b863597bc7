"""Keeps a server busy through faults and compares its memory and descriptors after each round.

Usage: soak.py PORT PROCESS POSTMASTER_PID_FILE REDIS_PORT ROUNDS
"""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time

from client import ask, connect, memory

PORT, PROCESS, PID_FILE, REDIS_PORT = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
ROUNDS = int(sys.argv[5])
if ROUNDS < 4:
    sys.exit("fewer than four rounds show nothing")
SECRET = os.environ["ADMIN_SECRET_KEY"]
PRODUCTS, CLIENTS = 50, 24
# Duration of a fault, and maximum time until the server is ready after it, in seconds.
FAULT, HEALED = 3, 8


def request(method, path, body=None, headers=""):
    text = "" if body is None else json.dumps(body)
    kind = "" if body is None else f"Content-Type: application/json\r\nContent-Length: {len(text.encode())}\r\n"
    return f"{method} {path} HTTP/1.1\r\nHost: shop\r\n{kind}{headers}\r\n{text}"


def as_admin(method, path, body=None):
    return request(method, path, body, f"Authorization: Bearer {SECRET}\r\n")


class Load:
    """The requests of the clients, and their answers."""

    def __init__(self):
        self.answers, self.wrong, self.is_on = {}, [], True
        self.stock = [None] * PRODUCTS

    def record(self, status, asked, body):
        self.answers[status] = self.answers.get(status, 0) + 1
        if status >= 500 and status != 503:
            self.wrong.append(f"{status} to {asked.splitlines()[0]}: {body[:300]}")

    async def send(self, connection, asked):
        status, body = await asyncio.wait_for(ask(*connection, asked), 40)
        self.record(status, asked, body)
        return status, body

    async def write(self, connection, number):
        """Sets a stock that only this client sets, and remembers the confirmed value."""
        path, stock = f"/api/products/egg-{number}", random.randrange(10_000)
        # Until there is an answer, the old or the new value may be stored.
        self.stock[number] = None
        status, _ = await self.send(connection, as_admin("PATCH", path, {"stock_quantity": stock}))
        if status == 200:
            self.stock[number] = stock

    def read(self):
        number = random.randrange(PRODUCTS)
        return request("GET", random.choice([
            f"/api/products/egg-{number}", f"/api/products?limit={1 + number}", "/api/products?facets=category,stock",
            f"/api/products/search?q=egg+{number}", f"/api/products/suggest?q=eg{number}", "/api/categories",
            f"/api/products/egg-{number}/reviews", "/api/openapi.json", f"/api/products/none-{random.random()}",
        ]), headers=f"User-Agent: soak {random.randrange(1_000)}\r\n")

    async def client(self, own):
        """Reads and writes until the load ends. Sometimes disconnects in the middle of a request."""
        while self.is_on:
            try:
                connection = await connect(PORT)
                for _ in range(random.randrange(1, 60)):
                    if not self.is_on:
                        break
                    if random.random() < 0.1:
                        await self.write(connection, random.choice(own))
                    else:
                        await self.send(connection, self.read())
                else:
                    connection[1].write(random.choice([b"GET /api/pro", b"POST /api/products/egg-1/reviews HTTP/1.1\r\n"]))
                connection[1].close()
            # This handler comes first, because a TimeoutError is an OSError.
            except asyncio.TimeoutError:
                self.wrong.append("an answer took longer than 40 s")
            except (OSError, asyncio.IncompleteReadError):
                await asyncio.sleep(0.01)


def postgres():
    """The process ids of PostgreSQL, the postmaster first."""
    with open(PID_FILE) as file:
        first = int(file.readline())
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(first)], capture_output=True, text=True)
    return [first, *map(int, children.stdout.split())]


def signal_all(processes, number):
    for process in processes:
        try:
            os.kill(process, number)
        except ProcessLookupError:
            pass


class Redis:
    """A Redis that can be killed and started again."""

    def __init__(self):
        self.start()

    def start(self):
        command = ["redis-server", "--bind", "127.0.0.1", "--port", REDIS_PORT, "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def kill(self):
        self.process.kill()
        self.process.wait()


async def freeze(processes):
    signal_all(processes, signal.SIGSTOP)
    try:
        await asyncio.sleep(FAULT)
    finally:
        signal_all(processes, signal.SIGCONT)


async def faults(redis):
    """Yields the name of each fault before it causes it."""
    yield "PostgreSQL killed"
    signal_all(postgres()[:1], signal.SIGKILL)
    yield "PostgreSQL's connections ended"
    signal_all(postgres()[1:], signal.SIGTERM)
    yield "PostgreSQL frozen"
    await freeze(postgres())
    yield "Redis killed"
    redis.kill()
    await asyncio.sleep(FAULT)
    redis.start()
    yield "Redis frozen"
    await freeze([redis.process.pid])


async def until_ready():
    started = time.monotonic()
    while True:
        try:
            connection = await asyncio.wait_for(connect(PORT), 5)
            status, _ = await asyncio.wait_for(ask(*connection, request("GET", "/api/health/ready")), 5)
            connection[1].close()
            if status == 200:
                return time.monotonic() - started
        except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError):
            pass
        if time.monotonic() - started > 60:
            return float("inf")
        await asyncio.sleep(0.05)


async def one_round(redis):
    """Runs the load through every fault. Returns the errors, the answers by status, and the slowest recovery."""
    load, slowest = Load(), 0.0
    clients = [asyncio.create_task(load.client(range(number, PRODUCTS, CLIENTS))) for number in range(CLIENTS)]
    async for fault in faults(redis):
        await asyncio.sleep(1)
        # The fault happens when the next name is requested, so this waits for the recovery from the previous one.
        slowest = max(slowest, await until_ready())
    await asyncio.sleep(1)
    slowest = max(slowest, await until_ready())
    load.is_on = False
    await asyncio.gather(*clients)
    connection = await connect(PORT)
    for number, stock in enumerate(load.stock):
        status, body = await ask(*connection, request("GET", f"/api/products/egg-{number}"))
        if stock is not None and (status != 200 or json.loads(body)["stock_quantity"] != stock):
            load.wrong.append(f"egg-{number} has not the stock of {stock} that was confirmed: {status} {body[:200]}")
    connection[1].close()
    if slowest > HEALED:
        load.wrong.append(f"it took {slowest:.1f} s to be ready")
    return load.wrong, load.answers, slowest


async def main():
    redis = Redis()
    try:
        if await until_ready() > 60:
            sys.exit("it does not start")
        connection = await connect(PORT)
        for number in range(PRODUCTS):
            fields = {"name": f"Egg {number}", "slug": f"egg-{number}", "description": "Of a hen.",
                      "details": "One.", "price": 1.5, "ingredients": ["Egg"]}
            status, body = await ask(*connection, as_admin("POST", "/api/products", fields))
            if status != 201:
                sys.exit(f"no product was made: {body}")
        connection[1].close()
        taken, is_good = [], True
        for number in range(1, ROUNDS + 1):
            wrong, answers, slowest = await one_round(redis)
            # Waits until idle connections and threads have ended.
            await asyncio.sleep(3)
            taken.append((memory(PROCESS), len(os.listdir(f"/proc/{PROCESS}/fd"))))
            counts = ", ".join(f"{count} × {status}" for status, count in sorted(answers.items()))
            print(f"round {number}: {counts}; ready again within {slowest:.1f} s; "
                  f"{taken[-1][0]:.0f} MB, {taken[-1][1]} descriptors", *wrong[:5], sep="\n  ", flush=True)
            is_good = is_good and not wrong
        # The first rounds fill caches and pools, so they don't count.
        first, last = taken[min(2, ROUNDS - 1)], taken[-1]
        is_flat = last[0] <= 1.25 * first[0] + 5 and last[1] <= first[1] + 20
        print("memory and descriptors are flat" if is_flat else "FAILED: memory or descriptors grow")
        sys.exit(0 if is_good and is_flat else 1)
    finally:
        redis.kill()


asyncio.run(main())
