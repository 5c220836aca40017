"""Real Anki engines, old and new, to play scenarios in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

Action: TypeAlias = dict[str, Any]
"""What a learner is to do, or what came of it."""

LEARNER = Path(__file__).with_name("learner.py")

ENGINES = (sys.executable, *filter(None, os.environ.get("METAFLASH_ENGINES", "").split(os.pathsep)))
"""The Python interpreters to test with, each with one version of ``anki``."""


def play(python: str, scenarios: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """The results of scenarios in one engine, as tests/learner.py describes them."""
    done = subprocess.run(
        [python, "-I", LEARNER],
        input=json.dumps(scenarios, default=str),  # paths as text
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{python} failed:\n{done.stderr}"
    results: list[list[Any]] = json.loads(done.stdout)
    return results


def faults(check: Action) -> list[str]:
    """What Anki's own check had to mend, but for times of reviews: where an answer is given within
    a millisecond of the next second, Anki's two records of it differ, whoever made the card."""
    return [
        line
        for line in check["message"].splitlines()
        if not line.startswith("Added last review time to")
    ]
