"""Writes through one server and measures how long the other servers and the balancer still show the old value.

visible.py BALANCER SERVER SERVER ... exits with 1 if that takes too long, or if an old value comes back.
"""

import asyncio
import json
import os
import sys
import time

from connection import Connection

LIMIT = 0.1
ROUNDS = 20

# How long a change is watched after the write, in seconds. A slow load might cache the old value again.
WATCH = 0.3

HEADERS = {"Authorization": "Bearer " + os.environ["ADMIN_SECRET_KEY"], "Content-Type": "application/json"}

# The most expensive product comes first.
LIST = "/api/products?sort=price-desc&limit=1"


class Failed(Exception):
    """A request got a wrong answer."""


async def ask(connection, method, path, **rest):
    answer = await connection.ask(method, path, **rest)
    if answer.status != 200:
        raise Failed(f"port {connection.port} answers {answer.status} to {method} {path}")
    return answer


async def price_of(connection, path):
    answer = await ask(connection, "GET", path)
    shown = json.loads(answer.body)
    return shown["data"][0]["price"] if path == LIST else shown["price"]


async def watch(base, path, price, written):
    """The time from the write to the last later read that saw another price; negative without such a read."""
    connection, last = Connection(base), -1.0
    while time.monotonic() < written.result() + WATCH if written.done() else True:
        began = time.monotonic()
        seen = await price_of(connection, path)
        # A request that began before the write was confirmed may show either price.
        if written.done() and began >= written.result() and seen != price:
            last = began - written.result()
        await asyncio.sleep(0.002)
    connection.close()
    return last


async def write(base, path, price):
    connection = Connection(base)
    await ask(connection, "PATCH", path, headers=HEADERS, body=json.dumps({"price": price}).encode())
    connection.close()
    return time.monotonic()


async def measure(writer, readers, path, price):
    """The longest time that any of the readers saw the old price."""
    written = asyncio.get_running_loop().create_future()
    watching = [
        asyncio.ensure_future(watch(reader, read, price, written)) for reader in readers for read in (path, LIST)
    ]
    # By then, the readers have seen the old price.
    await asyncio.sleep(0.05)
    written.set_result(await write(writer, path, price))
    return max(await asyncio.gather(*watching))


async def main(balancer, *servers):
    slug = json.loads((await ask(Connection(balancer), "GET", LIST)).body)["data"][0]["slug"]
    path, price = f"/api/products/{slug}", 900_000
    own, others, through_balancer = [], [], []
    for number in range(ROUNDS):
        writer = servers[number % len(servers)]
        own.append(await measure(writer, [writer], path, price := price + 1))
        others.append(await measure(writer, [s for s in servers if s != writer], path, price := price + 1))
        through_balancer.append(await measure(balancer, [balancer], path, price := price + 1))
    is_well = True
    figures = {"at the same server": own, "at the others": others, "through the balancer": through_balancer}
    for name, times in figures.items():
        longest = max(0.0, *times)
        is_well = is_well and longest <= (0 if times is own else LIMIT)
        half = max(0.0, sorted(times)[len(times) // 2])
        print(f"{name}: what was before is last seen after {half * 1000:.0f} ms (half), {longest * 1000:.0f} ms (all)")
    return is_well


try:
    sys.exit(0 if asyncio.run(main(*sys.argv[1:])) else 1)
except Failed as failure:
    sys.exit(str(failure))
