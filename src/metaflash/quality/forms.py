"""How a card begins, and what can be answered to it. English only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from metaflash.kinds.kind import HIDDEN
from metaflash.lines import scalar
from metaflash.quality.english import ABOUT_WORDS, content, tokens
from metaflash.quality.tells import stands
from metaflash.quality.view import Finding, View, place, typed
from metaflash.words import short

_AUXILIARY = re.compile(
    r"[*_“\"'(]*((?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|must"
    r"|may(?! \d)|might|isn't|aren't|doesn't|don't|can't)(?= \w))",
    re.IGNORECASE,
)
_ASKS_ON = re.compile(
    r"^\W*(?:can|could|do|would|will) you\b|^have a\b|^may (?:the|is)\b", re.IGNORECASE
)
_VERDICT = re.compile(
    r"(yes|no|true|false|right|wrong|correct|incorrect)(?=$|[.!,;:–—] ?)", re.IGNORECASE
)
_IS_VERDICT = re.compile(rf"(?:^|[.:?!”\"] |\b(?:is|are|was|were) ){HIDDEN}")
"""A blank behind what can be right or wrong; “on the right” is a side."""
_OF_WORDS = re.compile(
    r"`|\b(?:English|French|German|Spanish|Latin|Greek|Italian|words?|mean|translat\w+|say|said|returns?|evaluates?|prints?|outputs?|value|literal"
    r"|boolean|truth)\b",
    re.IGNORECASE,
)


def yes_no(view: View) -> Iterator[Finding]:
    """A question with two answers, one of which is right by chance."""
    prompt = view.prompt
    if not view.english:
        return
    yield from _choice_in_hint(view)
    verdict = _VERDICT.match(prompt.answer)
    if prompt.role not in ("answer", "blank"):
        return
    if prompt.role == "answer":
        opening = _AUXILIARY.match(prompt.front)
        if opening and "?" in prompt.front:
            if message := _two_answers(view, verdict=verdict is not None):
                yield view.found("yes-no", place(opening[1], prompt), message, _turned(view))
        elif verdict and not _OF_WORDS.search(prompt.front) and not _ASKS.search(prompt.front):
            message = f"“{verdict[0]}” as an answer"
            yield view.found("yes-no", prompt.answer_span, message, _turned(view))
    elif (
        verdict
        and verdict[0] == prompt.answer
        and _IS_VERDICT.search(prompt.front)
        and not _OF_WORDS.search(prompt.front)
        and not (prompt.answer.casefold() == "right" and _SIDED.search(prompt.front))
    ):
        message = f"“{prompt.answer}” as an answer"
        yield view.found("yes-no", prompt.answer_span, message, _turned(view))


_ASKS = re.compile(r"\b(?:which|what|who|whom|whose|when|where|why|how)\b", re.IGNORECASE)
_ASKS_FOR_MORE = re.compile(
    r"\bwhy\b|\b(?:and|or|if so),? (?:how|what|which|where|when|who)\b", re.IGNORECASE
)
_SIDED = re.compile(r"\b(?:sides?|hands?|starboard|port|turns?|drives?|direction)\b", re.IGNORECASE)


def _two_answers(view: View, *, verdict: bool) -> str:
    """What to call a question that begins as one of yes or no; empty where it asks for something: “May
    Day is on which date?”."""
    front = view.prompt.front
    if _ASKS_ON.search(front) or _ASKS_FOR_MORE.search(front):
        return ""
    if verdict:
        return "a question with two answers"
    if _ASKS.search(front):
        return ""
    offered = {word.casefold() for word in view.front}
    if " or " in front and any(word in offered for word in content(view.answers[0])):
        return "" if re.search(r",[^,]*,? or ", front) else "a choice between two answers"
    return "a question of yes or no"


_OPPOSITES = re.compile(
    r"\b(?:(up|in) or (?:down|out)|(?:more|higher|larger|bigger|greater|longer|faster|stronger|better)"
    r" or (?:less|fewer|lower|smaller|shorter|slower|weaker|worse)|(?:left|right|up|rises?|increases?"
    r"|goes up|yes|true|positive|odd|before|above|north|east|high|long|big|hot|with|can|always)"
    r" or (?:right|left|down|falls?|decreases?|no|false|negative|even|after|below|south|west|low|short"
    r"|small|cold|without|cannot|never|not))\b",
    re.IGNORECASE,
)


_TWO = 2


def _choice_in_hint(view: View) -> Iterator[Finding]:
    for answer, words in zip(view.prompt.answers, view.answers, strict=True):
        hint = tokens(answer.hint)
        if (
            answer.hint_span
            and "or" in hint
            and len(re.split(r",|\bor\b", answer.hint)) == _TWO
            and (stands(words, hint) or _OPPOSITES.search(answer.hint))
        ):
            reason = "Half of the guesses are right, and a lucky one counts as known."
            reason += f" Say what kind of thing it is:  =={short(answer.text, 40)}::which …?=="
            yield view.found("yes-no", answer.hint_span, "a hint that leaves two answers", reason)


_TURNS = re.compile(
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|must) [^?.:;!“”\"]+\?",
    re.IGNORECASE,
)
"""A question that is whole, and neither denied nor the second part of something, so that “why” can stand
before it."""
_BECAUSE = re.compile(r"yes\b[,;:.–— ]*(?:because|since|as)\b[,: ]*(\w.*)", re.IGNORECASE)


def _turned(view: View) -> str:
    """Why, and the question turned round where that can be done by rule."""
    prompt = view.prompt
    hint = "Half of the guesses are right, and a lucky one counts as known."
    question = typed(prompt.front_span)
    if prompt.role == "answer" and _TURNS.fullmatch(question):
        why = scalar(f"Why {question[0].lower()}{question[1:]}")
        if because := _BECAUSE.fullmatch(typed(prompt.answer_span)):
            answer = scalar(because[1][:1].upper() + because[1][1:])
            return f"{hint} Ask for the reason:\n- ask: {why}\n  answer: {answer}"
        if prompt.answer.casefold().rstrip(".!") in ("yes", "true"):
            return f"{hint} Ask for what makes it so, for instance:\nask: {why}"
    return f"{hint} Ask which, what, where or why, or write it as a `fact` with a blank."


_START = re.compile(
    r"[*_“\"'(]*(it|this|that|they|these|those|such|he|she|its|their|his|her|the (?:latter|former))(?=(?:['’]\w+)?[ ,…])",
    re.IGNORECASE,
)
_EMPTY_IT = re.compile(
    r"(?:it|this) (?:is|was|has been|had been|can be|could be|may be|might be|must be|should be|would be"
    r"|will be)(?: \S+){0,6}? (?:that|to|who|when|where|which|whether|how|why|if|until|for)\b"
    r"|it (?:seems|appears|follows|turns? out|takes|took|costs?|rains?|rained|snows?|happens|matters"
    r"|has long|means|depends|makes sense|is (?:raining|snowing|cold|hot|late|early|time|worth"
    r"|\d|about|half|a quarter|noon|midnight))"
    r"|that (?:is why|said)|such (?:is|was) |(?:this|that|these|those) (?:sentence|word|form|verb|is how you)",
    re.IGNORECASE,
)


_OPENS = re.compile(
    r"that (?:the|an?|all|no|every|each)\b|(?:these|those|this) (?:days?|year|century)\b",
    re.IGNORECASE,
)
"""Beginnings that stand for nothing: “That the Earth turns was shown by …”, “These days, …”."""


def _is_title(view: View, start: re.Match[str]) -> bool:
    """Whether a beginning is that of a title, by a capital behind it or by its emphasis."""
    source, first, _ = view.prompt.front_span
    behind = view.prompt.front[start.end() :]
    return source.text[first] in "*_" or re.match(r" [A-Z]", behind) is not None


def dangling_start(view: View) -> Iterator[Finding]:
    """A beginning that only makes sense behind another card."""
    prompt = view.prompt
    if prompt.role not in ("blank", "answer") or not view.english:
        return
    start = _START.match(prompt.front)
    if not start or _EMPTY_IT.match(prompt.front.lstrip("*_“\"'(")) or _is_example(view, start[1]):
        return
    if _is_title(view, start) or _OPENS.match(prompt.front):
        return
    message = f"“{start[1]}” without what it stands for"
    hint = "Cards come in any order, so the one that tells it may be far away. Begin with its name"
    hint += f" instead of “{start[1]}”."
    yield view.found("dangling-start", place(start[1], prompt), message, hint)


def _is_example(view: View, start: str) -> bool:
    """Whether a sentence is an example of its own grammar: a small word or the verb behind the subject is
    asked for, and nothing else in it is a matter of fact."""
    prompt = view.prompt
    if (start.casefold() != "its" and ABOUT_WORDS.search(prompt.front)) or re.match(
        r"[“\"*_'(]", prompt.front
    ):
        return True
    if start == "He" and re.search(r"\bsymbol\b", prompt.front):  # of helium
        return True
    if ":" in prompt.front and (
        prompt.role == "answer" or start.casefold().startswith(("th", "su"))
    ):
        return True
    if prompt.role == "blank" and not any(map(content, view.answers)):
        return True
    person = start.casefold() in ("he", "she", "they", "his", "her", "their")
    facts = re.search(r"\d| [A-Z]", f"{prompt.front} {prompt.answer}")
    if person and prompt.role == "blank" and not facts:
        behind = re.match(rf"\W*{start} (?:\w+ ){{0,2}}…", prompt.front)
        return bool(behind or prompt.hint) and sum(map(len, view.answers)) <= 3
    return bool(prompt.hint) and tokens(prompt.hint)[:1] == ["to"]
