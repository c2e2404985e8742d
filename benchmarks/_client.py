"""A small HTTP client that costs little beside what it measures: raw requests over kept connections."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """What one run took."""

    seconds: float
    latencies: list[float]  # seconds
    statuses: dict[int, int]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    def quantile(self, share: float) -> float:
        """A latency in seconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def median(self) -> float:
        """The middle latency in seconds."""
        return self.quantile(0.5)

    @property
    def errors(self) -> int:
        """Answers that were neither a page nor a redirect."""
        return sum(n for status, n in self.statuses.items() if status >= 400)


def request(method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    """One HTTP/1.1 request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes
) -> tuple[int, bytes]:
    writer.write(data)
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    lower = head.lower()
    if b"content-length:" in lower:
        length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
        return status, head + await reader.readexactly(length)
    if b"transfer-encoding: chunked" in lower:
        parts = [head]
        while size := int(await reader.readline(), 16):
            parts.append(await reader.readexactly(size))
            await reader.readline()
        await reader.readline()
        return status, b"".join(parts)
    return status, head


async def _drive(port: int, requests: Sequence[bytes], connections: int) -> Run:
    waiting = iter(requests)
    latencies: list[float] = []
    statuses: dict[int, int] = {}

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        for data in waiting:
            began = time.perf_counter()
            status, _ = await _exchange(reader, writer, data)
            latencies.append(time.perf_counter() - began)
            statuses[status] = statuses.get(status, 0) + 1
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    return Run(time.perf_counter() - began, latencies, statuses)


def drive(port: int, requests: Sequence[bytes], *, connections: int = 1) -> Run:
    """Send each request once over so many connections."""
    return asyncio.run(_drive(port, requests, connections))


def ask(port: int, data: bytes) -> tuple[int, bytes]:
    """One request; its status and the whole answer."""

    async def once() -> tuple[int, bytes]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        answer = await _exchange(reader, writer, data)
        writer.close()
        return answer

    return asyncio.run(once())
