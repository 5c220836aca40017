"""English words that the rules look for, and when two words are forms of one."""

from __future__ import annotations

import re

from metaflash.words import UNSPACED

_SMALL_WORDS = """\
a about after all also an and any are as at be because been before being between both but by can
could did do does during each either every for from had has have he her hers him his how i if in
into is it its may me might more most must my no nor not of off on once one only or other our
out over own shall she should so some such than that the their them then there these they this
those through to too under until up upon us very was we were what when where which while who
whom whose why will with within without would you your"""
STOP = frozenset(_SMALL_WORDS.split())
"""Words that say nothing of what a text is about."""

HEDGES = re.compile(
    r"\b(?:may|might|can|could|possibl[ey]|perhaps|probabl[ey]|likely|usually|often|sometimes"
    r"|generally|typically|commonly|frequently|mostly|mainly|rarely|some|suggest(?:s|ed|ing)?"
    r"|appears?|seems?|thought|believed|considered|said|presumably|apparently|occasionally|normally"
    r"|tends?|in most cases|many|most|potential(?:ly)?|hypothe\w+|allegedly|reportedly|should)\b",
    re.IGNORECASE,
)
"""Words with which a card says that something is not certain, or not always so."""

STRONG_HEDGES = re.compile(
    r"\b(?:(?-i:may|might)|possibly|perhaps|probably|usually|often|sometimes|some(?! \d)"
    r"|suggest(?:s|ed)?|seems?|(?:thought|believed|likely)(?= to\b))\b",
    re.IGNORECASE,
)
"""Words of a source that a card must not lose."""

ABOUT_WORDS = re.compile(
    r"\b(?:plurals?|singular|(?:past|present|perfect|future) (?:tense|participle|form|of)|tense|participle"
    r"|gerund|infinitive|adverbs?|adjectives?|nouns?|verbs?|pronouns?|prepositions?|comparative"
    r"|superlative|conjugat\w+|declension|suffix|prefix|spell(?:ed|ing|s)?|derives|derived from"
    r"|abbreviat\w+|acronym|stands for|short for|synonyms?|antonyms?|rhymes?|anagram|translat\w+"
    r"|(?:English|French|German|Spanish|Latin|Greek|Italian|Japanese|Russian) (?:word|for|name|phrase)"
    r"|named after|comes from|etymolog\w+|in (?:English|French|German|Spanish|Latin|Greek|Italian))\b",
    re.IGNORECASE,
)
"""What a text has in it that is about words themselves, so that their forms may be alike."""

_TOKEN = re.compile(
    r"\\\(.{0,999}?\\\)|\\\[.{0,999}?\\\]|`[^`]*`|https?://\S+|\w+(?:[-\u2010\u2011'’.,/·:]\w+)*",
    re.DOTALL,
)
_UNSPACED = re.compile(f"[{UNSPACED}]")

_SUFFIXES = """\
a able ably age al ally an ance ant ar ary ate ated ates ating ation ations ative ator e ed
ement en ence ent er ers es est ful ia ication ications ial ian ians ible ic ical ically ied ies ify ing ion
ional ions is isation ise ised ises ish ising ism isms ist ists ity ive ively ization ize ized
izes izing less ly ment ments ness or ors ory ous ously s ses sis size sized sizes sizing st sts
tic tical tically tion tive us y ze zed zes zing"""
_ENDINGS = frozenset(_SUFFIXES.split()) | {""}
_NOMINAL = frozenset({"ation", "ations", "ization", "isation"})
_VERBAL = frozenset({"e", "ed", "es", "ing", "ize", "ized", "izes", "izing", "ise", "ised", "ises"})
_INFLECTIONS = frozenset({"", "s", "es", "ed", "d", "ing"})

_LONG = 6
"""Letters that two forms of a word have in common; shorter words must be the same but for an
inflection."""


def tokens(text: str) -> list[str]:
    """The words of a plain text as they are written; a formula, code and a hyphened word are one."""
    return _TOKEN.findall(text)


def is_spaced(text: str) -> bool:
    """Whether words can be counted in a text: there are scripts that put no space between them."""
    return text.isascii() or not _UNSPACED.search(text)


def is_word(token: str) -> bool:
    """Whether it is neither code nor a formula."""
    return token[0] not in "`\\"


def content(words: list[str]) -> list[str]:
    """The words that say what a text is about, in small letters, without a possessive s."""
    return [word for word in map(folded, words) if word not in STOP]


def folded(word: str) -> str:
    """A word in small letters, without a possessive s."""
    word = word.casefold()
    return word if word.isalpha() else word.replace("’", "'").removesuffix("'s")


def akin(one: str, other: str) -> bool:
    """Whether two words in small letters are forms of one, such as metastatic and metastasize."""
    if one == other:
        return True
    if one[:3] != other[:3] or not (one.isalpha() and other.isalpha()):
        return False
    shared = next(
        (at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        min(len(one), len(other)),
    )
    rest = {one[shared:], other[shared:]}
    if rest <= _INFLECTIONS:
        return shared >= 4 or (shared == 3 and rest == {"", "s"})
    if shared >= 4 and rest & _NOMINAL and rest <= _NOMINAL | _VERBAL:
        return True
    return any({one[at:], other[at:]} <= _ENDINGS for at in range(shared, _LONG - 1, -1))
