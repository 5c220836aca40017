"""Pictures of the teacher's own: what cards show, what reaches learners, what is refused."""

from __future__ import annotations

import io
import json
import os
import zipfile
from itertools import pairwise
from pathlib import Path, PurePath
from typing import TypeAlias

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from conftest import Write, compiled
from engines import ENGINES, Action, faults, play
from image_files import SAMPLES, SIZE, SVG, photo, raster
from metaflash import project, vector
from metaflash.build import Build
from metaflash.cli import main
from metaflash.files import read_below
from metaflash.package import encode
from metaflash.pictures import Picture, examine
from metaflash.raster import Size
from metaflash.times import Clock
from metaflash.workspace import compile_folders

Files: TypeAlias = dict[str, str | bytes]
posix = pytest.mark.skipif(os.name != "posix", reason="the system has no such files")
CARD = """\
cards:
- fact: The ==sentinel node== is the first one to which the tumor drains.
  id: sentinel
  image: {}
  alt: A tumor with an arrow to a node
"""
NODE = CARD.format("node.png")


def packed(build: Build) -> bytes:
    """The package of a deck without problems."""
    assert not build.diagnostics
    assert build.deck
    assert build.lock
    return encode(build.deck, build.notes, styled=build.lock.style.modified, media=build.media)


def picture(name: str, data: bytes) -> Picture:
    """A file that is a picture without a flaw."""
    found, flaws = examine(name, data)
    assert flaws == []
    assert found
    return found


# --- The forms of pictures -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", raster("PNG")),
        ("a.JPG", raster("JPEG")),
        ("a.jpeg", raster("JPEG", progressive=True)),
        ("a.gif", raster("GIF")),
        ("a.webp", raster("WEBP")),
        ("lossless.webp", raster("WEBP", lossless=True)),
        ("moving.png", raster("PNG", frames=3)),
        ("moving.gif", raster("GIF", frames=3)),
        ("moving.webp", raster("WEBP", frames=3)),
    ],
)
def test_a_picture_has_its_size_and_is_missed_wherever_it_is_cut_off(
    name: str, data: bytes
) -> None:
    assert picture(name, data).size == SIZE
    for end in range(1, len(data) - 1, len(data) // 200):
        assert examine(name, data[:end])[0] is None


def test_a_gif_may_lack_its_last_byte_but_no_other() -> None:
    assert picture("a.gif", SAMPLES["gif"][:-1]).size == SIZE
    assert examine("a.gif", SAMPLES["gif"][:-2])[0] is None


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_as_the_camera_was_held(orientation: int) -> None:
    turned = orientation > 4
    assert picture("a.jpg", photo(orientation)).size == (SIZE[::-1] if turned else SIZE)


@given(st.binary(max_size=400), st.sampled_from(sorted(SAMPLES)), st.integers(0, 500))
def test_no_file_is_too_broken_to_be_told(junk: bytes, sample: str, at: int) -> None:
    data = SAMPLES[sample][:3000]
    examine("a.png", data[:at] + junk + data[at + len(junk) :])
    examine("a.svg", junk)


# --- SVG -----------------------------------------------------------------------------------

INKSCAPE = """\
<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!-- Created with Inkscape (http://www.inkscape.org/) -->
<svg width="210mm" height="297mm" viewBox="0 0 210 297" version="1.1" id="svg5"
   inkscape:version="1.2" sodipodi:docname="node.svg"
   xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
   xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"
   xmlns:xlink="http://www.w3.org/1999/xlink" xmlns="http://www.w3.org/2000/svg"
   xmlns:svg="http://www.w3.org/2000/svg">
  <sodipodi:namedview id="namedview7" pagecolor="#ffffff" inkscape:zoom="0.7" />
  <defs id="defs2">
    <linearGradient id="g1"><stop style="stop-color:#000;stop-opacity:1" offset="0" /></linearGradient>
    <radialGradient xlink:href="#g1" id="g2" />
    <inkscape:path-effect effect="spiro" id="path-effect1" is_visible="true" />
  </defs>
  <g inkscape:label="Layer 1" inkscape:groupmode="layer" id="layer1">
    <path style="fill:url(#g2);stroke:#000000" d="M 1,2 3,4 Z" sodipodi:nodetypes="cc" id="p1" />
    <image xlink:href="data:image/png;base64,iVBORw0KGgo=" width="10" height="10" />
    <text xml:space="preserve" style="font-size:12px;-inkscape-font-specification:'sans-serif'">
      <tspan sodipodi:role="line">Node</tspan></text>
  </g>
  <metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:cc="http://creativecommons.org/ns#"><cc:Work rdf:about=""/></rdf:RDF></metadata>
</svg>
"""
ILLUSTRATOR = """\
<?xml version="1.0" encoding="utf-8"?>
<!-- Generator: Adobe Illustrator 27.0.0, SVG Export Plug-In . SVG Version: 6.00 Build 0)  -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg version="1.1" id="Layer_1" xmlns="http://www.w3.org/2000/svg" x="0px" y="0px"
  viewBox="0 0 841.9 595.3" style="enable-background:new 0 0 841.9 595.3;" xml:space="preserve">
<style type="text/css">
<![CDATA[
  .st0{fill:#FFFFFF;stroke:#000000;clip-path:url(#SVGID_1_);}
  .st1{fill:url('#a');}
]]>
</style>
<g><path class="st0" d="M0,0h9"/></g>
</svg>
"""
GRAPHVIZ = """\
<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"
 "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<!-- Generated by graphviz version 2.43.0 (0) -->
<svg width="89pt" height="116pt"
 viewBox="0.00 0.00 89.00 116.00" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
<g id="graph0" class="graph" transform="scale(1 1) rotate(0) translate(4 112)">
<title>%3</title>
<polygon fill="white" stroke="transparent" points="-4,4 -4,-112 85,-112 85,4 -4,4"/>
</g>
</svg>
"""
DRAWIO = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" style="background-color: rgb(255, 255, 255);"
  xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" width="121px" height="61px"
  viewBox="-0.5 -0.5 121 61" content="&lt;mxfile host=&quot;app.diagrams.net&quot;&gt;&lt;/mxfile&gt;">
  <defs/><g><rect x="0" y="0" width="120" height="60" fill="rgb(255, 255, 255)" pointer-events="all"/>
  <text x="60" y="34" font-family="Helvetica">Node</text></g>
</svg>
"""


@pytest.mark.parametrize(
    ("text", "size"),
    [
        (INKSCAPE, (794, 1123)),
        (ILLUSTRATOR, (600, 424)),
        (GRAPHVIZ, (119, 155)),
        (DRAWIO, (121, 61)),
        ("\ufeff" + DRAWIO.replace("\n", "\r\n"), (121, 61)),
        (SVG, (600, 300)),
        (SVG.replace("viewBox", "width='20' viewBox"), (20, 10)),
        (SVG.replace("viewBox", "height='2em' viewBox"), (64, 32)),
        (SVG.replace("viewBox", "width='100%' height='100%' viewBox"), (600, 300)),
        (SVG.replace("0 0 40 20", "0 0 40 0"), None),
        (SVG.replace("0 0 40 20", "0,0,1e9,1e-9"), None),
        (SVG.replace("0 0 40 20", "some words"), None),
    ],
)
def test_what_drawing_programs_write_is_taken_with_its_size(
    text: str, size: tuple[int, int] | None
) -> None:
    assert vector.check(text.encode()) == (Size(*size) if size else None)


@pytest.mark.parametrize(
    "inside",
    [
        "<style>@media (max-width: 9px) and (color) { .a:not(.b) { fill: url( '#g' ) } }</style>",
        "<style>@font-face { font-family: V; src: local('V'), url(data:font/woff2;base64,AA==) }</style>",
        "<style>/* url(https://example.org/) */ a { content: '@import (' }</style>",
        "<style><![CDATA[ @keyframes k { to { transform: translateX(9px) rotate(1turn) } } ]]></style>",
        "<rect style='fill:rgba(0, 0, 0, .5);filter:drop-shadow(1px 1px 2px #000)'/>",
        "<rect fill='light-dark(#fff, var(--c))' transform='matrix(1 0 0 1 0 0)' clip-path='url(#c=)'/>",
        "<g content='f(x) \\(x\\)' data-name='f(x)' aria-label='f(x)' class='f(x)'/>",
        "<font><font-face/><glyph unicode='\\'/><glyph unicode='('/></font>",
        "<text font-family='A (B)' class='url(a)'>url(https://example.org/) @import</text>",
        "<set attributeName='fill' begin='a.repeat(2)' to='url(#g)'/>",
    ],
)
def test_styles_that_fetch_nothing_are_taken(inside: str) -> None:
    assert vector.check(SVG.replace("<path", f"{inside}<path").encode()) == (600, 300)


@pytest.mark.parametrize("long", ["1" * 50_000 + "!", "1" + " " * 50_000 + "!", "1" * 400, "1e999"])
def test_a_size_that_is_none_does_not_keep_the_compiler(long: str) -> None:
    for key in ("width", "height"):
        assert vector.check(SVG.replace("viewBox", f"{key}='{long}' viewBox").encode()) == (
            600,
            300,
        )
    assert vector.check(SVG.replace("0 0 40 20", f"0 0 {long} {long}").encode()) is None


def test_an_svg_may_be_in_any_encoding_that_a_browser_reads() -> None:
    for encoding in ("utf-16", "iso-8859-1"):
        text = f"<?xml version='1.0' encoding='{encoding}'?>{SVG.replace('<path', '<text>Ö</text><path')}"
        assert vector.check(text.encode(encoding)) == (600, 300)


@pytest.mark.parametrize("encoding", ["utf-7", "cp037", "unicode_escape", "nobody-knows"])
def test_an_encoding_that_browsers_read_otherwise_is_told(encoding: str) -> None:
    told = vector.check(f"<?xml version='1.0' encoding='{encoding}'?>{SVG}".encode())
    assert isinstance(told, vector.Trouble)
    assert told.code == "broken-svg"


HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt/>",
    "<script xmlns='http://www.w3.org/1999/xhtml'/>",
    "<x:script xmlns:x='http://www.w3.org/2000/svg'/>",
    "<g onmouseover='alert(1)'/>",
    "<g ONLOAD='alert(1)'/>",
    "<foreignObject/>",
    "<iframe src='https://example.org'/>",
    "<b xmlns='http://www.w3.org/1999/xhtml'/>",
    "<image href='https://example.org/a.png'/>",
    "<image href=' \thttps://example.org/a.png'/>",
    "<image href='//example.org/a.png'/>",
    "<image href='../a.png'/>",
    "<image href='data:image/svg+xml;base64,AAAA'/>",
    "<image x:href='file:///etc/passwd' xmlns:x='http://www.w3.org/1999/xlink'/>",
    "<a href='java&#10;script:alert(1)'><path/></a>",
    "<a href='https://example.org'><path/></a>",
    "<use href='data:text/html,a'/>",
    "<feImage href='https://example.org/a.png'/>",
    "<animate attributeName='href' values='javascript:alert(1)'/>",
    "<animate attributeName='xlink:href' to='#a'/>",
    "<set attributeName='onclick' to='alert(1)'/>",
    "<rect fill='url(https://example.org/a)'/>",
    "<rect style='background: URL( \"https://example.org/a\" )'/>",
    "<rect style='fill: \\75 rl(https://example.org/a)'/>",
    "<rect style='background: image-set(\"https://example.org/a\" 1x)'/>",
    "<style>@import 'https://example.org/a.css';</style>",
    "<style>@\\69mport 'https://example.org/a.css';</style>",
    "<style><![CDATA[ a { b: url(https://example.org/a) } ]]></style>",
    "<style>a { content: '/*' } b { background: url(https://example.org/a) } /* */</style>",
    "<style>@font-face { src: url(/*#*/https://example.org/a) }</style>",
    "<g xml:base='https://example.org/'/>",
    "<a href='#a' ping='https://example.org/a'/>",
    # texts, comments and escapes that a careless reader takes for something else
    "<style>a{content:'url(#'} svg{background:url(https://example.org/a)}</style>",
    "<style>a{content:'/*'} svg{background:url(https://example.org/a)} a{content:'*/'}</style>",
    "<style>a{content:'&#10;'} svg{background:url(https://example.org/a)} b{content:'&#10;'}</style>",
    "<rect style='--a:\"url(#\";mask-image:url(https://example.org/a)'/>",
    "<rect style=\"--a:'url(#';mask-image:url(https://example.org/a)\"/>",
    "<rect style='mask-image:url(#a\" https://example.org/a)'/>",
    "<rect style='mask-image:url(#a'/>",
    "<rect style='mask-image:url()'/>",
    "<rect style='mask-image:éurl(https://example.org/a)'/>",
    "<style><g/>@import 'https://example.org/a.css';</style>",
    "<style><title>a</title>@import 'https://example.org/a.css';</style>",
    "<style>@im<!-- -->port 'https://example.org/a.css';</style>",
    "<style>@im<?a?>port 'https://example.org/a.css';</style>",
    "<style>@\\69&#13;&#10;mport 'https://example.org/a.css';</style>",
    "<style>a{b:u\\72&#13;&#10;l(https://example.org/a)}</style>",
    "<style>a{b:u\\&#10;rl(https://example.org/a)}</style>",
    "<style>/* @import 'https://example.org/a.css';</style>",
    # what fetches a bare text, or may do so one day
    "<style>@IMPORT 'https://example.org/a.css';</style>",
    "<style>@document url-prefix('') {}</style>",
    "<style>a{b:-webkit-image-set('https://example.org/a' 1x)}</style>",
    "<style>a{b:image('https://example.org/a')}</style>",
    "<style>@font-face{src:src('https://example.org/a')}</style>",
    "<rect style='width:expression(alert(1))'/>",
    "<set attributeName='fill' to='url(https://example.org/a)'/>",
    "<set attributeName=' href ' to='javascript:alert(1)'/>",
]


@pytest.mark.parametrize("inside", HOSTILE)
def test_an_svg_that_runs_or_fetches_something_is_refused(inside: str) -> None:
    told = vector.check(SVG.replace("<path", f"{inside}<path").encode())
    assert isinstance(told, vector.Trouble)
    assert told.code == "unsafe-svg"


def test_a_sign_that_only_web_pages_know_is_told() -> None:
    told = vector.check(ILLUSTRATOR.replace("<g>", "<text>a&nbsp;b</text><g>").encode())
    assert isinstance(told, vector.Trouble)
    assert (told.code, "&nbsp;" in told.hint) == ("broken-svg", True)


def test_an_svg_cannot_grow() -> None:
    names = "abcdefghij"
    entities = "".join(
        f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in pairwise(names)
    )
    bomb = f"<!DOCTYPE svg [<!ENTITY a 'ha'>{entities}]>{SVG.replace('<path', '<text>&j;</text><path')}"
    deep = SVG.replace("<path", "<g>" * 10_000 + "<path")
    many = SVG.replace("<path", "<g/>" * 250_000 + "<path")
    for text in (bomb, deep, many):
        told = vector.check(text.encode())
        assert isinstance(told, vector.Trouble)
        assert told.code == "unsafe-svg"


LEVELS = {
    "use": ("<g id='n{}'>{}</g>", "<use href='#n{}'/>"),
    "xlink": ("<g id='n{}'>{}</g>", "<use x:href='#n{}' xmlns:x='http://www.w3.org/1999/xlink'/>"),
    "symbol": ("<symbol id='n{}'><g>{}</g></symbol>", "<use href=' #n{} '/>"),
    "mask": ("<mask id='n{}'>{}</mask>", "<rect mask='url(#n{})'/>"),
    "clip": ("<clipPath id='n{}'>{}</clipPath>", "<rect style='clip-path:url(\"#n{}\")'/>"),
    "marker": ("<marker id='n{}'>{}</marker>", "<path marker-start='url(#n{})'/>"),
    "pattern": ("<pattern id='n{}'>{}</pattern>", "<rect fill='url(#n{})'/>"),
    "class": (
        "<style>a{{}} g > .c{0}, .b {{ x: '}}'; mask: url(#n{0}) }}</style><mask id='n{0}'>{1}</mask>",
        "<rect class='a c{}'/>",
    ),
    "name": (
        "<style>@media all {{ m{0} {{ mask: url(#n{0}) }} }}</style><mask id='n{0}'>{1}</mask>",
        "<m{}/>",
    ),
}


@pytest.mark.parametrize("way", LEVELS)
def test_an_svg_cannot_grow_by_what_it_draws_again(way: str) -> None:
    part, again = LEVELS[way]

    def drawn(levels: int) -> vector.Trouble | Size | None:
        parts = [part.format(0, "<rect/>")]
        parts += [part.format(at, again.format(at - 1) * 10) for at in range(1, levels)]
        inside = "".join([*reversed(parts), again.format(levels - 1)])
        return vector.check(SVG.replace("<path", f"{inside}<path").encode())

    assert drawn(3) == (600, 300)
    for levels in (6, 150):
        told = drawn(levels)
        assert isinstance(told, vector.Trouble)
        assert (told.code, told.message) == ("unsafe-svg", "an SVG with too much in it")


@pytest.mark.parametrize(
    "inside",
    [
        "<use id='a' href='#a'/>",
        "<g id='a'><g><use href='#a'/></g></g>",
        "<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g>",
        "<mask id='a'><rect mask='url(#a)'/></mask>",
        "<style>* { mask: url(#a) }</style><mask id='a'/>",
    ],
)
def test_an_svg_in_itself_is_told(inside: str) -> None:
    told = vector.check(SVG.replace("<path", f"{inside}<path").encode())
    assert isinstance(told, vector.Trouble)
    assert told.message == "an SVG that has itself in it"


def test_many_shapes_may_share_what_they_show() -> None:
    letters = "<symbol id='a'><path/></symbol>" + "<use href='#a'/>" * 10_000
    colors = "<linearGradient id='g'><stop/></linearGradient>" + "<path fill='url(#g)'/>" * 60_000
    styled = "<style>path, * { fill: url(#g); stroke: url(#nothing) }</style>"
    link = "<g id='b'><animate href='#b' attributeName='x'/><a href='#b'/></g>"
    text = SVG.replace("<path", f"{letters}{styled}{colors}{link}<path")
    assert vector.check(text.encode()) == (600, 300)


@given(
    st.lists(st.sampled_from([*HOSTILE, "&a;", "]]>", "<!--", "-->", "\0", "é", '"', "<", "/>"]))
)
def test_no_svg_is_too_strange_to_be_told(pieces: list[str]) -> None:
    told = vector.check(SVG.replace("<path", f"{''.join(pieces)}<path").encode())
    assert isinstance(told, vector.Trouble) or "<!--" in pieces or not set(pieces) & set(HOSTILE)


@given(st.binary(max_size=200))
def test_no_bytes_are_too_strange_to_be_told(data: bytes) -> None:
    vector.check(data)
    vector.check(SVG.encode()[:90] + data + SVG.encode()[90:])


# --- The folder ----------------------------------------------------------------------------


def codes(folder: Path) -> list[tuple[str, str]]:
    """Code and hint of every problem of the decks at a folder."""
    folders, problems = project.find(folder)
    found = [*problems, *compile_folders(folders, clock=Clock(1_700_000_000)).problems]
    return [(problem.code, problem.hint.replace(folder.as_posix(), "deck")) for problem in found]


def test_pictures_come_from_the_media_folder_and_its_folders(write: Write) -> None:
    folder = write(
        {
            "01.yaml": NODE,
            "02/b.yaml": CARD.replace("sentinel\n", "b\n").format("sub/Größe 1.gif"),
            "media/node.png": SAMPLES["png"],
            "media/sub/Gro\u0308ße 1.gif": SAMPLES["gif"],  # as macOS writes it
            "media/Thumbs.db": b"-",
            "media/.DS_Store": b"-",
            "media/desktop.ini": b"-",
            "media/.hidden/a.png": b"-",
        }
    )
    assert codes(folder) == []


def test_a_picture_beside_the_facts_is_to_be_moved(write: Write) -> None:
    folder = write({"sub/01.yaml": NODE, "sub/node.png": SAMPLES["png"]})
    assert codes(folder) == [("no-picture", "There is deck/sub/node.png. Move it to deck/media.")]


@pytest.mark.parametrize(
    ("path", "name", "hint"),
    [
        ("Media/node.png", "node.png", "Rename the folder Media to media."),
        ("images/node.png", "node.png", "Rename the folder images to media."),
        ("img/a/n.png", "a/n.png", "Rename the folder img to media."),
        (
            "Pictures/node.png",
            "Pictures/node.png",
            "Rename the folder Pictures to media, and write:  image: node.png",
        ),
        ("other/node.png", "other/node.png", "Move it to deck/media."),
    ],
)
def test_a_media_folder_of_another_name_is_to_be_renamed(
    write: Write, path: str, name: str, hint: str
) -> None:
    folder = write({"01.yaml": CARD.format(name), path: SAMPLES["png"]})
    if (folder / "media").exists():
        pytest.skip("the file system takes Media for media")
    assert codes(folder) == [("no-picture", f"There is deck/{path}. {hint}")]


def test_a_picture_in_a_folder_of_another_name_is_to_be_moved_where_there_is_media(
    write: Write,
) -> None:
    files: Files = {"images/node.png": SAMPLES["png"], "media/other.png": SAMPLES["png"]}
    folder = write({"01.yaml": NODE, **files})
    hint = "There is deck/images/node.png. Move it to deck/media."
    assert codes(folder) == [("no-picture", hint)]


def test_two_files_of_one_name_are_told(write: Write) -> None:
    twins: Files = {"media/e\u0301.png": SAMPLES["png"], "media/é.png": SAMPLES["another png"]}
    folder = write({"01.yaml": CARD.format("é.png"), **twins})
    if len(list((folder / "media").iterdir())) == 1:
        pytest.skip("the file system takes them for one")
    assert [code for code, _ in codes(folder)] == ["twin-pictures"]


def test_a_file_without_a_card_is_told_unless_an_error_may_hide_it(write: Write) -> None:
    files: Files = {"media/node.png": SAMPLES["png"], "media/old.txt": "notes"}
    assert [code for code, _ in codes(write({**files, "01.yaml": NODE}))] == ["unused-picture"]
    broken = NODE.replace("fact:", "fcat:")
    assert [code for code, _ in codes(write({**files, "01.yaml": broken}))] == ["unknown-kind"]


@posix
def test_links_and_what_is_no_file_are_told(write: Write) -> None:
    names = ["in.png", "out.png", "gone.png", "round.png", "pipe.png", "folder.png"]
    cards = "".join(CARD.replace("sentinel\n", f"{n[:-4]}\n").format(n)[7:] for n in names)
    folder = write(
        {"01.yaml": f"cards:\n{cards}", "shared.png": SAMPLES["png"], "../secret.png": b"secret"}
    )
    media = folder / "media"
    (media / "folder.png").mkdir(parents=True)
    (media / "in.png").symlink_to("../shared.png")
    (media / "out.png").symlink_to("../../secret.png")
    (media / "gone.png").symlink_to("nowhere.png")
    (media / "round.png").symlink_to("round.png")
    os.mkfifo(media / "pipe.png")
    found = [code for code, _ in codes(folder)]
    assert found == ["link-out", "broken-link", "broken-link", "unreadable", "no-picture"]


@posix
def test_no_link_is_followed_that_comes_while_a_picture_is_read(tmp_path: Path) -> None:
    (tmp_path / "deck/media/sub").mkdir(parents=True)
    (tmp_path / "deck/media/sub/a.png").write_bytes(b"inside")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/a.png").write_bytes(b"outside")
    (tmp_path / "deck/media/linked").symlink_to(tmp_path / "outside")
    (tmp_path / "deck/media/a.png").symlink_to(tmp_path / "outside/a.png")
    deck = tmp_path / "deck"
    assert read_below(deck, PurePath("media/sub/a.png"), 3) == b"ins"
    for name in ("media/linked/a.png", "media/a.png"):
        with pytest.raises(OSError, match=r"[Ll]ink|[Dd]irectory"):
            read_below(deck, PurePath(name), 100)


@posix
def test_a_linked_media_folder_is_told(write: Write) -> None:
    folder = write({"01.yaml": NODE, "../elsewhere/node.png": SAMPLES["png"]})
    (folder / "media").symlink_to("../elsewhere")
    assert "linked-folder" in [code for code, _ in codes(folder)]


def test_a_file_too_large_is_not_read_to_its_end(write: Write) -> None:
    folder = write({"01.yaml": NODE, "media/node.png": SAMPLES["png"] + bytes(10_000_000)})
    assert [code for code, _ in codes(folder)] == ["huge-picture"]


def test_the_commands_take_pictures(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write({"01.yaml": NODE, "media/node.png": SAMPLES["png"]})
    monkeypatch.chdir(folder.parent.parent)

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 0, done.output
        return done.output

    assert "1 note, 1 card, 1 picture" in run("build")
    with zipfile.ZipFile("dist/deck.apkg") as package:
        ((number, name),) = json.loads(package.read("media")).items()
        assert package.read(number) == SAMPLES["png"]
        assert "node" not in name
    write({"01.yaml": NODE, "media/node.png": SAMPLES["another png"]})
    assert "{+(another picture)+}" in run("diff")
    note = "*another picture:* A tumor with an arrow to a node"
    assert note in run("diff", "--format", "markdown")
    assert "1 changed" in run("rehearse", "--from", "dist/deck.apkg")
    write({"01.yaml": NODE.replace("  id: sentinel\n", "")})
    assert "1 id written (sentinel" in run("ids")


# --- The package ---------------------------------------------------------------------------


def test_the_same_picture_is_one_file_and_the_same_sources_give_the_same_bytes() -> None:
    cards = NODE + CARD.replace("sentinel\n", "b\n").format("copy.png")[7:]
    files: Files = {
        "a.yaml": cards,
        "media/node.png": SAMPLES["png"],
        "media/copy.png": SAMPLES["png"],
    }
    build = compiled(files)
    assert list(build.media.values()) == [SAMPLES["png"]]
    assert packed(build) == packed(compiled(files))
    with zipfile.ZipFile(io.BytesIO(packed(build))) as package:
        assert package.namelist() == ["collection.anki2", "media", "0"]


def test_a_note_changes_with_its_picture_and_with_nothing_else_of_it() -> None:
    drawn: Files = {"a.yaml": NODE, "media/node.png": SAMPLES["png"]}
    first = compiled(drawn)
    renamed: Files = {"a.yaml": CARD.format("n.png"), "media/n.png": SAMPLES["png"]}
    redrawn: Files = {"a.yaml": NODE, "media/node.png": SAMPLES["another png"]}
    later = 1_800_000_000
    assert compiled(renamed, first.lock, later).notes[0].modified == first.notes[0].modified
    assert compiled(redrawn, first.lock, later).notes[0].modified == later


def test_a_retired_note_keeps_its_picture_while_the_file_is_there() -> None:
    picture: Files = {"media/node.png": SAMPLES["png"]}
    other = "cards:\n- fact: The ==liver==.\n  id: liver\n"
    first = compiled({"a.yaml": NODE, "b.yaml": other, **picture})
    kept = compiled({"b.yaml": other, **picture}, first.lock)
    gone = compiled({"b.yaml": other}, first.lock)
    assert not kept.diagnostics
    assert kept.media == first.media
    assert gone.media == {}
    assert gone.notes[-1].retired
    assert [note.fields for note in kept.notes] == [note.fields for note in gone.notes]


@pytest.mark.parametrize("engine", ENGINES, ids=lambda python: Path(python).parts[-3])
def test_pictures_reach_learners_and_so_do_their_changes(engine: str, tmp_path: Path) -> None:
    forms = {
        "png.png": "png",
        "jpeg.jpg": "jpeg",
        "gif.gif": "gif",
        "webp.webp": "webp",
        "svg.svg": "svg",
    }
    cards = "".join(CARD.replace("sentinel\n", f"{s}\n").format(n)[7:] for n, s in forms.items())
    files: Files = {f"media/{name}": SAMPLES[sample] for name, sample in forms.items()}
    first = compiled({"a.yaml": f"cards:\n{cards}", **files}, clock=1_700_000_000)
    again = compiled({"a.yaml": f"cards:\n{cards}", **files}, first.lock, 1_700_100_000)
    files["media/png.png"] = SAMPLES["another png"]
    edited = compiled({"a.yaml": f"cards:\n{cards}", **files}, again.lock, 1_700_200_000)
    assert packed(again) == packed(first)
    logs: list[Action] = []
    found: list[dict[str, bytes]] = []
    for build in (first, again, edited):
        package = tmp_path / "deck.apkg"
        package.write_bytes(packed(build))
        at = build.notes[0].modified + 3600
        plan = [{"do": "import", "package": str(package), "at": at}, {"do": "check"}]
        ((log, check),) = play(engine, [{"collection": tmp_path / "learner", "actions": plan}])
        logs.append(log)
        held = tmp_path / "learner" / "collection.media"
        found.append({path.name: path.read_bytes() for path in held.iterdir()})
        assert faults(check) == []
    assert found == [first.media, first.media, {**first.media, **edited.media}]
    taken = [(len(log["new"]), len(log["duplicate"]), len(log["updated"])) for log in logs]
    assert taken == [(5, 0, 0), (0, 5, 0), (0, 4, 1)]
