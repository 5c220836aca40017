"""The kinds of facts, one file each.

``KINDS`` is found by walking this folder: a new kind is a new file with a subclass of ``Fact``.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from metaflash.kinds.kind import Fact


def discover() -> dict[str, type[Fact]]:
    """The classes of all kinds in this folder, by the key that names them in a file."""
    kinds: dict[str, type[Fact]] = {}
    for module_info in iter_modules(__path__):
        module = import_module(f"{__name__}.{module_info.name}")
        for value in vars(module).values():
            own = isinstance(value, type) and value.__module__ == module.__name__
            if own and issubclass(value, Fact) and value is not Fact:
                kinds[value.kind] = value
    return kinds


KINDS = discover()
"""Each kind's class under the key that names it in a file."""
