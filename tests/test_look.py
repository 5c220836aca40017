"""The style sheet of the cards: colours that can be told apart by day and by night, sizes that follow
the learner's, nothing that moves or leaves the card."""

from __future__ import annotations

import re

import pytest

from metaflash import notetype

STYLE = re.sub(r"/\*.*?\*/", "", notetype.style(), flags=re.DOTALL)
RULES = re.findall(r"([^{}]+)\{([^{}]*)\}", STYLE)

DAY, NIGHT = ".card", ".nightMode.card"


def _declared(selector: str) -> dict[str, str]:
    """What the style sheet says of a selector, the later rule over the earlier."""
    found: dict[str, str] = {}
    for selectors, body in RULES:
        if selector in [part.strip() for part in selectors.split(",")]:
            pairs = (line.split(":", 1) for line in body.split(";") if ":" in line)
            found |= {name.strip(): value.strip() for name, value in pairs}
    return found


def _palette(selector: str) -> dict[str, str]:
    return {name: value for name, value in _declared(selector).items() if name.startswith("--")}


def _luminance(colour: str) -> float:
    """WCAG's relative luminance of ``#rgb`` or ``#rrggbb``."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(part * c for part, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """WCAG's contrast of two colours, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _name(value: str) -> str:
    found = re.search(r"var\((--[a-z-]+)\)", value)
    return found[1] if found else ""


TEXTS = {_name(_declared(s).get("color", "")) for rule, _ in RULES for s in rule.split(",")} - {""}


def test_contrast_is_that_of_black_and_white() -> None:
    assert contrast("#fff", "#000000") == pytest.approx(21)
    assert contrast("#595959", "#fff") == pytest.approx(7.0, abs=0.05)


@pytest.mark.parametrize("at", [DAY, NIGHT])
def test_every_colour_of_text_can_be_read_on_the_card(at: str) -> None:
    palette = _palette(at)
    for name in {"--ink", "--quiet", "--asked", "--remark"} | (TEXTS - {"--paper"}):
        assert contrast(palette[name], palette["--paper"]) >= 4.5, name


@pytest.mark.parametrize("at", [DAY, NIGHT])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("--asked", "--slot"),  # a blank, and the answer in its place
        ("--asked", "--code"),  # code in a blank
        ("--ink", "--code"),
        ("--quiet", "--code"),  # code in an earlier step
        ("--ink", "--remark-paper"),
        ("--remark", "--remark-paper"),
        ("--asked", "--remark-paper"),  # a link in a note
        ("--paper", "--asked"),  # the number of the step that the card is about
    ],
)
def test_text_can_be_read_on_every_other_ground(at: str, text: str, ground: str) -> None:
    palette = _palette(at)
    assert contrast(palette[text], palette[ground]) >= 4.5


@pytest.mark.parametrize("at", [DAY, NIGHT])
def test_what_marks_a_blank_besides_its_colour_can_be_seen(at: str) -> None:
    assert "currentColor" in _declared(".cloze")["border-bottom"]
    palette = _palette(at)
    assert contrast(palette["--asked"], palette["--paper"]) >= 3
    assert contrast(palette["--warning"], palette["--paper"]) >= 3


def test_the_night_names_the_colours_of_the_day_anew() -> None:
    day, night = _palette(DAY), _palette(NIGHT)
    assert day.keys() == night.keys()
    assert all(day[name] != night[name] for name in day)
    for mark in ("nightMode", "night_mode"):
        assert _palette(f".{mark}.card") == _palette(f".{mark} .card") == night
        assert {"background", "color"} <= _declared(f".{mark} .card").keys()


def test_colours_are_named_in_one_place() -> None:
    for _, body in RULES:
        outside = re.sub(r"--[a-z-]+:[^;]*;", "", body)
        allowed = {"#fff"} if "border-radius: 0.25rem" in body else set()  # paper below pictures
        assert set(re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(.*?\)", outside)) <= allowed
        assert set(re.findall(r"var\((--[a-z-]+)\)", body)) <= _palette(DAY).keys()


def test_sizes_follow_the_font_size_of_the_device() -> None:
    for _, body in RULES:
        assert not re.findall(r"(?:font|width|height|margin|padding)[^:;]*:[^;]*\d(?:px|pt)", body)


def test_nothing_moves_and_nothing_is_fetched() -> None:
    assert not re.search(
        r"animation|transition|@keyframes|@import|url\(|expression|javascript", STYLE
    )
    assert "<script" not in notetype.front() + notetype.back()
    assert " on" not in re.sub(r"\{\{.*?\}\}", "", notetype.front() + notetype.back())
