"""The preview in a real browser: seen, by mouse, by keyboard, and beside an editor that saves."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from browsers import Browser, FloatRect, Locator, Page, chromium, expect
from conftest import Write, compiled
from metaflash.preview import page as pages
from metaflash.preview.catalog import Catalog, Exhibit
from metaflash.preview.server import Board, Server
from previews import preview

SITES = """\
topic: Sites
cards:
  - fact: The ==liver== is a site for cancers of the ==pancreas==.
    id: liver
    tags: [exam]

  - ask: Why must a tumor have blood?
    answer: To grow
    id: blood

  - term: Angiogenesis
    means: New vessels in a tumor
    id: angiogenesis
"""
STEPS = """\
topic: Steps
cards:
  - process: The cascade
    id: cascade
    steps:
      - shed: A cell is ==shed==
      - reach: It reaches a ==vessel==
"""
CARDS = 11

METAFLASH = (sys.executable, "-m", "metaflash")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    yield opened
    context.close()
    assert wrong == []


@pytest.fixture
def deck(write: Write) -> Path:
    return write({"01-sites.yaml": SITES, "02-steps.yaml": STEPS})


@pytest.fixture
def opened(page: Page, deck: Path) -> Iterator[Page]:
    with preview(deck) as address:
        page.goto(address)
        expect(side(page, "front")).to_contain_text("[blank]")
        yield page


def side(page: Page, name: str) -> Locator:
    """The text of a card's side, in its frame."""
    return page.frame_locator(f"#{name}").locator("body")


def rows(page: Page) -> list[str]:
    return [str(text) for text in page.locator("[role=option]").all_inner_texts()]


def row(page: Page, number: int) -> Locator:
    """A row of the list, counted from 1."""
    return page.locator("[role=option]").nth(number - 1)


def chosen(page: Page) -> Locator:
    return page.locator("[role=option][aria-selected=true]")


def box(found: Locator) -> FloatRect:
    """Where something is on the page, in pixels."""
    place = found.bounding_box()
    assert place
    return place


# --- Seen --------------------------------------------------------------------------------------


def test_every_card_is_listed_with_what_it_asks(opened: Page) -> None:
    expect(opened.locator("#count")).to_have_text(f"{CARDS} cards")
    texts = [text.replace("\n", " | ") for text in rows(opened)]
    assert len(texts) == CARDS
    assert texts[1] == ("… for cancers of the pancreas. | fact · blank 2")
    assert texts[3] == "Angiogenesis: New vessels in a tumor | term · asks for the term"
    assert texts[-2:] == [
        "It reaches a vessel | process · next · The cascade",
        "It reaches a vessel | process · before · The cascade",
    ]
    assert opened.locator("[role=option] b").all_inner_texts() == [
        "liver",
        "pancreas",
        "To grow",
        "Angiogenesis",
        "New vessels in a tumor",
        "shed",
        "vessel",
    ]
    assert opened.title() == "Metastasis – preview"


def test_a_card_is_shown_with_both_sides_and_where_it_is_written(opened: Page, deck: Path) -> None:
    row(opened, 2).click()
    expect(side(opened, "front")).to_contain_text("The liver is a site for cancers of the [blank].")
    expect(side(opened, "back")).to_contain_text("cancers of the pancreas.")
    facts = opened.locator("#facts")
    expect(opened.locator("#written")).to_contain_text(f"Written at {deck}/01-sites.yaml:3")
    expect(facts).to_contain_text("Deck Metastasis")
    expect(facts).to_contain_text("Topic Sites")
    expect(facts).to_contain_text("Metastasis::Sites exam")
    expect(opened.get_by_role("heading", name="Fact, blank 2")).to_be_visible()


def test_the_frame_is_the_document_that_anki_makes(opened: Page) -> None:
    body = side(opened, "front")
    expect(body).to_have_class("card card1")
    assert body.locator("#qa > article").count() == 1
    opened.keyboard.press("d")
    expect(body).to_have_class("card card1 nightMode night_mode")
    opened.keyboard.press("p")
    expect(opened.frame_locator("#front").locator("html")).to_have_class(
        "night-mode mobile android linux js"
    )
    assert 320 <= box(opened.locator("#front"))["width"] <= 375
    opened.keyboard.press("j")
    expect(side(opened, "front")).to_have_class("card card2 nightMode night_mode")


def test_where_it_is_written_can_be_copied(opened: Page, deck: Path) -> None:
    opened.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened.get_by_role("button", name="Copy").click()
    expect(opened.locator("#count")).to_contain_text("Copied")
    assert opened.evaluate("navigator.clipboard.readText()") == f"{deck}/01-sites.yaml:3"


def test_the_page_follows_the_system_until_it_is_told_otherwise(page: Page, write: Write) -> None:
    page.emulate_media(color_scheme="dark")
    with preview(write({"01.yaml": SITES})) as address:
        page.goto(address)
        expect(side(page, "front")).to_have_class("card card1 nightMode night_mode")
        page.emulate_media(color_scheme="light")
        expect(side(page, "front")).to_have_class("card card1")
        page.get_by_role("button", name="Dark").click()
        page.emulate_media(color_scheme="dark")
        page.emulate_media(color_scheme="light")
        expect(side(page, "front")).to_have_class("card card1 nightMode night_mode")


def png(side: int) -> bytes:
    """A picture: a black square."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    pixels = zlib.compress((b"\0" * (side + 1)) * side)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def test_pictures_and_formulas_are_seen(page: Page, tmp_path: Path) -> None:
    facts = SITES.replace("The ==liver==", "$x^2 < \\frac{a}{b}$ The ==liver==")
    built = compiled({"01.yaml": facts})
    first = built.notes[0]
    fields = tuple(
        text.replace("The {{c1", '<img alt="a > b" src="mf-1.png"><img src="x.png">The {{c1')
        for text in first.fields
    )
    built = built._replace(
        notes=(first._replace(fields=fields), *built.notes[1:]), media={"mf-1.png": png(40)}
    )
    catalog = Catalog((Exhibit(tmp_path, built),))
    static = tmp_path / "all.html"
    static.write_bytes(pages.static(catalog))
    with Server(Board(catalog)) as server:
        for address in (server.address, static.as_uri()):
            page.goto(address)
            expect(side(page, "front").locator("math mfrac")).to_have_count(1)
            expect(page.locator("#formulas")).to_be_visible()
            pictures = side(page, "front").locator("img")
            expect(pictures.nth(0)).to_have_js_property("naturalWidth", 40)
            expect(pictures.nth(1)).to_have_js_property("naturalWidth", 0)


def test_a_picture_of_the_teacher_is_seen_and_followed(opened: Page, deck: Path) -> None:
    (deck / "media").mkdir()
    (deck / "media" / "node.png").write_bytes(png(40))
    edit(
        deck,
        "01-sites.yaml",
        "    id: liver",
        "    id: liver\n    image: node.png\n    alt: A node",
    )
    picture = side(opened, "front").get_by_alt_text("A node")
    expect(picture).to_have_js_property("naturalWidth", 40)
    (deck / "media" / "node.png").write_bytes(png(60))
    expect(picture).to_have_js_property("naturalWidth", 60)
    (deck / "media" / "node.png").unlink()
    expect(opened.locator("#problems")).to_contain_text("node.png")
    expect(picture).to_have_js_property("naturalWidth", 60)


def test_pictures_are_kept_no_longer_than_their_card_is_shown(page: Page, tmp_path: Path) -> None:
    picture = "    image: node.png\n    alt: A node\n"
    facts = SITES.replace("    id: liver\n", f"    id: liver\n{picture}")
    built = compiled({"01.yaml": facts, "media/node.png": png(40)})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with Server(Board(Catalog((Exhibit(tmp_path, built),)))) as server:
        page.goto(server.address)
        for at, times in ((1, 1), (2, 1), (3, 1), (1, 2)):
            row(page, at).click()
            seen = side(page, "front").get_by_alt_text("A node")
            expect(seen).to_have_count(0 if at == 3 else 1)
            if at != 3:
                expect(seen).to_have_js_property("naturalWidth", 40)
            assert len([url for url in asked if "/media/" in url]) == times


def test_a_formula_that_stays_tex_is_told(page: Page, tmp_path: Path) -> None:
    built = compiled({"01.yaml": SITES.replace("To grow", "$\\class{a}{x}$")})
    with Server(Board(Catalog((Exhibit(tmp_path, built),)))) as server:
        page.goto(server.address)
        row(page, 3).click()
        expect(side(page, "back")).to_contain_text("\\class{a}{x}")
        expect(page.locator("#formulas")).to_contain_text("some stay TeX")
        row(page, 4).click()
        expect(side(page, "back")).to_contain_text("Angiogenesis")
        expect(page.locator("#formulas")).to_be_hidden()


# --- By keyboard and by mouse ------------------------------------------------------------------


def test_letters_and_arrows_go_through_the_cards(opened: Page) -> None:
    for key, number in [("j", 1), ("j", 2), ("k", 1), ("ArrowDown", 2), ("ArrowUp", 1)]:
        opened.keyboard.press(key)
        expect(chosen(opened)).to_have_attribute("aria-posinset", str(number + 1))
    opened.locator("#list").focus()
    for key, number in [("End", CARDS), ("j", CARDS), ("Home", 1), ("k", 1)]:
        opened.keyboard.press(key)
        expect(chosen(opened)).to_have_attribute("aria-posinset", str(number))
    opened.keyboard.press("PageDown")
    expect(chosen(opened)).not_to_have_attribute("aria-posinset", re.compile("^[12]$"))
    opened.keyboard.press("PageUp")
    opened.get_by_role("button", name="Next").click()
    expect(chosen(opened)).to_have_attribute("aria-posinset", "2")
    opened.get_by_role("button", name="Previous").click()
    expect(chosen(opened)).to_have_attribute("aria-posinset", "1")
    row = opened.locator("#list").get_attribute("aria-activedescendant")
    assert chosen(opened).get_attribute("id") == row


def test_a_click_into_a_card_leaves_the_keys_working(opened: Page) -> None:
    side(opened, "front").click()
    expect(opened.locator("#list")).to_be_focused()
    opened.keyboard.press("j")
    expect(chosen(opened)).to_have_attribute("aria-posinset", "2")


def test_a_long_card_is_scrolled_by_keys(opened: Page, deck: Path) -> None:
    long = " ".join(["And more."] * 900)
    edit(deck, "01-sites.yaml", "    id: liver", f"    extra: {long}\n    id: liver")
    expect(side(opened, "back")).to_contain_text(long)
    source = opened.frame_locator("#back").locator(".source")
    expect(source).not_to_be_in_viewport()
    opened.keyboard.press("b")
    opened.wait_for_timeout(100)
    assert opened.evaluate("document.activeElement.id") == "back"
    opened.keyboard.press("End")
    expect(source).to_be_in_viewport()
    opened.keyboard.press("Shift+Tab")
    assert opened.evaluate("document.activeElement.id") != "back"


def test_the_filter_takes_words_from_everywhere(opened: Page) -> None:
    opened.keyboard.press("/")
    for words, count in [
        ("pancreas", "2 of 11"),
        ("PANCREAS liver", "2 of 11"),
        ("exam", "2 of 11"),
        ("cascade/reach", "3 of 11"),
        ("02-steps", "6 of 11"),
        ("the cascade next", "2 of 11"),
        ("term", "2 of 11"),
    ]:
        opened.locator("#words").fill(words)
        expect(opened.locator("#count")).to_have_text(f"{count} cards")
    opened.locator("#words").fill("nothing like that")
    expect(opened.get_by_text("No card is like that.")).to_be_visible()
    expect(opened.locator("#pane")).to_be_hidden()
    opened.keyboard.press("Escape")
    expect(opened.locator("#count")).to_have_text("11 cards")
    expect(opened.locator("#list")).to_be_focused()
    expect(side(opened, "front")).to_be_visible()
    opened.locator("#words").fill("nothing like that")
    opened.get_by_role("button", name="Show all cards").click()
    expect(opened.locator("#count")).to_have_text("11 cards")
    opened.locator("#words").fill("vessel")
    opened.locator("#list").focus()
    opened.keyboard.press("Escape")
    expect(opened.locator("#count")).to_have_text("11 cards")


def test_a_formula_is_found_as_one_would_type_it(opened: Page, deck: Path) -> None:
    edit(deck, "01-sites.yaml", "To grow", "It needs $6\\,CO_2 \\rightarrow \\text{Ca}^{2+}$")
    for words in ("CO2", "6 co2 → ca", "ca2+"):
        opened.locator("#words").fill(words)
        expect(opened.locator("#count")).to_have_text("1 of 11 cards")
    expect(row(opened, 1)).to_contain_text("It needs 6 CO2 → Ca^2+")


def test_topic_kind_and_tag_narrow_it_down(opened: Page) -> None:
    opened.get_by_label("Topic").select_option("Steps")
    expect(opened.locator("#count")).to_have_text("6 of 11 cards")
    expect(side(opened, "front")).to_contain_text("A cell is [blank]")
    opened.get_by_role("button", name="Clear all").click()
    opened.get_by_label("Kind").select_option("term")
    expect(opened.locator("#count")).to_have_text("2 of 11 cards")
    opened.get_by_label("Kind").select_option("")
    opened.get_by_label("Tag").select_option("exam")
    expect(opened.locator("#count")).to_have_text("2 of 11 cards")
    expect(opened.get_by_role("checkbox", name="Changed")).to_be_disabled()
    expect(opened.locator("#deck-choice")).to_be_hidden()


def test_all_that_was_chosen_survives_a_reload(opened: Page) -> None:
    opened.get_by_label("Topic").select_option("Steps")
    for key in ("j", "j", "d", "p"):
        opened.keyboard.press("Escape") if key == "j" else None
        opened.locator("#list").press(key)
    before = chosen(opened).inner_text()
    opened.reload()
    expect(chosen(opened)).to_have_text(before, use_inner_text=True)
    expect(opened.locator("#count")).to_have_text("6 of 11 cards")
    expect(opened.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    expect(opened.get_by_role("button", name="Phone")).to_have_attribute("aria-pressed", "true")


def test_the_keys_are_told_on_the_page_and_can_be_put_off(opened: Page) -> None:
    opened.keyboard.press("?")
    dialog = opened.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("phone or desktop")
    dialog.get_by_label("Letters are keys").uncheck()
    opened.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    opened.keyboard.press("d")
    expect(opened.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "false")
    opened.keyboard.press("ArrowDown")
    expect(chosen(opened)).to_have_attribute("aria-posinset", "2")
    opened.get_by_role("button", name="Keys").click()
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


# --- Beside an editor ----------------------------------------------------------------------------


def edit(deck: Path, name: str, old: str, new: str) -> None:
    path = deck / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_save_is_seen_at_once_and_the_place_is_kept(opened: Page, deck: Path) -> None:
    facts = "".join(
        f"  - ask: Question {i}?\n    answer: Yes {i}\n    id: q{i}\n" for i in range(99)
    )
    (deck / "03-more.yaml").write_text(f"topic: More\ncards:\n{facts}", "utf-8")
    expect(opened.locator("#count")).to_have_text("110 cards")
    opened.locator("#list").press("End")
    opened.keyboard.press("k")
    opened.evaluate("document.getElementById('list').scrollTop -= 100")
    expect(side(opened, "front")).to_contain_text("Question 97?")
    top = box(chosen(opened))["y"]
    edit(deck, "03-more.yaml", "Question 97?", "What is number 97?")
    expect(side(opened, "front")).to_contain_text("What is number 97?")
    edit(
        deck,
        "01-sites.yaml",
        "  - ask: Why",
        "  - ask: New?\n    answer: Yes\n    id: new\n  - ask: Why",
    )
    expect(opened.locator("#count")).to_have_text("111 cards")
    expect(side(opened, "front")).to_contain_text("What is number 97?")
    assert box(chosen(opened))["y"] == top


def test_a_filter_stays_through_a_save_and_the_next_card_takes_the_place_of_one_that_is_gone(
    opened: Page, deck: Path
) -> None:
    opened.get_by_label("Topic").select_option("Sites")
    opened.locator("#list").press("j")
    opened.keyboard.press("j")
    expect(side(opened, "front")).to_contain_text("Why must a tumor have blood?")
    edit(deck, "01-sites.yaml", SITES[SITES.index("  - ask") : SITES.index("  - term")], "")
    expect(opened.locator("#count")).to_have_text("4 of 10 cards")
    expect(side(opened, "front")).to_contain_text("New vessels in a tumor")
    expect(chosen(opened)).to_have_attribute("aria-posinset", "3")


def test_a_broken_save_shows_its_problems_and_the_last_good_cards(opened: Page, deck: Path) -> None:
    edit(deck, "01-sites.yaml", "    answer: To grow", "    anwser: To grow")
    notice = opened.locator("#notice")
    expect(notice).to_contain_text("in this save. Of 01-sites.yaml you see the last good one.")
    problems = opened.get_by_role("region", name="Problems")
    expect(problems).to_contain_text("unknown-key")
    expect(problems).to_contain_text(f"{deck}/01-sites.yaml:8:5")
    expect(problems.locator("pre").first).to_have_text(
        re.compile(r"8 \|     anwser: To grow\s+\|     \^{6}")
    )
    expect(opened.locator("#count")).to_have_text("11 cards")
    opened.keyboard.press("j")
    expect(side(opened, "front")).to_contain_text("cancers of the [blank].")
    edit(deck, "01-sites.yaml", "    anwser: To grow", "    answer: To live")
    expect(notice).to_be_empty()
    expect(problems).to_be_hidden()
    expect(opened.locator("#problems-button")).to_be_hidden()
    opened.keyboard.press("j")
    expect(side(opened, "back")).to_contain_text("To live")


def test_a_deck_that_was_never_good_shows_its_problems_only(page: Page, write: Write) -> None:
    deck = write({"01.yaml": SITES.replace("answer:", "anwser:")})
    with preview(deck) as address:
        page.goto(address)
        expect(page.locator("#notice")).to_contain_text("There are no cards to show")
        expect(page.get_by_role("region", name="Problems")).to_contain_text("unknown-key")
        expect(page.get_by_text("No cards yet.")).to_be_visible()
        edit(deck, "01.yaml", "anwser:", "answer:")
        expect(side(page, "front")).to_contain_text("[blank]")
        expect(page.locator("#notice")).to_be_empty()


def test_a_card_without_an_id_is_seen_at_once(opened: Page, deck: Path) -> None:
    edit(
        deck, "01-sites.yaml", "  - term:", "  - ask: What feeds it?\n    answer: Blood\n  - term:"
    )
    edit(deck, "02-steps.yaml", "- reach: It", "- It")
    expect(opened.locator("#count")).to_have_text("12 cards")
    expect(opened.locator("#notice")).to_be_empty()
    expect(opened.locator("#problems-button")).to_contain_text("2 warnings")
    opened.keyboard.press("e")
    problems = opened.get_by_role("region", name="Problems")
    expect(problems).to_contain_text("`ask` without an id")
    expect(problems).to_contain_text(f"{deck}/01-sites.yaml:11:5")
    expect(problems).to_contain_text("a step without an id")
    expect(problems.locator("p code", has_text="metaflash ids")).to_have_count(2)
    opened.locator("#words").fill("feeds")
    expect(side(opened, "back")).to_contain_text("Blood")
    expect(opened.locator("#place")).to_have_text(f"{deck}/01-sites.yaml:11")
    subprocess.run([*METAFLASH, "ids", str(deck)], check=True, capture_output=True)
    expect(opened.locator("#problems-button")).to_be_hidden()
    expect(opened.locator("#count")).to_have_text("1 of 12 cards")
    expect(side(opened, "back")).to_contain_text("Blood")


def test_what_a_save_added_or_changed_is_a_key_away(opened: Page, deck: Path) -> None:
    news = opened.locator("#news")
    expect(news).to_be_hidden()
    new = "  - ask: What feeds it?\n    answer: Blood\n"
    (deck / "03-new.yaml").write_text(f"cards:\n{new}", "utf-8")
    expect(news).to_have_text("1 new note: go there n")
    expect(side(opened, "front")).to_contain_text("[blank] is a site")
    opened.locator("#words").fill("vessel")
    opened.keyboard.press("Escape")
    opened.keyboard.press("n")
    expect(side(opened, "front")).to_contain_text("What feeds it?")
    expect(news).to_be_hidden()
    edit(deck, "03-new.yaml", "Blood", "Fresh blood")
    expect(side(opened, "back")).to_contain_text("Fresh blood")
    expect(news).to_be_hidden()  # it is in sight
    edit(deck, "02-steps.yaml", "A cell is", "A single cell is")
    expect(news).to_have_text("1 changed note: go there n")
    opened.locator("#words").fill("pancreas")  # which hides it
    news.click()
    expect(side(opened, "front")).to_contain_text("A single cell is")
    expect(opened.locator("#words")).to_have_value("")
    text = (deck / "01-sites.yaml").read_text("utf-8")
    text = text.replace("To grow", "To live").replace("New vessels", "Young vessels")
    (deck / "01-sites.yaml").write_text(text, "utf-8")
    expect(news).to_have_text("2 changed notes: go to the first n")
    opened.locator("#list").press("n")
    expect(side(opened, "back")).to_contain_text("To live")
    expect(news).to_have_text("1 more: go to the next n")
    opened.keyboard.press("n")
    expect(side(opened, "back")).to_contain_text("Young vessels")


def test_a_file_with_errors_keeps_only_itself_back(opened: Page, deck: Path) -> None:
    edit(deck, "01-sites.yaml", "    answer: To grow", "    anwser: To live")
    edit(deck, "02-steps.yaml", "A cell is", "A single cell is")
    (deck / "03-new.yaml").write_text("cards:\n  - ask: Unanswered?\n", "utf-8")
    expect(opened.locator("#notice")).to_contain_text(
        "Of 01-sites.yaml you see the last good one. The cards of 03-new.yaml are left out until"
    )
    expect(opened.locator("#count")).to_have_text("11 cards")
    opened.locator("#words").fill("single")
    expect(side(opened, "front")).to_contain_text("A single cell is")
    opened.locator("#words").fill("to grow")
    expect(side(opened, "back")).to_contain_text("To grow")


def test_a_warning_about_reviews_opens_by_itself(opened: Page, deck: Path) -> None:
    command = [*METAFLASH, "build", str(deck), "-o", str(deck.parent / "d")]
    subprocess.run(command, check=True, capture_output=True)
    edit(deck, "01-sites.yaml", "    id: liver\n", "")
    edit(deck, "01-sites.yaml", "    id: blood", "    id: why-blood")
    problems = opened.get_by_role("region", name="Problems")
    expect(problems).to_contain_text("`why-blood` is new, and `blood`, with the same words")
    expect(opened.locator("#notice")).to_contain_text("about the reviews of learners")
    expect(problems.locator(".code").first).to_have_text("renamed")  # ahead of lesser ones
    expect(problems.locator("p code", has_text="was: blood")).to_be_visible()
    opened.keyboard.press("e")
    expect(problems).to_be_hidden()
    edit(deck, "02-steps.yaml", "A cell is", "A single cell is")
    expect(opened.locator("#news")).to_be_visible()
    expect(problems).to_be_hidden()  # it was read


def test_every_way_to_save_is_seen(opened: Page, deck: Path) -> None:
    count = opened.locator("#count")
    new = deck / "sub" / "03.yaml"
    new.parent.mkdir()
    new.write_text("cards:\n  - ask: A?\n    answer: B\n    id: a\n", "utf-8")
    expect(count).to_have_text("12 cards")
    aside = deck / "sub" / ".03.yaml.swp"  # an editor that writes aside and renames
    aside.write_text(
        "cards:\n  - ask: C?\n    answer: D\n    id: c\n  - ask: E?\n    answer: F\n    id: e\n"
    )
    aside.rename(new)
    expect(count).to_have_text("13 cards")
    shutil.rmtree(new.parent)
    expect(count).to_have_text("11 cards")
    (deck / "deck.yaml").rename(deck / "deck.bak")
    expect(opened.locator("#problems")).to_contain_text("no-deck")
    expect(count).to_have_text("11 cards")
    (deck / "deck.bak").rename(deck / "deck.yaml")
    expect(opened.locator("#notice")).to_be_empty()


def test_a_folder_that_goes_is_a_problem_until_it_is_back(opened: Page, deck: Path) -> None:
    away = deck.with_name("away")
    deck.rename(away)
    expect(opened.locator("#problems")).to_contain_text("a folder that cannot be read")
    expect(opened.locator("#count")).to_have_text("11 cards")
    edit(away, "01-sites.yaml", "To grow", "To live")
    away.rename(deck)
    expect(opened.locator("#notice")).to_be_empty()
    opened.locator("#words").fill("to live")
    expect(opened.locator("#count")).to_have_text("1 of 11 cards")
    edit(deck, "01-sites.yaml", "To live", "To thrive")
    opened.locator("#words").fill("to thrive")
    expect(opened.locator("#count")).to_have_text("1 of 11 cards")


def test_what_changed_since_the_last_build_is_marked(opened: Page, deck: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "metaflash", "build", deck, "-o", deck.parent / "d"],
        check=True,
        capture_output=True,
    )
    expect(opened.get_by_role("checkbox", name="Changed")).to_be_enabled()
    edit(deck, "01-sites.yaml", "cancers of the", "tumors of the")
    edit(deck, "01-sites.yaml", SITES[SITES.index("  - term") :], "")
    opened.get_by_role("checkbox", name="Changed").check()
    expect(opened.locator("#count")).to_have_text("3 of 10 cards")
    expect(opened.locator("#changes")).to_have_text(
        "Text: The ==liver== is a site for cancers tumors of the ==pancreas==. "
    )
    expect(opened.locator("#changes ins")).to_have_text("tumors")
    expect(opened.locator("#changes del")).to_have_text("cancers")
    marks = opened.locator(".mark").all_inner_texts()
    assert marks == ["changed", "changed", "retired"]
    row(opened, 3).click()
    expect(side(opened, "front")).to_contain_text("Retired")
    assert not [path for path in deck.rglob("*") if path.suffix == ".new"]


def test_the_preview_writes_nothing(opened: Page, deck: Path) -> None:
    edit(deck, "01-sites.yaml", "To grow", "To live")
    opened.locator("#words").fill("to live")
    expect(opened.locator("#count")).to_have_text("1 of 11 cards")
    assert sorted(path.name for path in deck.iterdir()) == [
        "01-sites.yaml",
        "02-steps.yaml",
        "deck.yaml",
    ]


def test_a_preview_that_has_ended_says_so(page: Page, deck: Path) -> None:
    with preview(deck) as address:
        page.goto(address)
        expect(side(page, "front")).to_contain_text("[blank]")
    expect(page.locator("#notice")).to_contain_text("The preview has ended.")
    expect(side(page, "front")).to_contain_text("[blank]")
    page.keyboard.press("j")
    expect(chosen(page)).to_contain_text("blank 2")
    expect(page.locator("#pane")).to_be_hidden()  # no other card may seem to be this one
    page.keyboard.press("d")
    expect(page.locator("#pane")).to_be_hidden()
    page.keyboard.press("k")
    expect(page.locator("#pane")).to_be_visible()
    expect(page.get_by_role("heading", name="Fact, blank 1")).to_be_visible()
    expect(side(page, "front")).to_contain_text("[blank] is a site")


def test_any_number_of_tabs_follows(opened: Page, deck: Path) -> None:
    tabs = [opened]
    for _ in range(8):  # more than a browser has connections for
        tabs.append(opened.context.new_page())
        tabs[-1].goto(opened.url)
    for word in ("exist", "thrive"):
        edit(deck, "01-sites.yaml", "    answer: To", f"    answer: To {word},")
        for tab in tabs:
            tab.locator("#words").fill(word)
            expect(tab.locator("#count")).to_have_text("1 of 11 cards")
            expect(side(tab, "back")).to_contain_text(f"To {word}")
        tabs.pop(0).close()  # the one that listened; another one has to


def test_each_tab_says_that_the_preview_has_ended(page: Page, deck: Path) -> None:
    with preview(deck) as address:
        tabs = [page, page.context.new_page(), page.context.new_page()]
        for tab in tabs:
            tab.goto(address)
            expect(side(tab, "front")).to_contain_text("[blank]")
    for tab in tabs:
        expect(tab.locator("#notice")).to_contain_text("The preview has ended.")


def test_several_decks_are_shown_together(page: Page, write: Write) -> None:
    one = write({"01.yaml": SITES})
    other = one.with_name("other")
    other.mkdir()
    (other / "deck.yaml").write_text("deck: Other\nid: other-1\nsource: x\n", "utf-8")
    (other / "01.yaml").write_text(STEPS, "utf-8")
    with preview(one.parent) as address:
        page.goto(address)
        expect(page.locator("#name")).to_have_text("Metastasis, Other")
        page.get_by_label("Deck").select_option("Other")
        expect(page.locator("#count")).to_have_text("6 of 11 cards")
        edit(other, "01.yaml", "process:", "proces:")
        edit(one, "01.yaml", "To grow", "To live")
        page.get_by_label("Deck").select_option("")
        page.locator("#words").fill("to live")
        expect(page.locator("#count")).to_have_text(
            "1 of 11 cards"
        )  # one deck's mistake is its own


def test_of_two_decks_with_one_id_each_shows_its_own_card(page: Page, write: Write) -> None:
    one = write({"01.yaml": SITES})
    other = one.with_name("other")
    shutil.copytree(one, other)
    edit(other, "01.yaml", "To grow", "To live")
    with preview(one.parent) as address:
        page.goto(address)
        expect(page.locator("#problems")).to_contain_text("repeated-deck-id")
        row(page, 3).click()
        expect(side(page, "back")).to_contain_text("To grow")
        row(page, 8).click()
        expect(side(page, "back")).to_contain_text("To live")


# --- Large, static, for everyone ----------------------------------------------------------------


def test_ten_thousand_notes(page: Page, tmp_path: Path) -> None:
    facts = "".join(
        f"  - fact: Fact ==a{i}== and ==b{i}== and ==c{i}== of {i}.\n    id: f{i}\n"
        for i in range(10_000)
    )
    catalog = Catalog((Exhibit(tmp_path, compiled({"01.yaml": f"topic: T\ncards:\n{facts}"})),))
    with Server(Board(catalog)) as server:
        page.goto(server.address)
        expect(page.locator("#count")).to_have_text("30,000 cards")
        assert len(rows(page)) < 50
        page.locator("#list").press("End")
        expect(side(page, "front")).to_contain_text("and [blank] of 9999.")
        expect(chosen(page)).to_be_in_viewport()
        page.locator("#words").press_sequentially("c777")
        expect(page.locator("#count")).to_have_text("33 of 30,000 cards")


def test_the_static_file_needs_nothing(browser: Browser, deck: Path, tmp_path: Path) -> None:
    out = tmp_path / "review.html"
    command = [*METAFLASH, "preview", str(deck), "--static", str(out)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout == f"{out}: 11 cards\n"
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page.goto(out.as_uri())
    expect(page.locator("#count")).to_have_text("11 cards")
    page.keyboard.press("j")
    expect(side(page, "front")).to_contain_text("cancers of the [blank].")
    page.locator("#words").fill("vessel")
    expect(page.locator("#count")).to_have_text("5 of 11 cards")
    assert {url for url in asked if not url.startswith(("data:", "about:"))} == {out.as_uri()}
    page.emulate_media(media="print")
    expect(page.locator("nav")).to_be_hidden()
    expect(side(page, "front")).to_be_visible()
    context.close()


def test_with_errors_no_static_file_is_written(deck: Path, tmp_path: Path) -> None:
    edit(deck, "01-sites.yaml", "answer:", "anwser:")
    out = tmp_path / "review.html"
    command = [*METAFLASH, "preview", str(deck), "--static", str(out)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "nothing was written" in done.stdout
    assert not out.exists()


def broken(page: Page, deck: Path) -> None:
    edit(deck, "01-sites.yaml", "answer:", "anwser:")
    expect(page.locator("#problems")).to_be_visible()


def broken_by_night(page: Page, deck: Path) -> None:
    page.keyboard.press("d")
    broken(page, deck)


def added(page: Page, deck: Path) -> None:
    edit(deck, "02-steps.yaml", "- reach: It", "- It")
    page.keyboard.press("e")
    expect(page.locator("#news")).to_be_visible()


STATES: dict[str, Callable[[Page, Path], None]] = {
    "light": lambda page, _: page.keyboard.press("Escape"),
    "dark": lambda page, _: page.keyboard.press("d"),
    "phone": lambda page, _: page.keyboard.press("p"),
    "help": lambda page, _: page.keyboard.press("?"),
    "nothing found": lambda page, _: page.locator("#words").fill("nothing like that"),
    "narrow": lambda page, _: page.set_viewport_size({"width": 320, "height": 700}),
    "something new": added,
    "problems": broken,
    "problems by night": broken_by_night,
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(opened: Page, deck: Path, state: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    STATES[state](opened, deck)
    found = axe.run(opened)
    assert found.violations_count == 0, found.generate_report()


def test_a_phone_brings_the_card_that_was_tapped_into_view(opened: Page) -> None:
    opened.set_viewport_size({"width": 390, "height": 800})
    expect(opened.get_by_label("Topic")).to_be_hidden()
    row(opened, 3).click()
    front = opened.locator("#front")
    expect(front).to_be_in_viewport(ratio=1)
    expect(side(opened, "front")).to_contain_text("Why must a tumor have blood?")
    opened.get_by_role("button", name="Next").click()
    expect(side(opened, "front")).to_contain_text("New vessels")
    expect(front).to_be_in_viewport(ratio=1)
    opened.get_by_role("button", name="List").click()
    expect(chosen(opened)).to_be_in_viewport()
    opened.get_by_role("button", name="More filters").click()
    opened.get_by_label("Topic").select_option("Steps")
    expect(opened.locator("#count")).to_have_text("6 of 11 cards")


def test_a_phone_fits_into_the_window(opened: Page) -> None:
    opened.keyboard.press("p")
    for height in (700, 800, 1000):
        opened.set_viewport_size({"width": 1280, "height": height})
        frame = box(opened.locator("#back"))
        assert frame["y"] + frame["height"] <= height


def test_nothing_is_cut_off_on_a_narrow_page(opened: Page) -> None:
    opened.set_viewport_size({"width": 320, "height": 640})
    wide = "document.scrollingElement.scrollWidth <= innerWidth"
    assert opened.evaluate(wide)
    opened.keyboard.press("p")
    assert opened.evaluate(wide)
    expect(side(opened, "front")).to_contain_text("[blank]")
