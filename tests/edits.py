"""The table of edits: what a teacher does to a deck from one release to the next.

Every case is told by its title, its releases, and what a learner who has had each of them finds
after the next. An answer that is not named stays as it was, letter by letter; a card that is not
named as new does not come; one that is not named as gone is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import NamedTuple, TypeAlias

from image_files import SAMPLES

Numbers: TypeAlias = Mapping[str, Mapping[int, str]]
"""Answers by note and number; a note goes by its first id."""

DECK = """\
deck: Metastasis
id: metastasis-k3f9
source: Study notes
"""

BYSTANDERS = """\
cards:
- fact: Cancers of the ==breast== can spread to the ==brain==.
  id: breast-brain
- ask: What kills most people who have cancer?
  answer: Metastases
  id: killer
"""
"""Two facts in a file of their own, which most edits do not touch."""


class Release(NamedTuple):
    """A deck as it is released, and what a learner of the release before finds in it.

    ``same`` are the answers that read otherwise now: the one before and the one of this release.
    ``new`` are the answers of the cards that come with it, ``gone`` the cards that are not asked
    any more in it, whenever that was. ``warns`` are the codes of what the teacher is told;
    ``style`` is added to the style sheet; ``forget`` leaves out what is retired.
    """

    files: Mapping[str, str | bytes]
    same: Mapping[str, Mapping[int, tuple[str, str]]]
    new: Numbers
    gone: Mapping[str, tuple[int, ...]]
    warns: tuple[str, ...] = ()
    style: str = ""
    forget: bool = False


class Case(NamedTuple):
    """A first release and those that follow it."""

    title: str
    releases: tuple[Release, ...]


Text: TypeAlias = str | Mapping[str, str | bytes]
"""The cards of one file, or files by name beside the usual ones."""


def files(text: Text) -> dict[str, str | bytes]:
    """All files of a deck."""
    own = {"01.yaml": text} if isinstance(text, str) else dict(text)
    return {"deck.yaml": DECK, **{name: _whole(own[name]) for name in own}} | _bystanders(own)


def _whole(text: str | bytes) -> str | bytes:
    return f"cards:\n{text}" if isinstance(text, str) and text.startswith("- ") else text


def _bystanders(own: Mapping[str, str | bytes]) -> dict[str, str]:
    return {} if "90.yaml" in own else {"90.yaml": BYSTANDERS}


def after(
    text: Text,
    *,
    same: Mapping[str, Mapping[int, tuple[str, str]]] | None = None,
    new: Numbers | None = None,
    gone: Mapping[str, tuple[int, ...]] | None = None,
    warns: tuple[str, ...] = (),
    style: str = "",
) -> Release:
    """A release with what it brings."""
    return Release(files(text), same or {}, new or {}, gone or {}, warns, style)


CASES: list[Case] = []


def case(title: str, first: Text, *later: Release) -> None:
    """A line of the table."""
    CASES.append(Case(title, (after(first), *later)))


# --- Words ---------------------------------------------------------------------------------

SITES = """\
- fact: The ==liver==, the ==lung== and ==bone== are common sites.
  id: sites
"""
PORTAL = """\
- fact: Cancers of the GI tract spread through the ==portal vein== to the ==liver==.
  id: portal
"""

case("nothing is changed at all", SITES, after(SITES))

case(
    "only the writing of the file is changed",
    SITES + "- ask: Why?\n  answer: Because\n  id: why\n",
    after(
        "# Sites\r\ncards:\r\n"
        "  - id: sites\r\n"
        "    fact: >-\r\n"
        "      The ==liver==,\r\n"
        "      the ==lung== and ==bone== are common sites.  # all three\r\n"
        "\r\n"
        "  - 'ask': \"Why?\"\r\n"
        "    answer: 'Because'\r\n"
        "    id: why\r\n",
    ),
)

case(
    "a sentence is reworded around its blanks",
    SITES,
    after("- fact: Common sites of spread are ==liver==, ==lung== and ==bone==.\n  id: sites\n"),
)

case(
    "a blank is reworded",
    SITES,
    after(
        "- fact: The ==liver==, the ==lung== and ==the skeleton== are common sites.\n  id: sites\n",
        same={"sites": {3: ("bone", "the skeleton")}},
    ),
)

case(
    "the case of a blank and the punctuation beside it are changed",
    PORTAL,
    after(
        "- fact: ==Portal vein==! Through it GI cancers spread to the ==Liver==\n  id: portal\n",
        same={"portal": {1: ("portal vein", "Portal vein"), 2: ("liver", "Liver")}},
    ),
)

case(
    "two blanks are reworded, each in its place",
    "- fact: Malignant cells enter ==blood== channels and then ==lymph== channels.\n"
    "  id: channels\n",
    after(
        "- fact: Malignant cells enter ==vascular== channels and then ==lymphatic== channels.\n"
        "  id: channels\n",
        same={"channels": {1: ("blood", "vascular"), 2: ("lymph", "lymphatic")}},
    ),
)

case(
    "the only blank is reworded in a sentence written anew",
    "- fact: Prostate cancer can spread to ==bone==.\n  id: prostate\n",
    after(
        "- fact: The ==skeleton== is what prostate cancer often spreads to.\n  id: prostate\n",
        same={"prostate": {1: ("bone", "skeleton")}},
    ),
)

case(
    "a blank gets emphasis and a formula",
    PORTAL,
    after(
        "- fact: Cancers of the GI tract spread through the ==portal *vein*== to the ==liver==,"
        " $x^2$.\n  id: portal\n"
    ),
)

# --- Blanks --------------------------------------------------------------------------------

case(
    "a blank is moved to the front",
    SITES,
    after("- fact: ==bone==, ==liver== and ==lung== are common sites.\n  id: sites\n"),
)

case(
    "two blanks are swapped",
    PORTAL,
    after(
        "- fact: The ==liver== is where cancers of the GI tract spread to through the"
        " ==portal vein==.\n  id: portal\n"
    ),
)

case(
    "a blank is inserted in front",
    PORTAL,
    after(
        "- fact: Cancers of the ==GI tract== spread through the ==portal vein== to the ==liver==.\n"
        "  id: portal\n",
        new={"portal": {3: "GI tract"}},
    ),
)

case(
    "a blank is inserted in the middle",
    PORTAL,
    after(
        "- fact: Cancers of the GI tract spread through the ==portal vein== to the ==sinusoids== of"
        " the ==liver==.\n  id: portal\n",
        new={"portal": {3: "sinusoids"}},
    ),
)

case(
    "a blank is inserted at the end",
    PORTAL,
    after(
        "- fact: Cancers of the GI tract spread through the ==portal vein== to the ==liver==, then"
        " the ==lung==.\n  id: portal\n",
        new={"portal": {3: "lung"}},
    ),
)

case(
    "a blank is made plain text",
    SITES,
    after(
        "- fact: The liver, the ==lung== and ==bone== are common sites.\n  id: sites\n",
        gone={"sites": (1,)},
    ),
)

case(
    "a blank is taken out with its words",
    SITES,
    after(
        "- fact: The ==liver== and ==bone== are common sites.\n  id: sites\n", gone={"sites": (2,)}
    ),
)

case(
    "another word is blanked",
    "- fact: Prostate cancer can spread to ==bone==.\n  id: prostate\n",
    after(
        "- fact: ==Prostate== cancer can spread to bone.\n  id: prostate\n",
        new={"prostate": {2: "Prostate"}},
        gone={"prostate": (1,)},
    ),
)

case(
    "a blank is taken out and put back elsewhere",
    SITES,
    after(
        "- fact: The ==lung== and ==bone== are common sites.\n  id: sites\n", gone={"sites": (1,)}
    ),
    after("- fact: The ==lung==, ==bone== and the ==liver== are common sites.\n  id: sites\n"),
)

case(
    "a blank is taken out, a new one comes, the first is put back",
    SITES,
    after(
        "- fact: The liver, the ==lung==, ==brain== and ==bone== are common sites.\n  id: sites\n",
        new={"sites": {4: "brain"}},
        gone={"sites": (1,)},
    ),
    after("- fact: ==brain==, ==liver==, ==lung== and ==bone== are common sites.\n  id: sites\n"),
)

case(
    "a blank comes and goes again",
    PORTAL,
    after(
        "- fact: Cancers of the ==GI tract== spread through the ==portal vein== to the ==liver==.\n"
        "  id: portal\n",
        new={"portal": {3: "GI tract"}},
    ),
    after(PORTAL, gone={"portal": (3,)}),
)

case(
    "a hint is added, changed and taken away",
    PORTAL,
    after(
        "- fact: Cancers of the GI tract spread through the ==portal vein::which vessel?== to the"
        " ==liver==.\n  id: portal\n"
    ),
    after(
        "- fact: Cancers of the GI tract spread through the ==portal vein::a vein== to the"
        " ==liver::an organ==.\n  id: portal\n"
    ),
    after(PORTAL),
)

case(
    "the numbers are pinned as they are",
    PORTAL,
    after(
        "- fact: Cancers of the GI tract spread through the ==1|portal vein== to the"
        " ==2|liver==.\n  id: portal\n"
    ),
)

case(
    "two blanks reworded and swapped are pinned",
    "- fact: Tumors of the ==breast== reach the ==brain==.\n  id: spread\n",
    after(
        "- fact: The ==2|head== is reached by tumors of the ==1|chest==.\n  id: spread\n",
        same={"spread": {1: ("breast", "chest"), 2: ("brain", "head")}},
    ),
)

case(
    "a new blank is pinned to a number far away",
    PORTAL,
    after(
        "- fact: Cancers of the ==500|GI tract== spread through the ==portal vein== to the"
        " ==liver==.\n  id: portal\n",
        new={"portal": {500: "GI tract"}},
    ),
)

case(
    "two blanks are merged under one number and parted again",
    "- fact: The ==liver== and the ==lung== are common sites.\n  id: sites\n",
    after(
        "- fact: The ==1|liver== and the ==1|lung== are common sites.\n  id: sites\n",
        same={"sites": {1: ("liver", "liver, lung")}},
        gone={"sites": (2,)},
    ),
    after(
        "- fact: The ==liver== and the ==lung== are common sites.\n  id: sites\n",
        same={"sites": {1: ("liver, lung", "liver")}},
    ),
)

case(
    "two blanks are merged under one number, turned and parted",
    "- fact: The ==liver== and the ==lung== are common sites.\n  id: sites\n",
    after(
        "- fact: The ==1|lung== and the ==1|liver== are common sites.\n  id: sites\n",
        same={"sites": {1: ("liver", "lung, liver")}},
        gone={"sites": (2,)},
    ),
    after(
        "- fact: The ==lung== and the ==liver== are common sites.\n  id: sites\n",
        same={"sites": {1: ("lung, liver", "liver")}},
    ),
)

case(
    "two blanks are merged under one number as another comes",
    "- fact: The ==liver== and the ==lung== are common sites.\n  id: sites\n",
    after(
        "- fact: The ==1|liver==, the ==1|lung== and ==bone== are common sites.\n  id: sites\n",
        same={"sites": {1: ("liver", "liver, lung")}},
        new={"sites": {3: "bone"}},
        gone={"sites": (2,)},
    ),
)

case(
    "blanks asked together from the start are parted",
    "- fact: The ==1|liver== and the ==1|lung== are common sites.\n  id: sites\n",
    after(
        "- fact: The ==liver== and the ==lung== are common sites.\n  id: sites\n",
        same={"sites": {1: ("liver, lung", "liver")}},
        new={"sites": {2: "lung"}},
    ),
)

# --- Places --------------------------------------------------------------------------------

THREE = """\
- fact: The ==liver== filters blood.
  id: liver
- fact: The ==lung== has many capillaries.
  id: lung
- fact: The ==brain== has its own barrier.
  id: brain
"""
THREE_TURNED = """\
- fact: The ==brain== has its own barrier.
  id: brain
- fact: The ==lung== has many capillaries.
  id: lung
- fact: The ==liver== filters blood.
  id: liver
"""

case(
    "a fact is moved within its file",
    THREE,
    after(
        "- fact: The ==lung== has many capillaries.\n  id: lung\n"
        "- fact: The ==brain== has its own barrier.\n  id: brain\n"
        "- fact: The ==liver== filters blood.\n  id: liver\n"
    ),
)

case(
    "a fact is moved to another file, with another topic",
    {
        "01.yaml": "topic: Organs\ncards:\n- fact: The ==liver==.\n  id: liver\n"
        "- fact: The ==lung==.\n  id: lung\n",
        "02.yaml": "topic: Sites\ncards:\n- fact: The ==brain==.\n  id: brain\n",
    },
    after(
        {
            "01.yaml": "topic: Organs\ncards:\n- fact: The ==lung==.\n  id: lung\n",
            "02.yaml": "topic: Sites\ncards:\n- fact: The ==brain==.\n  id: brain\n"
            "- fact: The ==liver==.\n  id: liver\n",
        }
    ),
)

case(
    "a file is renamed and stands elsewhere",
    {"01.yaml": THREE},
    after({"sub/99-organs.yml": THREE}),
)

case(
    "all is put in another order",
    {"01.yaml": THREE},
    after({"00.yaml": BYSTANDERS, "90.yaml": THREE_TURNED}),
)

# --- What stands around --------------------------------------------------------------------

case(
    "the topic is changed",
    f"topic: Sites\ncards:\n{SITES}",
    after(f"topic: Where it spreads\ncards:\n{SITES}"),
)

case(
    "tags of a card, of a file and of the deck come and go",
    {"01.yaml": f"tags: [old]\ncards:\n{SITES}"},
    after({"01.yaml": f"tags: [newer]\ncards:\n{SITES}  tags: [exam]\n"}),
    after({"deck.yaml": DECK + "tags: [oncology]\n", "01.yaml": SITES}),
)

case(
    "source, section, extra, note and about are changed",
    f"source: A book\nsection: Page 1\ncards:\n{SITES}  extra: More.\n  note: Mine.\n",
    after(
        {
            "deck.yaml": DECK + "about: How cancers spread\n",
            "01.yaml": f"source: A better book\nsection: Page 2\ncards:\n{SITES}"
            "  extra: Much more.\n  note: Still mine.\n",
        }
    ),
)

case(
    "extra and note are taken away",
    SITES + "  extra: More.\n  note: Mine.\n",
    after(SITES),
)

case(
    "the language of the deck is changed",
    SITES,
    after({"deck.yaml": DECK + "language: de\n", "01.yaml": SITES}),
)

case(
    "the deck's own words are changed",
    {"deck.yaml": DECK + "about: Cancers\n", "01.yaml": SITES},
    after({"deck.yaml": DECK + "about: How cancers spread\n", "01.yaml": SITES}),
)

case(
    "the deck is renamed with was, and has a new card",
    SITES,
    after(
        {
            "deck.yaml": DECK.replace("deck: Metastasis", "deck: Spread\nwas: Metastasis"),
            "01.yaml": SITES + "- fact: The ==skin== is a rare site.\n  id: skin\n",
        },
        new={"skin": {1: "skin"}},
    ),
)

case(
    "the note type gets another look",
    SITES,
    after(SITES, style=".card { color: #123456 }"),
    after(SITES, style=".card { color: #654321 }"),
)

# --- Names ---------------------------------------------------------------------------------

CASCADE = """\
- process: The cascade
  id: cascade
  about: one cell
  steps:
  - shed: A cancer cell is ==shed==
  - invade: The cell ==invades== the matrix
  - reach: The cell reaches a ==vessel==
"""
SHED, INVADE, REACH = (
    "A cancer cell is shed",
    "The cell invades the matrix",
    "The cell reaches a vessel",
)

case(
    "a fact is renamed with was",
    SITES,
    after(SITES.replace("id: sites", "id: common-sites\n  was: sites")),
    after(
        "- fact: The ==liver==, the ==lung== and the ==bones==.\n  id: three-sites\n  was: sites\n",
        same={"sites": {3: ("bone", "bones")}},
    ),
)

case(
    "a process is renamed with was",
    CASCADE,
    after(CASCADE.replace("id: cascade", "id: pathway\n  was: cascade")),
)

case(
    "a step is renamed with was",
    CASCADE,
    after(
        CASCADE.replace(
            "- invade: The cell ==invades== the matrix",
            "- break-in: The cell ==invades== the matrix\n    was: cascade/invade",
        )
    ),
)

case(
    "a process, a step of it and a fact are renamed at once, and reworded",
    CASCADE + SITES,
    after(
        CASCADE.replace("id: cascade", "id: pathway\n  was: cascade").replace(
            "- invade: The cell ==invades== the matrix",
            "- break-in: The cell ==enters== the matrix\n    was: cascade/invade",
        )
        + "- fact: The ==liver==, the ==lungs== and ==bone==.\n  id: places\n  was: sites\n",
        same={
            "cascade/invade": {
                1: ("invades", "enters"),
                2: (INVADE, "The cell enters the matrix"),
                3: (INVADE, "The cell enters the matrix"),
            },
            "sites": {2: ("lung", "lungs")},
        },
    ),
)

case(
    "a process is renamed and has a step more, which is renamed later",
    CASCADE,
    after(
        CASCADE.replace("id: cascade", "id: pathway\n  was: cascade")
        + "  - leave: The cell ==leaves== the vessel\n",
        new={"cascade/leave": dict.fromkeys((2, 3), "The cell leaves the vessel") | {1: "leaves"}},
    ),
    after(
        CASCADE.replace("id: cascade", "id: pathway\n  was: cascade")
        + "  - go: The cell ==leaves== the vessel\n    was: cascade/leave\n"
    ),
)

# --- Kinds ---------------------------------------------------------------------------------

STEPS_LEFT = """\
- process: The cascade
  id: cascade
  about: one cell
  steps:
  - shed: A cancer cell is ==shed==
  - reach: The cell reaches a ==vessel==
"""
ORDER_GONE = {2: (INVADE, "what happens next"), 3: (INVADE, "what happened before")}
ORDER_BACK = {number: (now, then) for number, (then, now) in ORDER_GONE.items()}

case(
    "a step becomes a fact and a step again",
    CASCADE,
    after(
        STEPS_LEFT + "- fact: The cell ==invades== the matrix.\n  id: invade\n"
        "  was: cascade/invade\n",
        same={"cascade/invade": ORDER_GONE},
        gone={"cascade/invade": (2, 3)},
    ),
    after(CASCADE, same={"cascade/invade": ORDER_BACK}),
)

case(
    "a fact becomes a step and a fact again",
    STEPS_LEFT + "- fact: The ==cell== ==invades== the matrix.\n  id: invade\n",
    after(
        CASCADE.replace("the matrix", "the matrix\n    was: invade"),
        new={"invade": {3: INVADE, 4: INVADE}},
        gone={"invade": (1,)},
    ),
    after(
        STEPS_LEFT + "- fact: The ==cell== ==invades== the matrix.\n  id: invade\n",
        same={
            "invade": {
                3: (INVADE, "what happens next"),
                4: (INVADE, "what happened before"),
            }
        },
        gone={"invade": (3, 4)},
    ),
)

case(
    "a step goes to another process",
    CASCADE + "- process: The end\n  id: end\n  steps:\n  - grow: A tumor ==grows==\n",
    after(
        STEPS_LEFT + "- process: The end\n  id: end\n  steps:\n"
        "  - invade: The cell ==invades== the matrix\n    was: cascade/invade\n"
        "  - grow: A tumor ==grows==\n"
    ),
)

case(
    "a fact becomes a question and a fact again",
    "- fact: Prostate cancer can spread from the ==prostate== to ==bone==.\n  id: prostate\n",
    after(
        "- ask: Which tissue does prostate cancer often spread to?\n  answer: Bone\n"
        "  id: prostate\n",
        same={"prostate": {2: ("bone", "Bone")}},
        gone={"prostate": (1,)},
    ),
    after(
        "- fact: Prostate cancer can spread from the ==prostate== to ==bone==.\n  id: prostate\n",
        same={"prostate": {2: ("Bone", "bone")}},
    ),
)

case(
    "a fact becomes a term and a fact again",
    "- fact: ==Angiogenesis== is the development of new blood vessels.\n  id: angiogenesis\n",
    after(
        "- term: Angiogenesis\n  means: The development of new blood vessels\n  id: angiogenesis\n",
        new={"angiogenesis": {2: "The development of new blood vessels"}},
    ),
    after(
        "- fact: ==Angiogenesis== is the development of new blood vessels.\n  id: angiogenesis\n",
        gone={"angiogenesis": (2,)},
    ),
)

case(
    "a term loses its meaning and gets another one",
    "- term: Angiogenesis\n  means: New blood vessels\n  id: angiogenesis\n",
    after(
        "- ask: What does a growing tumor need?\n  answer: Angiogenesis\n  id: angiogenesis\n",
        gone={"angiogenesis": (2,)},
    ),
    after(
        "- term: Angiogenesis\n  means: Sprouting of capillaries\n  id: angiogenesis\n",
        new={"angiogenesis": {3: "Sprouting of capillaries"}},
        gone={"angiogenesis": (2,)},
    ),
)

case(
    "a question becomes a term",
    "- ask: What are new vessels called?\n  answer: Angiogenesis\n  id: angiogenesis\n",
    after(
        "- term: Angiogenesis\n  means: New vessels\n  id: angiogenesis\n",
        new={"angiogenesis": {2: "New vessels"}},
    ),
)

case(
    "a question becomes a step",
    CASCADE + "- ask: How does the cell get out?\n  answer: It leaves\n  id: out\n",
    after(
        CASCADE + "  - out: How does the cell get out? ==It leaves==\n    was: out\n",
        new={"out": dict.fromkeys((2, 3), "How does the cell get out? It leaves")},
    ),
)

case(
    "question and answer are reworded",
    "- ask: Why must a new tumor get blood?\n  answer: To grow\n  id: why\n",
    after(
        "- ask: For what must a new tumor get blood?\n  answer: For oxygen and food\n  id: why\n",
        same={"why": {1: ("To grow", "For oxygen and food")}},
    ),
)

case(
    "a term and its meaning are reworded",
    "- term: Angiogenesis\n  means: New blood vessels\n  id: angiogenesis\n",
    after(
        "- term: Tumor angiogenesis\n  means: The growth of vessels in it\n  id: angiogenesis\n",
        same={
            "angiogenesis": {
                1: ("Angiogenesis", "Tumor angiogenesis"),
                2: ("New blood vessels", "The growth of vessels in it"),
            }
        },
    ),
)

case(
    "a term and its meaning change places",
    "- term: Angiogenesis\n  means: Neovascularization\n  id: angiogenesis\n",
    after("- term: Neovascularization\n  means: Angiogenesis\n  id: angiogenesis\n"),
)

# --- Processes -----------------------------------------------------------------------------

LEAVE = "The cell leaves the vessel"

case(
    "a step is inserted first",
    CASCADE,
    after(
        CASCADE.replace("  - shed:", "  - grow: A tumor ==grows==\n  - shed:"),
        new={"cascade/grow": {1: "grows", 2: "A tumor grows", 3: "A tumor grows"}},
    ),
)

case(
    "a step is inserted in the middle",
    CASCADE,
    after(
        CASCADE.replace("  - reach:", "  - digest: It ==digests== the matrix\n  - reach:"),
        new={
            "cascade/digest": {1: "digests", 2: "It digests the matrix", 3: "It digests the matrix"}
        },
    ),
)

case(
    "a step is added at the end",
    CASCADE,
    after(
        CASCADE + "  - leave: The cell ==leaves== the vessel\n",
        new={"cascade/leave": {1: "leaves", 2: LEAVE, 3: LEAVE}},
    ),
)

case(
    "a step is taken out and put back",
    CASCADE,
    after(STEPS_LEFT, same={"cascade/invade": ORDER_GONE}, gone={"cascade/invade": (1, 2, 3)}),
    after(CASCADE, same={"cascade/invade": ORDER_BACK}),
)

case(
    "a step is moved to the front",
    CASCADE,
    after(
        "- process: The cascade\n  id: cascade\n  about: one cell\n  steps:\n"
        "  - reach: The cell reaches a ==vessel==\n"
        "  - shed: A cancer cell is ==shed==\n"
        "  - invade: The cell ==invades== the matrix\n"
    ),
)

case(
    "a step is reworded and has a blank more",
    CASCADE,
    after(
        CASCADE.replace("The cell ==invades== the matrix", "It ==invades== the ==stroma=="),
        same={
            "cascade/invade": {
                1: ("invades", "invades, stroma"),
                2: (INVADE, "It invades the stroma"),
                3: (INVADE, "It invades the stroma"),
            }
        },
    ),
)

case(
    "title and about of a process are changed",
    CASCADE,
    after(
        CASCADE.replace("The cascade", "The way of a metastasis").replace(
            "  about: one cell\n", "  about: from the tumor to a vessel\n"
        )
    ),
    after(CASCADE.replace("  about: one cell\n", "")),
)

CASCADE_GONE = {
    f"cascade/{step}": {2: (text, "what happens next"), 3: (text, "what happened before")}
    for step, text in (("shed", SHED), ("invade", INVADE), ("reach", REACH))
}

case(
    "a whole process is retired and restored",
    CASCADE,
    after({}, same=CASCADE_GONE, gone=dict.fromkeys(CASCADE_GONE, (1, 2, 3))),
    after(
        CASCADE,
        same={
            key: {number: (now, then) for number, (then, now) in texts.items()}
            for key, texts in CASCADE_GONE.items()
        },
    ),
)

# --- Pictures ------------------------------------------------------------------------------

PICTURE = """\
- picture: The path of blood
  id: path
  arrows:
  - GI tract -> portal vein
  - spleen -> portal vein -> liver
"""

case(
    "a box is reworded and keeps its id",
    PICTURE,
    after(
        PICTURE.replace("portal vein", "hepatic portal vein")
        + "  boxes:\n  - portal-vein: hepatic portal vein\n",
        same={"path/portal-vein": {1: ("portal vein", "hepatic portal vein")}},
    ),
    after(
        PICTURE.replace("portal vein", "portal-vein")
        + "  boxes:\n  - portal-vein: v. portae\n    extra: In short.\n",
        same={"path/portal-vein": {1: ("hepatic portal vein", "v. portae")}},
    ),
)

case(
    "a box is reworded and gets another id",
    PICTURE,
    after(
        PICTURE.replace("GI tract", "gut"),
        new={"path/gut": {1: "gut"}},
        gone={"path/gi-tract": (1,)},
        warns=("renamed",),
    ),
)

case(
    "a box is put in, and later out, and back",
    PICTURE,
    after(
        PICTURE + "  - pancreas -> portal vein\n",
        new={"path/pancreas": {1: "pancreas"}},
    ),
    after(PICTURE, gone={"path/pancreas": (1,)}),
    after(PICTURE + "  - pancreas -> portal vein\n"),
)

case(
    "an arrow is turned, and the arrows change places",
    PICTURE,
    after(PICTURE.replace("portal vein -> liver", "portal vein\n  - liver -> portal vein")),
    after(
        "- picture: Where blood flows\n  id: path\n  arrows:\n"
        "  - portal vein -> liver\n  - spleen -> portal vein\n  - GI tract -> portal vein\n"
    ),
)

case(
    "a picture is renamed with was",
    PICTURE,
    after(PICTURE.replace("id: path", "id: portal-map\n  was: path")),
)

case(
    "a box goes to another picture",
    PICTURE + "- picture: Another\n  id: other\n  arrows:\n  - colon -> rectum\n",
    after(
        PICTURE.replace("spleen", "pancreas")
        + "- picture: Another\n  id: other\n  arrows:\n  - colon -> rectum\n  - spleen -> colon\n"
        "  boxes:\n  - spleen: spleen\n    was: path/spleen\n",
        new={"path/pancreas": {1: "pancreas"}},
    ),
)

case(
    "a box becomes a fact and a box again",
    PICTURE,
    after(
        PICTURE.replace("spleen -> ", "")
        + "- fact: Blood flows from the ==spleen== to the liver.\n  id: spleen\n  was: path/spleen\n"
    ),
    after(PICTURE),
)

case(
    "a question becomes a box",
    PICTURE + "- ask: Which gland lies behind the stomach?\n  answer: The pancreas\n  id: gland\n",
    after(
        PICTURE + "  - pancreas -> portal vein\n  boxes:\n  - pancreas: pancreas\n    was: gland\n",
        same={"gland": {1: ("The pancreas", "pancreas")}},
    ),
)

case(
    "a whole picture is retired and restored",
    PICTURE,
    after(
        {},
        gone=dict.fromkeys(
            [f"path/{box}" for box in ("gi-tract", "portal-vein", "spleen", "liver")], (1,)
        ),
    ),
    after(PICTURE),
)

# --- Facts that come and go ----------------------------------------------------------------

case(
    "a fact is split into two, and one keeps the id",
    SITES,
    after(
        "- fact: The ==liver== and the ==lung== are common sites.\n  id: sites\n"
        "- fact: Another site is ==bone==.\n  id: bone-site\n",
        new={"bone-site": {1: "bone"}},
        gone={"sites": (3,)},
    ),
)

case(
    "two facts are merged into one",
    "- fact: The ==liver== is a common site.\n  id: liver\n"
    "- fact: The ==lung== is a common site.\n  id: lung\n",
    after(
        "- fact: The ==liver== and the ==lung== are common sites.\n  id: liver\n",
        new={"liver": {2: "lung"}},
        gone={"lung": (1,)},
    ),
)

case(
    "a fact is retired and restored, reworded",
    THREE,
    after(THREE.split("- fact: The ==brain==", maxsplit=1)[0], gone={"brain": (1,)}),
    after(
        THREE.replace("The ==brain== has its own barrier", "A barrier guards the ==brain tissue=="),
        same={"brain": {1: ("brain", "brain tissue")}},
    ),
)

case(
    "a fact with a blank that was taken out is retired",
    SITES,
    after(
        "- fact: The ==liver== and ==bone== are common sites.\n  id: sites\n", gone={"sites": (2,)}
    ),
    after({}, gone={"sites": (1, 2, 3)}),
)

case(
    "a retired fact stays retired",
    THREE,
    after(THREE.split("- fact: The ==brain==", maxsplit=1)[0], gone={"brain": (1,)}),
    after(THREE.split("- fact: The ==brain==", maxsplit=1)[0], gone={"brain": (1,)}),
)

case(
    "a fact is taken out and forgotten at once",
    THREE,
    after(THREE.split("- fact: The ==brain==", maxsplit=1)[0], gone={"brain": (1,)})._replace(
        forget=True
    ),
    after(THREE),
)

case(
    "a retired fact is forgotten and comes back",
    THREE,
    after(THREE.split("- fact: The ==brain==", maxsplit=1)[0], gone={"brain": (1,)}),
    after(THREE.split("- fact: The ==brain==", maxsplit=1)[0], gone={"brain": (1,)})._replace(
        forget=True
    ),
    after(THREE),
)

case(
    "a retired fact is forgotten for good",
    THREE,
    after(THREE.split("- fact: The ==brain==", maxsplit=1)[0], gone={"brain": (1,)}),
    after(THREE.split("- fact: The ==brain==", maxsplit=1)[0], gone={"brain": (1,)})._replace(
        forget=True
    ),
)

case(
    "a fact comes, and is retired at once",
    SITES,
    after(
        SITES + "- fact: The ==skin== is a ==rare== site.\n  id: skin\n",
        new={"skin": {1: "skin", 2: "rare"}},
    ),
    after(SITES, gone={"skin": (1, 2)}),
)

case(
    "a fact is retired, and another with its words gets a new id",
    "- fact: Prostate cancer can spread to ==bone==.\n  id: bone\n",
    after(
        "- fact: Prostate cancer may spread to ==bone==.\n  id: prostate-bone\n",
        new={"prostate-bone": {1: "bone"}},
        gone={"bone": (1,)},
        warns=("renamed",),
    ),
)

case(
    "a file is added",
    {"01.yaml": SITES},
    after({"01.yaml": SITES, "02.yaml": PORTAL}, new={"portal": {1: "portal vein", 2: "liver"}}),
)

case(
    "a file is deleted",
    {"01.yaml": SITES, "02.yaml": PORTAL},
    after({"01.yaml": SITES}, gone={"portal": (1, 2)}),
)

ONE_OF_EACH = """\
- fact: The ==skin== is a rare site.
  id: skin
- ask: Why there?
  answer: Nobody knows
  id: why-there
- term: Seed and soil
  means: Paget's idea
  id: seed
- process: Growth
  id: growth
  steps:
  - sleep: The cell ==sleeps==
  - wake: The cell ==wakes==
"""
EACH = {
    "skin": {1: "skin"},
    "why-there": {1: "Nobody knows"},
    "seed": {1: "Seed and soil", 2: "Paget's idea"},
    "growth/sleep": {1: "sleeps", 2: "The cell sleeps", 3: "The cell sleeps"},
    "growth/wake": {1: "wakes", 2: "The cell wakes", 3: "The cell wakes"},
}

case("one of each kind is added", SITES, after(SITES + ONE_OF_EACH, new=EACH))

case(
    "one of each kind is put in front",
    {"01.yaml": SITES},
    after({"00.yaml": ONE_OF_EACH, "01.yaml": SITES}, new=EACH),
)

# --- Pictures ------------------------------------------------------------------------------


def pictured(image: str, alt: str = "A vein") -> dict[str, str | bytes]:
    """A fact with a picture, which is the only one that the deck has."""
    fact = f"{PORTAL}  image: {image}\n  alt: {alt}\n"
    return {"01.yaml": fact, f"media/{image}": SAMPLES[PurePath(image).stem]}


case("a picture is added", PORTAL, after(pictured("png.png")))

case("a picture is changed", pictured("png.png"), after(pictured("another png.png")))

case("a picture gets another form", pictured("png.png"), after(pictured("svg.svg")))

case("the words of a picture are changed", pictured("gif.gif"), after(pictured("gif.gif", "Veins")))

case(
    "a picture is taken out and put back",
    pictured("jpeg.jpg"),
    after(PORTAL),
    after(pictured("jpeg.jpg")),
)

case(
    "a fact with a picture is taken out",
    {**pictured("webp.webp"), "02.yaml": SITES},
    after({"02.yaml": SITES}, gone={"portal": (1, 2)}),
)

# --- Much at once --------------------------------------------------------------------------

case(
    "much is changed at once",
    {
        "01.yaml": f"topic: Sites\ncards:\n{SITES}{PORTAL}",
        "02.yaml": CASCADE + "- ask: Why?\n  answer: To grow\n  id: why\n",
    },
    after(
        {
            "deck.yaml": DECK.replace("deck: Metastasis", "deck: Spread\nwas: Metastasis"),
            "05.yaml": "topic: The way\ncards:\n"
            + CASCADE.replace("id: cascade", "id: pathway\n  was: cascade").replace(
                "  - invade: The cell ==invades== the matrix\n", "  - grow: A tumor ==grows==\n"
            )
            + "- term: Invasion\n  means: The cell invades the matrix\n  id: invasion\n"
            "  was: cascade/invade\n",
            "03.yaml": "topic: Where\ntags: [exam]\ncards:\n"
            "- fact: Of cancers of the ==GI tract==, the ==liver::which organ?== is reached through"
            " the ==portal vein==.\n  id: gi\n  was: portal\n"
            "- fact: The ==bones==, the ==brain== and the ==liver==, not the lung.\n  id: sites\n",
        },
        same={
            "cascade/invade": {1: ("invades", "Invasion"), **ORDER_GONE},
            "sites": {3: ("bone", "bones")},
        },
        new={
            "portal": {3: "GI tract"},
            "sites": {4: "brain"},
            "cascade/grow": {1: "grows", 2: "A tumor grows", 3: "A tumor grows"},
            "cascade/invade": {4: INVADE},
        },
        gone={"sites": (2,), "cascade/invade": (2, 3), "why": (1,)},
        style=".card { color: #123456 }",
    ),
    after(
        {
            "deck.yaml": DECK.replace("deck: Metastasis", "deck: Spread\nwas: Metastasis"),
            "01.yaml": f"topic: Sites\ncards:\n{PORTAL}{SITES}",
            "02.yaml": CASCADE + "- ask: Why then?\n  answer: To grow\n  id: why\n",
        },
        same={
            "cascade/invade": {1: ("Invasion", "invades"), **ORDER_BACK},
            "cascade/grow": {
                2: ("A tumor grows", "what happens next"),
                3: ("A tumor grows", "what happened before"),
            },
            "sites": {3: ("bones", "bone")},
        },
        gone={
            "portal": (3,),
            "sites": (4,),
            "cascade/grow": (1, 2, 3),
            "cascade/invade": (4,),
        },
        style=".card { color: #123456 }",
    ),
)
