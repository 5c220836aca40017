"""The pictures of the docs, taken anew: a card of each kind by day, by night and on a phone, as the
preview shows it, and the preview itself.

    python docs/screenshots.py

Needs `pip install -e ".[browser]"` and Chromium. Writes docs/images/*.png.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parent.parent
DECK = "metastasis-k3f9"
CARDS = {
    "fact": f"{DECK}/prostate-bone#1",
    "ask": f"{DECK}/why-blood-supply#1",
    "term": f"{DECK}/angiogenesis#2",
    "process": f"{DECK}/cascade/emerge#1",
    "picture": f"{DECK}/portal-map/portal-vein#1",
}
HEIGHTS = {"fact": 500, "ask": 500, "term": 540, "process": 1200, "picture": 800}
"""Of the window, in pixels, so that the whole card is in it."""

PHONE = 880
"""Height of the window in which a phone has room."""

LOOKS = {
    "light": {"mode": "light"},
    "dark": {"mode": "dark"},
    "phone": {"mode": "light", "phone": "yes"},
}


def take(page: Page, address: str, out: Path) -> None:
    """Every picture, from the static preview at an address."""
    for kind, card in CARDS.items():
        for name, look in LOOKS.items():
            height = PHONE if name == "phone" else HEIGHTS[kind]
            page.set_viewport_size({"width": 1280, "height": height})
            show(page, address, {"card": card, **look})
            page.locator(".sides").screenshot(path=out / f"{kind}-{name}.png")
    page.set_viewport_size({"width": 1280, "height": 800})
    show(page, address, {"card": CARDS["picture"], **LOOKS["light"]})
    page.screenshot(path=out / "preview.png")


def show(page: Page, address: str, state: dict[str, str]) -> None:
    """The preview in a state, drawn to the end."""
    page.goto("about:blank")
    page.goto(f"{address}#{urlencode(state)}")
    for side in ("front", "back"):
        page.frame_locator(f"#{side}").locator("article").wait_for()


def main() -> None:
    """Take all pictures."""
    out = ROOT / "docs" / "images"
    out.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with TemporaryDirectory() as scratch, sync_playwright() as play:
        file = Path(scratch) / "preview.html"
        command = [sys.executable, "-m", "metaflash", "preview", "cards", "--static", str(file)]
        subprocess.run(command, cwd=ROOT, check=True)
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        take(page, file.as_uri(), out)
        browser.close()


if __name__ == "__main__":
    main()
