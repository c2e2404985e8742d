"""The web server: one place for how granian is run, and the check that its port is free.

`become` replaces the preparing process by `python -m reknit.cli.server`, so that a long-running clinic keeps neither
the memory nor the open database of its preparation, and the process id a service manager watches stays the same.
"""

import collections
import errno
import gc
import importlib.util
import io
import os
import socket
import sys
import threading
from typing import TYPE_CHECKING, NoReturn

from .errors import CommandError, say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse
    from wsgiref.types import WSGIApplication as Application
    from wsgiref.types import WSGIEnvironment as Environ

WILDCARDS = frozenset({"0.0.0.0", "::"})  # noqa: S104 - recognised here, never chosen
STOP_WITHIN_SECONDS = 15
LARGEST_BODY = 1_000_000  # as settings.DATA_UPLOAD_MAX_MEMORY_SIZE: what is larger is refused when it is read


def check_place(host: str, port: int) -> None:
    """Find out before any long work whether the server is there and the port can be had."""
    if importlib.util.find_spec("granian") is None:
        raise ModuleNotFoundError(name="granian")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            # As granian does, so that connections of a server just stopped do not count as taken.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        raise CommandError(port_sentence(error, host, port)) from None


def port_sentence(error: OSError, host: str, port: int) -> str:
    """Why the port cannot be had, and what to do."""
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is taken by another program; choose another with --port."
    if error.errno == errno.EACCES:
        return f"this account may not listen on port {port}; choose one above 1023 with --port."
    return f"Reknit cannot listen on {host} port {port} ({error.strerror}); choose others with --host and --port."


def address(host: str, port: int) -> str:
    """What to type into a browser on this machine."""
    shown = "localhost" if host in WILDCARDS else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"


def allow_host(host: str) -> None:
    """Answer to the address that was asked for, unless the names were set; must run before settings are read."""
    if os.environ.get("REKNIT_HOSTS"):
        return
    if host in WILDCARDS:
        say("Only this machine's browser gets in until REKNIT_HOSTS names the address that people will type.")
        return
    shown = f"[{host}]" if ":" in host else host
    own = ["localhost", "127.0.0.1", "[::1]"]
    os.environ["REKNIT_HOSTS"] = ",".join([*own, *([] if shown in own else [shown])])


def workers_and_threads() -> tuple[int, int]:
    """One process on SQLite, which has one writer; one for each core on PostgreSQL."""
    from django.conf import settings
    from django.db import connection

    on_sqlite = connection.vendor == "sqlite"
    workers = getattr(settings, "SERVER_WORKERS", 0) or (1 if on_sqlite else os.cpu_count() or 1)
    threads = getattr(settings, "SERVER_THREADS", 0) or 4
    return (1 if on_sqlite else workers), threads


def become(host: str, port: int) -> NoReturn:
    """Turn this process into the server."""
    workers, threads = workers_and_threads()
    from django.db import connections

    connections.close_all()
    check_place(host, port)
    sys.stdout.flush()
    sys.stderr.flush()
    # granian wants a number, not a name such as localhost.
    number = str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0])
    arguments = [number, str(port), str(workers), str(threads)]
    os.execv(sys.executable, [sys.executable, "-m", "reknit.cli.server", *arguments])  # noqa: S606 - no shell wanted


def serve(host: str, port: int, workers: int, threads: int) -> int:
    """Serve until SIGTERM or SIGINT, finishing the requests in hand."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    granian = Server(
        "reknit.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        # A thread keeps its open database connection; letting idle threads go would open it again and again.
        blocking_threads_idle_timeout=600,
        websockets=False,
        log_level=LogLevels.warning,
        # No access log: addresses here can hold a client's id or a form link, and a proxy in front can keep one.
        log_access=False,
        log_dictconfig={"handlers": log_handlers()},
        # A signal in the moment a worker starts can be lost, so a worker that does not stop is stopped.
        workers_kill_timeout=STOP_WITHIN_SECONDS,
        # A worker that dies is started again, as a clinic at night has nobody to do it; a crash loop ends the server.
        respawn_failed_workers=True,
    )
    try:
        granian.serve(target_loader=application_with_sweeps)
    except RuntimeError as error:
        # Only a program that took the port within the last moment gets here: `become` has just looked.
        say(f"reknit: the server could not start: {str(error).splitlines()[0]}.")
        return 2
    return 0


def application_with_sweeps(_: str) -> "Application":
    """The application, in a worker process, with the thread that runs the sweeps beside it."""
    from multiprocessing.util import Finalize

    from django.db import connection

    from reknit.base.jobs.runner import Runner
    from reknit.config.wsgi import application as django_application

    application = one_at_a_time(django_application) if connection.vendor == "sqlite" else django_application

    # What start-up made lives as long as the process: leaving it out of every later collection spares the
    # slowest of a hundred requests a pause.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    runner = Runner()
    runner.start()
    # A worker process leaves without `atexit`; this is what it does run, so the latest events are sealed too.
    Finalize(None, runner.stop, exitpriority=10)
    return application


def one_at_a_time(application: "Application") -> "Application":
    """Answer one request after the other, each once its body has arrived, over one connection.

    Python runs one thread at a time anyway, and SQLite has one writer: threads that take turns in the middle of
    their work make every answer slower and the slowest much slower, and each would keep a connection whose cache
    the others' writes make stale. Bodies are read before queueing, so that a phone on a weak line holds up nobody;
    an answer is whole, and Django is done with the connection, before the next may begin.
    """
    from django.db import DEFAULT_DB_ALIAS, connections

    turn = Turns()
    shared = connections.create_connection(DEFAULT_DB_ALIAS)
    shared.inc_thread_sharing()

    def answer(environ: "Environ", start_response: "StartResponse") -> "Iterable[bytes]":
        length = environ.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and 0 < int(length) <= LARGEST_BODY:
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(int(length)))
        with turn:
            connections[DEFAULT_DB_ALIAS] = shared
            parts = application(environ, start_response)
            try:
                return list(parts)
            finally:
                if hasattr(parts, "close"):
                    parts.close()

    return answer


class Turns:
    """A lock given in the order in which it was asked for.

    Python's own goes as a rule to the thread that let go of it, which already has its next request in hand: the
    others are overtaken again and again, and the slowest of a hundred waits a fifth longer.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._line: collections.deque[threading.Lock] = collections.deque()

    def __enter__(self) -> None:
        mine = threading.Lock()
        mine.acquire()
        with self._guard:
            first = not self._line
            self._line.append(mine)
        if not first:
            mine.acquire()  # whoever is before us opens it when they leave

    def __exit__(self, *_: object) -> None:
        with self._guard:
            self._line.popleft()
            if self._line:
                self._line[0].release()


def log_handlers() -> dict[str, dict[str, str]]:
    """granian's own words go to standard error, where everything else that is not an answer goes."""
    handler = {"formatter": "generic", "class": "logging.StreamHandler", "stream": "ext://sys.stderr"}
    return {"console": handler, "access": {**handler, "formatter": "access"}}


if __name__ == "__main__":
    sys.exit(serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
