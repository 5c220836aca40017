"""Slips of the fingers, for tests that type them into the shipped deck."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

SHIPPED = sorted((Path(__file__).parent.parent / "cards" / "metastasis").glob("0*.yaml"))
TEXTS = [path.read_text("utf-8") for path in SHIPPED]

SIGNS = "\"'#:-?*&![]{}|>%@`, \n\t=\\–：\xa0"
TYPED = st.sampled_from(SIGNS) | st.sampled_from(
    [
        "- ",
        ": ",
        "  ",
        "\n\n",
        "---\n",
        "...\n",
        "? ",
        "==",
        "{{c1::",
        "$",
        "::",
        "<<: ",
        " #",
        "id",
        "fact",
    ]
)
SLIP = st.tuples(st.integers(0, 10_000), st.integers(0, 6), TYPED | st.just(""))
"""Where (modulo the text's length), how many characters are deleted, what is typed instead."""


def slipped(text: str, slips: list[tuple[int, int, str]]) -> str:
    for at, deleted, typed in slips:
        start = at % (len(text) + 1)
        text = text[:start] + typed + text[start + deleted :]
    return text
