"""A real browser; tests that need one are skipped where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

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

__all__ = ["Browser", "FloatRect", "Locator", "Page", "Request", "chromium", "expect"]

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_PROGRAM = next(filter(None, map(shutil.which, _NAMES)), None)
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium, as it is installed on this computer."""
    if _PROGRAM is None:
        pytest.skip("needs Chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=_PROGRAM, args=list(_QUIET))
        yield browser
        browser.close()
