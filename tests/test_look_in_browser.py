"""The look of the cards as a browser works it out: every text against what is behind it, nothing wider
than a small phone, and what a screen reader is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from browsers import Browser, Page, chromium
from conftest import compiled
from metaflash import notetype
from metaflash.render import sides
from test_look import contrast

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs the browser extra")

HARD = r"""
topic: Hard to set
cards:
  - fact: >-
      Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft is
      ==Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz== or ==neither::one or the other?==.
    id: long-words
    extra: An *explanation* with `code_that_goes_on_and_on_and_on_and_on_and_on_and_on` and a [link](https://example.org).
    note: A remark with `code`, a [link](https://example.org) and **weight**.
  - fact: גרורה היא ==גידול משני== במקום מרוחק, secondary tumor
    id: hebrew
  - process: Steps with much in them
    id: steps
    about: from `one` to the [other](https://example.org)
    steps:
      - one: The *first* `step` has a ==blank==
      - two: The second has [a link](https://example.org) and a ==`blank`==
      - three: The third has ==two== ==blanks::both?==
      - four: The fourth is ==short==
      - five: The last is ==shorter==
  - picture: Boxes
    id: boxes
    arrows:
      - the first box of several -> a box in the middle with a long label
      - another one -> a box in the middle with a long label
      - a box in the middle with a long label -> Überwachungsaufgabenübertragung
      - a box in the middle with a long label -> 肝臓
"""
SHIPPED = Path(__file__).parent.parent / "cards" / "metastasis"

COLOURS = """
() => {
  const shown = (element) => {
    const style = getComputedStyle(element);
    return style.visibility !== "hidden" && style.display !== "none";
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)") return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const boxes = (element) => element.closest("text")?.previousElementSibling;
  const found = {};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !shown(element) || element.closest(".blank")) continue;
    const svg = element.closest("svg");
    const style = getComputedStyle(element);
    const fill = svg && boxes(element) ? getComputedStyle(boxes(element)).fill : "none";
    const behind = fill.startsWith("rgb(") ? fill : ground(element);
    found[`${svg ? style.fill : style.color} on ${behind}`] = node.data.trim();
  }
  return found;
}
"""
"""The colours of all texts of a page, each with what is behind it, and a text that has them."""


def cards() -> list[tuple[str, str]]:
    """Both sides of all cards of the shipped deck and of one that is hard to set, by their names."""
    files: Mapping[str, str] = {f.name: f.read_text("utf-8") for f in SHIPPED.glob("*.yaml")}
    gone = compiled({"01.yaml": HARD.replace("==two== ==blanks::both?==", "==two==")})
    kept = "cards:\n- fact: The only ==one==\n  id: kept\n"
    builds = [compiled(files), compiled({"01.yaml": HARD}), compiled({"01.yaml": kept}, gone.lock)]
    return [
        (f"{note.guid} {card.number}", html)
        for build in builds
        for note in build.notes
        for card in note.cards
        for html in sides(note, card.number, deck="Deck")
    ]


CARDS = cards()


def document(html: str, *, night: bool = False, letters: int = 100) -> str:
    """A card in a page as Anki makes it; ``letters`` is the font size in per cent."""
    mode = "nightMode night_mode" if night else ""
    return (
        f'<!doctype html><html lang="en" style="font-size: {letters}%"><title>Card</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{notetype.style()}</style>"
        f'<body class="card card1 {mode}"><main id="qa">{html}</main></body></html>'
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page as wide as a small phone."""
    page = browser.new_page(viewport={"width": 320, "height": 640})
    yield page
    page.close()


def _hex(colour: str) -> str:
    assert colour.startswith("rgb("), f"{colour} shows what is below it"
    return "#" + "".join(f"{int(part):02x}" for part in colour[4:-1].split(","))


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
def test_every_text_can_be_read(phone: Page, *, night: bool) -> None:
    seen: dict[str, str] = {}
    for _, html in CARDS:
        phone.set_content(document(html, night=night))
        seen |= phone.evaluate(COLOURS)
    assert len(seen) >= 6
    for colours, text in seen.items():
        one, other = colours.split(" on ")
        assert contrast(_hex(one), _hex(other)) >= 4.5, f"{text}: {colours}"


@pytest.mark.parametrize("letters", [100, 200])
def test_nothing_is_wider_than_a_small_phone(phone: Page, letters: int) -> None:
    for name, html in CARDS:
        phone.set_content(document(html, letters=letters))
        assert phone.evaluate("document.documentElement.scrollWidth") <= 320, name


def test_letters_grow_with_those_of_the_device(phone: Page) -> None:
    size = "parseFloat(getComputedStyle(document.querySelector('.text')).fontSize)"
    sizes = []
    for letters in (100, 200):
        phone.set_content(document(CARDS[0][1], letters=letters))
        sizes.append(phone.evaluate(size))
    assert sizes[0] >= 16
    assert sizes[1] == pytest.approx(2 * sizes[0])


HEBREW = """
cards:
  - process: שלבי הגרורה
    id: steps
    steps:
      - shed: תא סרטני ==ניתק== מהגידול
      - reach: התא חודר ל==כלי דם== (vessel)
"""

RAIL = "getComputedStyle(document.querySelector('.given')).borderRightWidth"
"""The line beside the step that is given, if it stands at the right."""


def test_words_that_run_from_right_to_left_begin_at_the_right(phone: Page) -> None:
    build = compiled({"01.yaml": HEBREW})
    phone.set_content(document(sides(build.notes[1], 2, deck="Deck").front))
    assert phone.evaluate(RAIL) != "0px"
    phone.set_content(document(next(html for name, html in CARDS if name.endswith("/emerge 2"))))
    assert phone.evaluate(RAIL) == "0px"


def test_a_blank_is_heard_as_one(phone: Page) -> None:
    html = next(html for name, html in CARDS if name.endswith("/benign-no-spread 1"))
    phone.set_content(document(html))
    assert "[blank] neoplasms are not capable" in phone.locator("article").aria_snapshot()


def test_an_accessibility_checker_finds_nothing(phone: Page) -> None:
    about_cards = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    for name, html in CARDS:
        phone.set_content(document(html))
        found = axe.Axe().run(phone, options=about_cards).response["violations"]
        assert found == [], name
