"""One quiet thread that runs each sweep when its time has come.

Every sweep is safe to run twice and from several processes, so no process has to be the only one.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from django.utils.module_loading import import_string

from reknit.base.clock import now

log = logging.getLogger(__name__)


class Runner(threading.Thread):
    """Runs the sweeps until told to stop, and once more on the way out."""

    def __init__(self) -> None:
        super().__init__(name="sweeps", daemon=True)
        self._stop_asked = threading.Event()
        self._sweeps: list[tuple[str, Callable[..., Any], int]] = [
            (name, import_string(path), seconds) for name, path, seconds in settings.SWEEPS
        ]

    def run(self) -> None:
        """Wake once a second; run what is due."""
        due = {name: 0.0 for name, _, _ in self._sweeps}
        while not self._stop_asked.wait(1):
            for name, sweep, seconds in self._sweeps:
                if time.monotonic() >= due[name]:
                    self._once(name, sweep)
                    due[name] = time.monotonic() + seconds
        for name, sweep, _ in self._sweeps:
            self._once(name, sweep)

    def stop(self) -> None:
        """Ask it to finish and wait a little."""
        self._stop_asked.set()
        self.join(timeout=10)

    def _once(self, name: str, sweep: Callable[..., Any]) -> None:
        try:
            close_old_connections()
            sweep(at=now())
        except Exception:
            # A sweep that fails is tried again on its next turn; the others go on.
            log.exception("The sweep %s failed", name)
