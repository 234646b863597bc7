"""Buys everything that a shop has, through faults, and compares the answers with the ledger.

Usage: flash_sale.py BINARY FOLDER ROUNDS
"""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
import uuid

BINARY, FOLDER, ROUNDS = sys.argv[1], sys.argv[2], int(sys.argv[3])
SECRET = os.environ["ADMIN_SECRET_KEY"]
PORTS = [random.randrange(20_000, 25_000), random.randrange(25_000, 30_000)]
CLIENTS, PRODUCTS, PIECES = 64, 10, 50
# How long a client waits for an answer, in seconds.
PATIENCE = 5


def start(port):
    log = open(f"{FOLDER}/server-{port}.log", "a")
    return subprocess.Popen([BINARY, "serve"], env={**os.environ, "PORT": str(port)}, stdout=log, stderr=log)


async def ask(port, method, path, body=None, key=None):
    """Sends a request on a connection of its own. Returns the status, the headers and the body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        text = "" if body is None else json.dumps(body)
        head = f"{method} {path} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nAuthorization: Bearer {SECRET}\r\n"
        if key:
            head += f"Idempotency-Key: {key}\r\n"
        if body is not None:
            head += f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n"
        writer.write(f"{head}\r\n{text}".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = next((int(line.split(":")[1]) for line in head.split("\r\n") if line.startswith("content-length:")), 0)
        answer = await reader.readexactly(length)
        return int(head.split()[1]), head, json.loads(answer) if answer else None
    finally:
        writer.close()


async def cutting(port):
    """A proxy in front of a port that cuts half of its connections after a random number of bytes."""

    async def serve(client_reader, client_writer):
        left = random.choice([random.randrange(1, 1_500), 10**9])
        try:
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            client_writer.close()
            return

        async def copy(reader, writer):
            nonlocal left
            while data := await reader.read(4096):
                writer.write(data[:left])
                left -= len(data)
                if left <= 0:
                    # Some bytes arrive, the rest never does.
                    await writer.drain()
                    break

        both = [
            asyncio.create_task(copy(client_reader, server_writer)),
            asyncio.create_task(copy(server_reader, client_writer)),
        ]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for task in both:
            task.cancel()
        for writer in (client_writer, server_writer):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[1]


class Sale:
    """What the clients were told."""

    def __init__(self, ports):
        self.ports, self.sold, self.tries, self.replays = ports, {}, 0, 0

    async def buy(self, product, key):
        """Buys one piece, however often it takes. Returns whether there was one."""
        body = {"change": -1, "reason": "sale", "reference": key}
        while True:
            self.tries += 1
            try:
                call = ask(random.choice(self.ports), "POST", f"/api/products/egg-{product}/stock", body, key)
                status, head, answer = await asyncio.wait_for(call, PATIENCE)
            except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError, ValueError, IndexError):
                await asyncio.sleep(random.random() / 20)
                continue
            if status == 201:
                self.replays += "idempotent-replayed: true" in head
                self.sold[key] = answer
                return True
            kind = answer["type"].rsplit(":", 1)[1]
            if kind == "insufficient-stock":
                return False
            if status != 503 and kind != "idempotency-in-flight":
                sys.exit(f"{status} {kind} to a sale: {answer}")
            await asyncio.sleep(random.random() / 20)

    async def client(self, number):
        left = list(range(PRODUCTS))
        while left:
            product = random.choice(left)
            if not await self.buy(product, str(uuid.uuid4())):
                left.remove(product)
            await asyncio.sleep(random.random() / 10)


async def ready(servers, number):
    """Waits until a server is ready. Starts it again if it has ended, as a supervisor does."""
    port = PORTS[number]
    for _ in range(600):
        if servers[number].poll() is not None:
            servers[number] = start(port)
        try:
            if (await ask(port, "GET", "/api/health/ready"))[0] == 200:
                return
        except (OSError, asyncio.IncompleteReadError):
            pass
        await asyncio.sleep(0.1)
    sys.exit("a server is not ready after a minute")


async def faults(servers):
    """Kills one server, starts it again, and lets PostgreSQL crash."""
    await asyncio.sleep(0.3 + random.random() / 2)
    servers[1].send_signal(signal.SIGKILL)
    servers[1].wait()
    await asyncio.sleep(0.2)
    servers[1] = start(PORTS[1])
    await asyncio.sleep(random.random() / 2)
    # All sessions end, and PostgreSQL recovers from its write-ahead log.
    postmaster = open(f"{FOLDER}/data/postgres/data/postmaster.pid").readline().strip()
    children = subprocess.run(["pgrep", "-P", postmaster, "-f", "eggypro"], capture_output=True, text=True)
    backend = random.choice(children.stdout.split())
    os.kill(int(backend), signal.SIGKILL)


async def check(sale):
    """Compares the ledger with what the clients were told."""
    recorded = {}
    for product in range(PRODUCTS):
        path = f"/api/products/egg-{product}/stock"
        movements, cursor = [], None
        while cursor is not None or not movements:
            _, _, page = await ask(PORTS[0], "GET", f"{path}?limit=100" + (f"&cursor={cursor}" if cursor else ""))
            movements += page["data"]
            cursor = page["pagination"]["next_cursor"]
            if cursor is None:
                break
        sales = [movement for movement in movements if movement["reason"] == "sale"]
        _, _, shown = await ask(PORTS[0], "GET", f"/api/products/egg-{product}")
        total = sum(movement["change"] for movement in movements)
        if len(sales) != PIECES or shown["stock_quantity"] != 0 or total != 0 or movements[0]["balance"] != 0:
            sys.exit(f"product {product}: {len(sales)} sales, stock {shown['stock_quantity']}, ledger {total}")
        for movement in sales:
            if recorded.setdefault(movement["reference"], movement) is not movement:
                sys.exit(f"sold twice: {movement}")
    if recorded != sale.sold:
        sys.exit(f"{len(recorded)} sales are recorded, and {len(sale.sold)} were confirmed")


async def round(count, servers):
    for product in range(PRODUCTS):
        body = {
            "name": f"Egg {product}", "description": "Sold out soon.", "details": "One.", "price": 1,
            "ingredients": ["Egg"], "stock_quantity": PIECES,
        }
        path = f"/api/products/egg-{product}"
        await ask(PORTS[0], "DELETE", f"{path}?permanent=true")
        status, _, answer = await ask(PORTS[0], "POST", "/api/products", body)
        assert status == 201, answer
    proxies = [await cutting(port) for port in PORTS]
    sale, started = Sale([port for _, port in proxies]), time.monotonic()
    clients = [sale.client(number) for number in range(CLIENTS)]
    await asyncio.gather(faults(servers), *clients)
    took = time.monotonic() - started
    for server, _ in proxies:
        server.close()
    for number in range(len(servers)):
        await ready(servers, number)
    await check(sale)
    print(f"round {count}: {len(sale.sold)} sold in {took:.1f} s, {sale.tries} requests, {sale.replays} repeated answers", flush=True)


async def main():
    servers = []
    for number, port in enumerate(PORTS):
        servers.append(start(port))
        await ready(servers, number)
    try:
        for number in range(1, ROUNDS + 1):
            await round(number, servers)
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait()


asyncio.run(main())
