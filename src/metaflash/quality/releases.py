"""What is gone since the last build."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from metaflash import release
from metaflash.build import Build
from metaflash.diagnostics import Diagnostic, Source, Span, has_errors
from metaflash.lock import Entry
from metaflash.quality.view import Finding
from metaflash.words import heart, short


def id_gone(build: Build) -> Iterator[Finding]:
    """Facts that learners have and no file names any more: taken out, or lost by mistake."""
    source = build.contents.lock
    if not build.before or not build.lock or source is None:
        return
    if has_errors(build.diagnostics):
        return  # what an error left out is not gone
    told = set(_named(build.diagnostics))
    gone = [
        key
        for key, entry in build.lock.notes.items()
        if entry.retired and not build.before.notes[key].retired and key not in told
    ]
    facts: dict[str, list[str]] = {}
    there = {fact.was or fact.id for _, fact in build.contents.facts}
    for key in gone:
        whole = key.partition("/")[0]
        facts.setdefault(whole if whole not in there else key, []).append(key)
    for name, keys in facts.items():
        entry = build.before.notes[keys[0]]
        words = heart(entry.words.get("Text", ""))
        message = f"`{name}` is in no file any more"
        what = f"“{short(words, 80)}”" if len(keys) == 1 else f"its {len(keys)} {_parts(entry)}"
        hint = (
            f"With the next build it is retired: learners keep {what}, marked as such. If only the"
        )
        hint += f" id changed, put it back, or add to the fact with the new one:  was: {name}"
        hint += f"\n{release.untaken(len(keys))}"
        yield Finding("id-gone", _record(source, keys[0]), message, hint)


def _parts(entry: Entry) -> str:
    """What the notes of a process or picture are called, where there are several."""
    return "boxes" if entry.kind == "picture" else "steps"


def _named(problems: Sequence[Diagnostic]) -> Iterator[str]:
    """The notes of which it was said that they are probably others now."""
    for problem in problems:
        if problem.code == "renamed":
            yield from re.findall(
                r"[a-z0-9-]+(?:/[a-z0-9-]+)?", f"{problem.message} {problem.hint}"
            )


def _record(source: Source, key: str) -> Span:
    """Where the lock names a note."""
    line = f"\nnote {key}\n"
    at = source.text.find(line)
    start = at + len("\nnote ") if at >= 0 else 0
    return Span(source, start, start + (len(key) if at >= 0 else 0))
