"""Steps in their order: how many there are, and whether they tell it themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from metaflash.kinds.process import Process, Step
from metaflash.lines import scalar as scalar_of
from metaflash.lock import Entry
from metaflash.quality.view import Finding
from metaflash.words import short

LONG = 9
_LINE = 160
"""Characters of a step that can be shown again."""

_SUBJECT = r"(?= (?:the|an?|all|each|it|its|they|he|she|you|we|this|that|these|those)\b)"
_ORDINAL = re.compile(
    r"((?:then|finally|lastly|firstly|secondly|thirdly|afterwards?|subsequently|eventually)(?:[,:] |(?= ))"
    r"|(?:first|second|third|fourth|fifth|last|next)[,:] "
    rf"|(?:first|next)(?:{_SUBJECT}|(?= [a-z]+ (?:the|an?|all|each|it)\b))"
    r"|(?:first of all|after (?:that|this)|in the (?:first|second|third|next|last|final) step"
    rf"|to (?:begin|start) with|in the end)(?:[,:] |{_SUBJECT})"
    r"|(?:step|stage|phase)? ?\d+[.:)](?= ))\s*",
    re.IGNORECASE,
)


def number_of_steps(process: Process) -> Iterator[Finding]:
    """A process of one step, which is none; and one that is too long to be kept in mind."""
    count = len(process.steps)
    if count < 2:
        hint = (
            "There is nothing before it and nothing after it to be asked. Add the other steps, or"
        )
        hint += " make it a `fact`."
        yield Finding("short-process", process.span, "a process of one step", hint, process)
    elif count > LONG:
        parts = -(-count // 7)
        size = -(-count // parts)
        cuts = [f"1 to {size}"] + [
            f"{at + 1} to {min(at + size, count)}" for at in range(size, count, size)
        ]
        hint = "A long row falls apart in memory. Make several of it, for instance steps"
        hint += f" {', '.join(cuts[:-1])} and {cuts[-1]}, and perhaps one of their titles."
        message = f"a process of {count} steps"
        step = process.steps[LONG]
        yield Finding("long-process", step.id.span, message, hint, process)


def ordinal_step(process: Process) -> Iterator[Finding]:
    """A step that says its place; English only."""
    for step in process.steps:
        text = "".join(
            part if isinstance(part, str) else f"=={part.answer}==" for part in step.sentence.parts
        )
        found = _ORDINAL.match(text)
        if not found or found.end() == len(text):
            continue
        span = step.sentence.typed.span(0, len(found[1].rstrip(" ,:")))
        message = f"“{found[1].strip(' ,:')}” tells the place of the step"
        hint = "The cards of a process ask for its order. "
        line = _without_place(step)
        hint += f"Write:  - {step.id}: {line}" if line else "Leave it out."
        yield Finding("ordinal-step", span, message, hint, step)


def _without_place(step: Step) -> str:
    """The text of a step as it stands in the file, quotes and all, without the words for its place; empty
    where it has several lines or is too long to be shown whole."""
    source, scalar = step.sentence.typed
    raw = source.text[scalar.start : scalar.end].rstrip()
    quote = raw[0] if raw[:1] in ("'", '"') else ""
    found = _ORDINAL.match(raw, len(quote))
    if not found or "\n" in raw or len(raw) > _LINE:
        return ""
    rest = raw[found.end() :]
    rest = rest[:1].upper() + rest[1:]
    return quote + rest if quote else scalar_of(rest)


def order_changed(process: Process, known: Mapping[str, Entry]) -> Iterator[Finding]:
    """Steps that learners have in another order; ``known`` are notes of the last build by their ids
    now."""
    now = [step for step in process.steps if f"{process.id}/{step.id}" in known]
    before = sorted(now, key=lambda step: known[f"{process.id}/{step.id}"].due[0])
    if now == before:
        return
    moved = next((s for s in now if _without(now, s.id) == _without(before, s.id)), None)
    first = moved or next(one for one, other in zip(now, before, strict=True) if one is not other)
    message = f"the step `{first.id}` is in another place than in the last build"
    if not moved:
        message = "the steps are in another order than in the last build"
    was = " → ".join(step.id for step in before)
    hint = "What learners know of the old order is asked anew under reviews they have."
    hint += f" If it was wrong, that is as it should be. It was:  {short(was, 200)}"
    yield Finding("order-changed", first.id.span, message, hint, first)


def _without(steps: list[Step], name: str) -> list[str]:
    return [step.id for step in steps if step.id != name]
