"""Attacks a server on a port of 127.0.0.1. Checks limits for its memory, its disk and the latency of another client.

Usage: attack.py PORT PROCESS DATABASE_FOLDER

A bystander, another client in a process of its own, is timed during the attack. Real attackers run on other machines,
so here they only get the processor time that the server and the bystander leave.
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
    """The size of the database without its write-ahead log, in MB."""
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
    """Sends requests until a time and returns their number. Opens a new connection if one is closed."""
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
    """Requests the health of the server. Returns the 99th percentile of the latency in ms, and the failures."""
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
    """Runs a bystander in this process."""
    return asyncio.run(bystander(seconds))


async def attack(name, attackers, rest, bystanders):
    """Runs attackers beside a bystander, prints the figures, and returns whether all are within their limits."""
    until = time.monotonic() + SECONDS
    before, peak = disk(), 0.0
    watched = bystanders.submit(watch, SECONDS)
    tasks = [asyncio.create_task(attacker(until)) for attacker in attackers]
    while time.monotonic() < until:
        peak = max(peak, memory(PROCESS))
        await asyncio.sleep(0.1)
    counts = await asyncio.gather(*tasks)
    p99, failures = await asyncio.wrap_future(watched)
    # The request log is written within a second.
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
    """Opens up to 2 500 connections and keeps them open. Returns their number."""
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
        # The process of the bystander starts before this one lowers its priority.
        bystanders.submit(watch, 0).result()
        os.nice(19)
        is_held = asyncio.run(main(bystanders))
    sys.exit(0 if is_held else 1)
