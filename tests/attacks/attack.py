"""Attacks a server on a port of 127.0.0.1 and compares what it takes with what it may take.

Usage: attack.py PORT PROCESS DATABASE_FOLDER

Another client is timed meanwhile, in a process of its own. Attackers are elsewhere in reality, so they have only the
processor time that the server and that client leave.
"""

import asyncio
import concurrent.futures
import multiprocessing
import os
import random
import socket
import sys
import time

from client import ask, connect, memory

PORT, PROCESS, DATABASE = int(sys.argv[1]), sys.argv[2], sys.argv[3]
SECONDS = 8
ALIVE = "GET /api/health/live HTTP/1.1\r\nHost: shop\r\n\r\n"


def disk():
    """What the database takes, its log of writes apart, in MB."""
    total = 0
    for folder, folders, files in os.walk(DATABASE):
        folders[:] = [name for name in folders if name != "pg_wal"]
        for name in files:
            try:
                total += os.lstat(os.path.join(folder, name)).st_size
            except FileNotFoundError:
                pass
    return total / 1e6


async def ask_again_and_again(address, request, until):
    """Asks until a time, over new connections where one is closed."""
    count = 0
    while time.monotonic() < until:
        try:
            reader, writer = await connect(PORT, address)
            while time.monotonic() < until:
                await ask(reader, writer, request())
                count += 1
            writer.close()
        except (ConnectionError, asyncio.IncompleteReadError, OSError):
            await asyncio.sleep(0.01)
    return count


async def bystander(seconds):
    """Another client that asks whether the server is alive: the 99th percentile of its times, in ms, and failures."""
    until = time.monotonic() + seconds
    times, failures = [], 0
    while time.monotonic() < until:
        started = time.monotonic()
        try:
            reader, writer = await asyncio.wait_for(connect(PORT, "127.0.0.3"), 5)
            status, _ = await asyncio.wait_for(ask(reader, writer, ALIVE), 5)
            assert status == 200
            writer.close()
            times.append(1000 * (time.monotonic() - started))
        except (AssertionError, OSError, asyncio.TimeoutError, asyncio.IncompleteReadError):
            failures += 1
        await asyncio.sleep(0.005)
    times.sort()
    return (times[int(0.99 * len(times))] if times else float("inf")), failures


def watch(seconds):
    """What a bystander sees, in this process."""
    return asyncio.run(bystander(seconds))


async def attack(name, attackers, rest, bystanders):
    """Runs attackers beside a bystander, and says what was taken."""
    until = time.monotonic() + SECONDS
    before, peak = disk(), 0.0
    watched = bystanders.submit(watch, SECONDS)
    tasks = [asyncio.create_task(attacker(until)) for attacker in attackers]
    while time.monotonic() < until:
        peak = max(peak, memory(PROCESS))
        await asyncio.sleep(0.1)
    counts = await asyncio.gather(*tasks)
    p99, failures = await asyncio.wrap_future(watched)
    # What was recorded is written within a second.
    await asyncio.sleep(2)
    grown, a_minute = peak - rest["memory"], (disk() - before) * 60 / SECONDS
    most = 2 * rest["p99"]
    is_held = grown <= 150 and a_minute <= 20 and failures == 0 and p99 <= most
    print(f"{name}: {sum(counts) // SECONDS} requests a second, memory +{grown:.0f} MB (150), "
          f"disk {a_minute:.1f} MB a minute (20), bystander p99 {p99:.1f} ms ({most:.1f}), {failures} failures (0): "
          f"{'held' if is_held else 'FAILED'}", flush=True)
    return is_held


def made_up_agent():
    agent = "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=250))
    return f"GET /api/products HTTP/1.1\r\nHost: shop\r\nUser-Agent: {agent}\r\n\r\n"


def largest_asset():
    return "GET /api/docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: shop\r\nAccept-Encoding: br\r\n\r\n"


def keep_open(until):
    """Keeps as many connections as it gets, and opens those anew that are closed."""
    async def keep():
        kept = []
        while time.monotonic() < until:
            if len(kept) < 2500:
                try:
                    kept.append(await connect(PORT, "127.0.0.2"))
                except OSError:
                    await asyncio.sleep(0.01)
            else:
                await asyncio.sleep(0.05)
        for _, writer in kept:
            writer.close()
        return len(kept)
    return keep()


async def main(bystanders):
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", PORT)).close()
            break
        except OSError:
            await asyncio.sleep(0.1)
    await asyncio.sleep(1)
    p99, _ = bystanders.submit(watch, SECONDS).result()
    rest = {"memory": memory(PROCESS), "p99": p99}
    print(f"at rest: memory {rest['memory']:.0f} MB, bystander p99 {p99:.1f} ms", flush=True)

    def askers(count, request):
        return [lambda until: ask_again_and_again("127.0.0.2", request, until)] * count

    held = [
        await attack("random user agents", askers(32, made_up_agent), rest, bystanders),
        await attack("the largest document", askers(200, largest_asset), rest, bystanders),
        await attack("kept connections", [keep_open], rest, bystanders),
    ]
    return all(held)


if __name__ == "__main__":
    with concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as bystanders:
        # It begins before this process steps back.
        bystanders.submit(watch, 0).result()
        os.nice(19)
        is_held = asyncio.run(main(bystanders))
    sys.exit(0 if is_held else 1)
