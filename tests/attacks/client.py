"""A small HTTP client, and the memory of a process."""

import asyncio


def memory(process):
    """Resident memory of a process, in MB."""
    with open(f"/proc/{process}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


async def connect(port, address="127.0.0.1"):
    """Connects to a port of this machine from one of its loopback addresses."""
    return await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))


async def ask(reader, writer, request):
    """Sends a request, reads its answer and returns the status and the body."""
    writer.write(request.encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.decode().lower().split("\r\n"):
        if line.startswith("content-length:"):
            length = int(line.split(":")[1])
    body = await reader.readexactly(length)
    return int(head.split()[1]), body
