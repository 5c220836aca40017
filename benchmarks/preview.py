"""How soon the preview shows 10,000 notes: the first screen, the filter, the next card, a save.

    python benchmarks/preview.py [NOTES]

Needs Chromium and `pip install -e ".[browser]"`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from playwright.sync_api import Page, sync_playwright

_FACTS = 100
"""Facts in a file."""


def deck(folder: Path, notes: int) -> Path:
    """A deck of that many notes, and 3.6 cards a note."""
    folder.mkdir()
    (folder / "deck.yaml").write_text("deck: Large\nid: large-1\nsource: a benchmark\n", "utf-8")
    for first in range(0, notes, _FACTS):
        cards = "".join(_fact(i) for i in range(first, min(first + _FACTS, notes)))
        name = f"{first // _FACTS:04}.yaml"
        (folder / name).write_text(f"topic: Topic {first // 1000}\ncards:\n{cards}", "utf-8")
    return folder


def _fact(i: int) -> str:
    blanks = ", ".join(f"==part {i}.{k}==" for k in range(3 + (i % 5 in {0, 2, 4})))
    return f"  - fact: The organ number {i} consists of {blanks} and nothing else.\n    id: f{i}\n"


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Say how long something took."""
    start = perf_counter()
    yield
    sys.stdout.write(f"{what:42}{(perf_counter() - start) * 1000:8.0f} ms\n")
    sys.stdout.flush()


def look(page: Page, address: str, folder: Path) -> None:
    """What a teacher does."""
    with timed("first screen, with a card"):
        page.goto(address)
        page.frame_locator("#front").get_by_text("organ number 0 ").wait_for()
    page.wait_for_timeout(8000)  # what was saved before the watch stood is compiled once more
    for letter in "part 777":
        with timed(f"filter: the letter {letter!r}"):
            page.locator("#words").press(letter)
    with timed("filter: emptied"):
        page.locator("#words").fill("")
    page.locator("#list").press("Home")
    with timed("next card, 20 times"):
        for i in range(1, 21):
            page.locator("#list").press("j")
            page.locator(f"[aria-selected=true][aria-posinset='{i + 1}']").wait_for()
    page.locator("#list").press("Home")
    first = folder / "0000.yaml"
    text = first.read_text("utf-8")
    with timed("a save, until the card has changed"):
        first.write_text(text.replace("number 0 ", "number zero "), "utf-8")
        page.frame_locator("#front").get_by_text("number zero").wait_for()


def main() -> None:
    """Measure a large deck, and a small one."""
    sizes = [int(size) for size in sys.argv[1:]] or [100, 10_000]
    for size in sizes:
        sys.stdout.write(f"{size:,} notes\n")
        with tempfile.TemporaryDirectory() as scratch, sync_playwright() as play:
            folder = deck(Path(scratch) / "deck", size)
            command = [sys.executable, "-m", "metaflash", "preview", str(folder), "--no-browser"]
            with timed("from the command to the address"):
                running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
                address = running.stdout.readline().strip() if running.stdout else ""
            browser = play.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            look(browser.new_page(), address, folder)
            browser.close()
            running.terminate()
            running.wait()


if __name__ == "__main__":
    main()
