"""A real browser for the tests of the preview; where there is none, they are skipped."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason='needs pip install -e ".[browser]"')

from playwright.sync_api import (
    Browser,
    FloatRect,
    Locator,
    Page,
    Request,
    expect,
    sync_playwright,
)

__all__ = ["Browser", "FloatRect", "Locator", "Page", "Request", "chromium", "expect", "preview"]

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


_IN_FRONT = """
import signal
from metaflash.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""
"""metaflash, heeding Ctrl-C even if the tests run in the background, where nobody does."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium, as it is installed on this computer."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        pytest.skip("needs Chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=list(_QUIET))
        yield browser
        browser.close()


@contextmanager
def preview(folder: Path, *options: str) -> Iterator[str]:
    """The address of `metaflash preview`, running as a teacher runs it and ended by Ctrl-C."""
    command = [sys.executable, "-c", _IN_FRONT, "preview", str(folder), "--no-browser", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        try:
            yield running.stdout.readline().strip()
        finally:
            running.send_signal(signal.SIGINT)
            try:
                ended = running.wait(30)
            finally:
                running.kill()
    assert ended == 0
