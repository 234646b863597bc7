"""An HTTP/1.1 client that keeps its connection open and reports exactly how each request ended."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes


class ClosedUnanswered(Exception):
    """The connection was closed before a byte of the answer came."""


class Connection:
    def __init__(self, base):
        address = urlsplit(base)
        self.host, self.port = address.hostname, address.port
        self.reader = self.writer = None
        self.resent = 0

    async def ask(self, method, path, headers=None, body=b"", patience=10):
        """Raises OSError, ClosedUnanswered, asyncio.TimeoutError or another error without a complete answer."""
        try:
            return await asyncio.wait_for(self.ask_again_if_closed(method, path, headers or {}, body), patience)
        except BaseException:
            self.close()
            raise

    async def ask_again_if_closed(self, method, path, headers, body):
        was_kept = self.writer is not None
        try:
            return await self.exchange(method, path, headers, body)
        except ClosedUnanswered:
            self.close()
            # A server may close an idle connection just as a request is sent. Real clients retry then, too.
            if not was_kept or method != "GET":
                raise
            self.resent += 1
            return await self.exchange(method, path, headers, body)

    async def exchange(self, method, path, headers, body):
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        try:
            self.writer.write("\r\n".join([*lines, "", ""]).encode() + body)
            await self.writer.drain()
            head = await self.reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as error:
            if error.partial:
                raise
            raise ClosedUnanswered from error
        except ConnectionError as error:
            raise ClosedUnanswered from error
        answer = await self.read_body(head.decode("latin-1").split("\r\n"))
        if answer.headers.get("connection") == "close":
            self.close()
        return answer

    async def read_body(self, lines):
        status = int(lines[0].split(" ")[1])
        pairs = (line.split(":", 1) for line in lines[1:] if line)
        headers = {name.lower(): value.strip() for name, value in pairs}
        if status in (204, 304):
            return Answer(status, headers, b"")
        if headers.get("transfer-encoding") == "chunked":
            return Answer(status, headers, await self.read_chunks())
        if "content-length" in headers:
            return Answer(status, headers, await self.reader.readexactly(int(headers["content-length"])))
        headers["connection"] = "close"
        return Answer(status, headers, await self.reader.read())

    async def read_chunks(self):
        body = b""
        while True:
            size = int((await self.reader.readuntil(b"\r\n")).split(b";")[0], 16)
            chunk = await self.reader.readexactly(size + 2)
            if size == 0:
                return body
            body += chunk[:-2]

    def close(self):
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None
