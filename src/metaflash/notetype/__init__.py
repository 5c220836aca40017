"""The one note type of all metaflash decks, frozen at the first release.

Anki takes a note type with other fields, other ids or another template count for another note
type, and then leaves every note a learner has as it was, for ever. So **the names, the ids and their
order never change**; ``MODIFIED`` rises with every change to templates or style. A need for one more field is met by taking
one of the spare fields into use, which is a change to the templates alone; templates and style
may change at any time.

One cloze type serves every kind, so that a fact can change its kind and stay the same note. A
card shows those of the cloze fields that hold its number: ``Text``, ``Text 2`` and ``Text 3``
are three questions of one note, ``Retired`` takes over the numbers of blanks that are gone.
"""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

NAME = "Metaflash"
ID = 1_731_283_440_917
TEMPLATE_NAME = "Card"
TEMPLATE_ID = 2_921_146_893_625_019_848

FIELDS = {
    "Id": 1_441_905_234_290_943_325,
    "Text": 2_252_948_366_425_277_861,
    "Text 2": 3_468_671_972_106_833_582,
    "Text 3": 1_608_482_118_180_319_323,
    "Topic": 1_468_919_343_538_280_400,
    "Extra": 4_218_269_326_213_865_177,
    "Note": 1_420_711_506_829_599_599,
    "Source": 1_662_896_133_276_824_694,
    "Picture": 3_579_891_463_994_686_323,
    "Back picture": 2_310_327_657_573_733_771,
    "Strip": 3_701_242_360_352_301_492,
    "Retired": 2_953_524_647_533_474_972,
    "Banner": 4_306_262_352_428_777_598,
    "Kind": 4_098_507_940_199_900_494,
    "Language": 2_599_542_491_303_293_360,
    "Spare 1": 4_409_666_204_433_982_028,
    "Spare 2": 1_172_017_459_641_567_903,
    "Spare 3": 3_561_013_090_789_645_020,
    "Spare 4": 2_355_999_351_962_800_072,
    "Spare 5": 3_773_516_015_875_411_525,
    "Spare 6": 2_887_652_857_093_760_037,
}
"""Each field's name and id, in order. The first is the sort field: it is never empty and never
twice, which keeps Anki's checks for empty notes and duplicates quiet. Then comes what a learner
may want to edit, last what is only for the templates."""

CLOZE_FIELDS = ("Text", "Text 2", "Text 3", "Retired")
"""The fields that may hold blanks."""

MODIFIED = 1_795_474_800
"""When the templates, the style or the name last changed, in seconds since the epoch: 2026-11-23, 23:00 UTC.

One time for all decks of all teachers, not that of a build: whoever has two of them keeps the newest
look, and a learner's own styling stays until the next change here."""

RETIRED_TAG = "metaflash::retired"
"""What learners find retired notes by."""

_HERE = Path(__file__).parent


def front() -> str:
    """The template of the question side."""
    return (_HERE / "front.html").read_text("utf-8")


def back() -> str:
    """The template of the answer side."""
    return (_HERE / "back.html").read_text("utf-8")


def style() -> str:
    """The style sheet of both sides."""
    return (_HERE / "style.css").read_text("utf-8")


def fingerprint() -> str:
    """A hash of all that ``MODIFIED`` is the time of."""
    content = f"{NAME}\x1f{front()}\x1f{back()}\x1f{style()}"
    return blake2b(content.encode(), digest_size=8).hexdigest()
