"""When a note changed: Anki takes an edit only if its time is later than that of what it has.

So times only ever rise, whatever the clock says, and a note that did not change keeps its own: that
leaves a learner's own edits on it alone.
"""

from __future__ import annotations

from typing import NamedTuple

from metaflash.diagnostics import Diagnostic, Severity, Source, Span
from metaflash.lock import Lock, moment

_DAY = 86_400
_LONGEST_REST = 5 * 365 * _DAY
"""Seconds without a build after which a clock has to be confirmed."""

_QUICK = 60
"""Seconds that the times may be ahead of the clock without a word: builds in quick succession, as
after every save, have one each."""


class Clock(NamedTuple):
    """The time of a build in seconds since the epoch; ``stated`` if a person said so, by
    ``SOURCE_DATE_EPOCH``."""

    seconds: int
    stated: bool = False


def time_of_build(clock: Clock, lock: Lock | None, path: str) -> tuple[int, Diagnostic | None]:
    """The time that changed notes get, and what is wrong with the clock, which is of no account
    while no note changed. ``path`` is the lock's, where it is shown."""
    newest = lock.newest if lock else 0
    if clock.seconds > newest:
        late = newest and not clock.stated and clock.seconds > newest + _LONGEST_REST
        return clock.seconds, (_ahead(clock.seconds, newest, path) if late else None)
    behind = clock.seconds < newest - _QUICK
    return newest + 1, (_behind(clock.seconds, newest, path) if behind else None)


def _ahead(now: int, newest: int, path: str) -> Diagnostic:
    hint = (
        f"The last change was built at {moment(newest)}. A time in the future would make Anki skip"
        " every later edit. Set the clock right; or, if it is right, build once with the environment"
        f" variable SOURCE_DATE_EPOCH={now}."
    )
    return _problem("error", path, "clock-ahead", f"the clock says {moment(now)}", hint)


def _behind(now: int, newest: int, path: str) -> Diagnostic:
    hint = (
        f"A change was built at {moment(newest)} already, and Anki takes only what is newer. The"
        f" notes that changed now are dated {moment(newest + 1)}."
    )
    if newest > now + _DAY:
        hint += (
            " If that build had a wrong clock and was never released, restore the lock from git."
        )
    return _problem("warning", path, "clock-behind", f"the clock says {moment(now)}", hint)


def _problem(severity: Severity, path: str, code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(Span(Source(path, ""), 0, 0), severity, code, message, hint)
