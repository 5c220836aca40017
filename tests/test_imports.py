"""The house: imports point down only, and the outer world is touched in few places."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import metaflash

SOURCE = Path(metaflash.__file__).parent


def _modules() -> dict[str, Path]:
    found = {}
    for path in SOURCE.rglob("*.py"):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        found[name] = path
    return found


PARTS = ("kinds.kind", "kinds.arrows", "kinds.listed")
"""The modules in the folder of kinds that are none themselves."""

ROWS = [
    ["__main__"],
    ["cli"],
    [
        "cli.build",
        "cli.diff",
        "cli.group",
        "cli.ids",
        "cli.init",
        "cli.preview",
        "cli.rehearse",
        "cli.schema",
    ],
    ["cli.explain", "cli.rebuild"],
    ["cli.shared"],
    ["cli.completion", "cli.console"],
    ["cli.manual"],
    ["preview.server", "watch"],
    ["preview.page"],
    ["preview.catalog"],
    ["preview", "preview.formulas"],
    ["rehearse", "locks"],
    ["workspace", "learner"],
    ["shelf", "quality"],
    [
        "project",
        "package",
        "quality.alike",
        "quality.forms",
        "quality.lengths",
        "quality.lists",
        "quality.processes",
        "quality.releases",
        "quality.sources",
    ],
    ["quality.tells", "quality.pairs"],
    ["quality.view", "quality.within"],
    ["quality.english", "quality.cores"],
    ["starter"],
    ["build", "release", "files", "verdict", "schema"],
    ["doubts", "checks"],
    ["lineage", "diff", "insertion", "illustration"],
    ["history", "render", "redrawing"],
    ["recovery"],
    ["naming", "example"],
    ["deck", "facts"],
    ["kinds"],
    [name for name in _modules() if name.startswith("kinds.") and name not in PARTS],
    ["kinds.arrows", "kinds.listed"],
    ["kinds.kind", "drawing.svg"],
    ["media", "allow"],
    ["record", "readers", "identity", "numbers", "positions", "times"],
    ["matching", "drawing.places", "corrections"],
    ["lock", "drawing.layers", "drawing.letters"],
    ["note", "source", "markup", "notetype", "words", "pictures"],
    ["shape", "mistakes", "characters", "comments", "straighten", "template", "cloze"],
    ["layout", "outline", "tree", "vector"],
    ["quoting", "reuse", "wrapped"],
    ["lines", "css", "blanks"],
    ["explanations"],
    ["diagnostics", "slug", "ways", "raster", "drawing", ""],
]
"""From the top of the house down; a module may import what stands in a lower row."""

ONLY_IN = {
    "anki": {"learner"},
    "genanki": {"package"},
    "sqlite3": {"package"},
    "zipfile": {"package"},
    "click": {
        "cli",
        "cli.build",
        "cli.completion",
        "cli.diff",
        "cli.explain",
        "cli.group",
        "cli.ids",
        "cli.init",
        "cli.manual",
        "cli.preview",
        "cli.rebuild",
        "cli.rehearse",
        "cli.schema",
        "cli.shared",
    },
    "xml": {"vector"},
    "yaml": {"source", "mistakes"},
    "markdown_it": {"markup"},
    "werkzeug": {"preview.server"},
    "rapidfuzz": {"diagnostics", "quality.within"},
    "watchfiles": {"watch"},
    "latex2mathml": {"preview.formulas"},
    "os": {
        "cli.build",
        "cli.console",
        "cli.group",
        "cli.preview",
        "cli.shared",
        "files",
        "project",
    },
    "signal": {"files"},
    "time": {"cli.shared", "project", "watch"},
}


def _imports(path: Path) -> set[str]:
    """Everything a module imports, as dotted names; of ours, the modules."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            submodules = {f"{node.module}.{alias.name}" for alias in node.names}
            own = {s for s in submodules if s.removeprefix("metaflash.") in _modules()}
            found |= own if node.module == "metaflash" and own else {node.module}
    return found


def test_every_module_has_a_row() -> None:
    assert sorted(name for row in ROWS for name in row) == sorted(_modules())


@pytest.mark.parametrize("name", sorted(_modules()))
def test_imports_point_down(name: str) -> None:
    row_of = {module: index for index, row in enumerate(ROWS) for module in row}
    for imported in _imports(_modules()[name]):
        if imported.split(".")[0] == "metaflash":
            own = imported.removeprefix("metaflash").removeprefix(".")
            assert row_of[own] > row_of[name], f"{name or 'metaflash'} imports {imported}"


@pytest.mark.parametrize("library", sorted(ONLY_IN))
def test_a_library_is_used_in_its_place_only(library: str) -> None:
    users = {
        name
        for name, path in _modules().items()
        if any(imported.split(".")[0] == library for imported in _imports(path))
    }
    assert users == ONLY_IN[library]


def test_nothing_but_the_command_line_prints() -> None:
    for name, path in _modules().items():
        calls = (n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call))
        names = {call.func.id for call in calls if isinstance(call.func, ast.Name)}
        assert "print" not in names, name
