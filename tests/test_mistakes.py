"""Any slip of the fingers gives problems with places, never a traceback, and never lost facts."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import DECK
from metaflash.build import Build, Sources, compile_deck
from metaflash.diagnostics import Source, render
from metaflash.times import Clock
from slips import SLIP, TEXTS, slipped


def build(text: str) -> Build:
    return compile_deck(
        Sources((Source("deck.yaml", DECK), []), [(Source("f.yaml", text), [])]), clock=Clock(1)
    )


@pytest.mark.parametrize("libyaml", [True, False])
@settings(max_examples=300, deadline=None)
@given(text=st.sampled_from(TEXTS), slips=st.lists(SLIP, min_size=1, max_size=6))
def test_a_slip_never_ends_in_a_traceback(
    text: str, slips: list[tuple[int, int, str]], *, libyaml: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "__with_libyaml__", libyaml)
        built = build(slipped(text, slips))
    for problem in built.diagnostics:
        line, column, end_line, end_column = problem.place
        assert (1, 1) <= (line, column) <= (end_line, end_column)
        assert problem.message
        assert problem.hint
    for form in ("text", "short", "json", "github"):
        render(built.diagnostics, form)


@settings(max_examples=300, deadline=None)
@given(text=st.sampled_from(TEXTS), slip=SLIP)
def test_what_builds_in_spite_of_a_slip_has_every_fact(
    text: str, slip: tuple[int, int, str]
) -> None:
    at, deleted, typed = slip
    start = at % (len(text) + 1)
    lost = text[start : start + deleted]
    if "\n" in lost or "-" in lost:
        return  # facts may be joined by what was deleted
    built = build(slipped(text, [slip]))
    if not built.diagnostics:
        assert len(built.notes) >= len(build(text).notes) - typed.startswith(("#", " #"))
