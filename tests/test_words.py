"""What is read out of a card's HTML is what the kinds write into it: neither can change alone."""

from __future__ import annotations

import re

import pytest

from conftest import compiled
from image_files import SAMPLES
from metaflash import notetype, words
from metaflash.note import Note

FACTS = """
cards:
  - term: Angiogenesis
    means: New vessels
    id: term
  - process: The cascade
    id: cascade
    about: one cell
    steps:
      - shed: A cell is ==shed==
      - reach: It reaches a ==vessel==
  - picture: The path of blood
    id: path
    arrows:
      - portal vein -> liver
  - fact: The ==liver== with a picture
    id: seen
    image: liver.png
    alt: A large organ
"""


@pytest.fixture(scope="module")
def notes() -> dict[str, Note]:
    built = compiled({"01.yaml": FACTS, "media/liver.png": SAMPLES["png"]})
    assert not built.diagnostics
    return {note.guid.partition("/")[2]: note for note in built.notes}


def _field(note: Note, name: str) -> str:
    return dict(zip(notetype.FIELDS, note.fields, strict=True))[name]


def test_a_term_is_found_before_its_meaning(notes: dict[str, Note]) -> None:
    found = words.TERM.search(words.filled(_field(notes["term"], "Text")))
    assert found
    assert found[1] == "Angiogenesis"


def test_the_heading_of_a_step_is_found(notes: dict[str, Note]) -> None:
    for field in ("Text", "Text 2", "Text 3"):
        found = words.TITLE.search(_field(notes["cascade/reach"], field))
        assert found
        assert found.groups() == ("The cascade", "one cell")


def test_what_a_step_shows_of_its_neighbours_is_not_its_own(notes: dict[str, Note]) -> None:
    text = _field(notes["cascade/reach"], "Text")
    assert "A cell is shed" in text
    assert words.heart(text) == "It reaches a vessel"


def test_a_drawing_is_its_caption_and_the_words_for_it(notes: dict[str, Note]) -> None:
    drawn = _field(notes["path/liver"], "Back picture")
    found = words.CAPTION.search(drawn)
    assert found
    assert found[1] == "The path of blood"
    said = words.plain(words.own(drawn))
    assert said.startswith("The path of blood")
    assert "portal vein leads to liver" in said


def test_the_question_of_all_drawings_is_nobodys_own(notes: dict[str, Note]) -> None:
    assert words.heart(_field(notes["path/liver"], "Text")) == "liver"


def test_a_picture_is_the_words_that_stand_for_it(notes: dict[str, Note]) -> None:
    assert words.plain(_field(notes["seen"], "Picture")) == "A large organ"


def test_the_style_sheet_knows_what_the_kinds_write(notes: dict[str, Note]) -> None:
    html = " ".join(field for note in notes.values() for field in note.fields)
    written = {name for names in re.findall(r'class="([^"]*)"', html) for name in names.split()}
    styled = set(re.findall(r"\.([a-z][\w-]*)", notetype.style()))
    only_read = {"meaning", "which"}
    assert written - styled == only_read
