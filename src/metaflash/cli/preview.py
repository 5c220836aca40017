"""``metaflash preview``."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from metaflash.cli.shared import PATH, compile_path, plural, report, world_failures

if TYPE_CHECKING:
    from metaflash.preview.catalog import Catalog


@click.command()
@PATH
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    metavar="N",
    help="Serve the page at this port instead of a free one.",
)
@click.option(
    "--open/--no-browser",
    "browser",
    default=None,
    help="Open the page in the browser, or only print its address. It is opened if nothing is said,"
    " where there is a desktop.",
)
@click.option(
    "--static",
    "out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT.html",
    help="Write all cards into one file instead, for review by mail, and end.",
)
def preview(path: Path, port: int | None, *, browser: bool | None, out: Path | None) -> None:
    """Show every card in the browser, as Anki will show it.

    Front and back of each card of the decks at PATH (default: cards), by day and by night, on a
    desktop and on a phone. Save a fact file, and the page follows at once; if the save has a
    mistake, the page says where, and goes on showing the cards of the last good one. Cards
    without an id are shown, too. Nothing is written.

    The page is for this computer only. Ctrl-C ends it.

    With --static, one file that needs no network and runs nothing that a card says; nothing is
    written while there are errors.

    Exit status: 0 ended or written, 1 problems, 2 wrong usage.
    """
    from metaflash.preview.catalog import Catalog

    if out and (port or browser is not None):
        message = (
            "--static writes a file and serves no page; leave --port, --open and --no-browser out."
        )
        raise click.UsageError(message)
    with world_failures():
        if out:
            _write(_compiled(path, Catalog()), out)
        else:
            _serve(path, port or 0, browser=_desktop() if browser is None else browser)


def _write(catalog: Catalog, out: Path) -> None:
    """The static page as a file."""
    from metaflash import files
    from metaflash.preview import page

    report(catalog.problems, "text", consequence="nothing was written")
    files.save([(out, page.static(catalog))])
    cards = sum(exhibit.build.cards for exhibit in catalog.exhibits)
    click.echo(f"{files.shown(out)}: {plural(cards, 'card')}")


def _serve(path: Path, port: int, *, browser: bool) -> None:
    """The page, until it is interrupted."""
    from metaflash.files import WorldError, reason
    from metaflash.preview.catalog import Catalog
    from metaflash.preview.server import Board, Server
    from metaflash.preview.watch import saves

    following = saves(path)
    next(following)  # what is saved from now on, while the decks are compiled, will be seen
    board = Board(_compiled(path, Catalog()))
    try:
        server = Server(board, port)
    except OSError as error:
        message = (
            f"Cannot serve the page at port {port}: {reason(error)}. Leave --port out, and a free one"
            " is taken."
        )
        raise WorldError(message) from error
    with server:
        click.echo(f"{server.address}\nCtrl-C ends the preview.")
        if browser:
            import webbrowser

            webbrowser.open(server.address)
        with suppress(KeyboardInterrupt):
            for _ in following:
                board.show(after_save(path, board.catalog))


def _compiled(path: Path, before: Catalog) -> Catalog:
    """What to show of the decks at a path. Files with errors are compiled once more as they were
    before, so that those beside them are fresh."""
    from metaflash.preview.catalog import instead, renewed

    compiled = compile_path(path, lend_ids=True, examine=True)
    if not (texts := instead(before, compiled)):
        return renewed(before, compiled)
    return renewed(before, compiled, compile_path(path, lend_ids=True, instead=texts), texts)


def after_save(path: Path, before: Catalog) -> Catalog:
    """What to show after a save, whatever was saved."""
    from metaflash import project
    from metaflash.files import WorldError
    from metaflash.preview.catalog import broken

    try:
        return _compiled(path, before)
    except WorldError as error:
        message, hint = "the decks cannot be compiled", str(error)
    except Exception as error:  # noqa: BLE001 - a mistake of ours must not end the preview
        import traceback

        traceback.print_exc()
        message = "metaflash itself made a mistake"
        hint = f"{type(error).__name__}: {error}\nThe terminal has the details. Please report it."
    return broken(before, project.problem(path, "not-compiled", message, hint))


def _desktop() -> bool:
    """Whether there is likely to be someone with a browser."""
    if os.environ.get("CI") or not sys.stdout.isatty():
        return False
    if sys.platform in {"win32", "darwin"}:
        return "SSH_CONNECTION" not in os.environ
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
