"""The real Anki engine, for tests: import a package, look at what a learner would have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest


class Face(NamedTuple):
    """A card as the engine has it: HTML of both sides, and where it stands."""

    guid: str
    number: int
    due: int
    question: str
    answer: str


class Log(NamedTuple):
    """How many notes an import took each way."""

    new: int
    updated: int
    duplicate: int
    conflicting: int


@contextmanager
def collection(folder: Path) -> Iterator[Collection]:
    """A learner's collection in a folder, empty if it is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    opened = Collection(str(folder / "collection.anki2"))
    try:
        yield opened
    finally:
        opened.close()


def import_package(opened: Collection, package: Path) -> Log:
    """Import with the options that a fresh profile has."""
    request = ImportAnkiPackageRequest(
        package_path=str(package), options=ImportAnkiPackageOptions()
    )
    log = opened.import_anki_package(request).log
    return Log(len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting))


def faces(opened: Collection) -> list[Face]:
    """All cards in the order a learner meets new ones: by position, then by number."""
    assert opened.db
    found = []
    for card_id in opened.db.list("select id from cards order by due, ord"):
        card = opened.get_card(card_id)
        rendered = card.render_output()
        found.append(
            Face(
                card.note().guid,
                card.ord + 1,
                card.due,
                rendered.question_text,
                rendered.answer_text,
            )
        )
    return found


def check_database(opened: Collection) -> str:
    """What Anki's own check has to say; empty if all is well."""
    message, fine = opened.fix_integrity()
    return "" if fine and "rebuilt and optimized" in message else message
