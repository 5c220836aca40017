r"""The slips that YAML answers with a riddle, each told as what the teacher did.

``explain`` takes the parser's error and the text, looks at the line, and says which of the
usual mistakes it is: a colon or a quote inside a sentence, a first character that YAML keeps
for itself, an indentation that is off by one. Where the right line can be worked out it is
offered, and the text is mended so that the rest of the file can be checked in the same run.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import yaml


class Mistake(NamedTuple):
    """What is wrong and where (character offsets).

    ``mended`` is the whole text, with as many lines as before, in a form that can be read on;
    None where there is no telling what was meant.
    """

    start: int
    end: int
    code: str
    message: str
    hint: str
    mended: str | None


class Line(NamedTuple):
    """A line of the text: ``start`` is the offset of its first character."""

    text: str
    start: int

    @property
    def indent(self) -> int:
        """How many spaces the line starts with."""
        return len(self.text) - len(self.text.lstrip(" "))


_KEYED = re.compile(r"(?P<lead> *(?:- +)*)(?P<key>[A-Za-z][\w-]*):(?: +(?P<value>.*))?$")
"""``  - key: value``, ``key: value`` or ``key:``"""

_KEY_WITHOUT_COLON = re.compile(r"(?P<lead> *(?:- +)*)(?P<key>[a-z][\w-]*) +(?P<value>\S.*)$")
_KEY_WITHOUT_SPACE = re.compile(r"(?P<lead> *(?:- +)*)(?P<key>[a-z][\w-]*):(?P<value>[^\s/].*)$")

_RESERVED = {
    "*": "an alias",
    "&": "an anchor",
    "!": "a tag",
    "@": "its own use",
    "`": "its own use",
    "%": "a directive",
    ">": "a folded text on the next lines",
    "|": "a text on the next lines",
    "-": "a list",
    "?": "a key",
    "{": "a map",
    "[": "a list",
    ",": "a list",
    "}": "a map",
    "]": "a list",
}


def explain(text: str, error: yaml.MarkedYAMLError) -> Mistake:
    """The teacher's mistake behind a syntax error of the YAML parser."""
    problem = str(error.problem or "")
    context = str(error.context or "")
    at = error.problem_mark.index if error.problem_mark else 0
    since = error.context_mark.index if error.context_mark else at
    line, opened = _line_at(text, at), _line_at(text, since)
    if "mapping values are not allowed" in problem:
        return _colon(text, line, at)
    if "quoted scalar" in context:
        if "escape" in problem:
            return _escape(text, opened, at)
        return _unclosed_quote(text, opened, since)
    if "simple key" in context:
        return _missing_colon(text, opened)
    if "flow" in context:
        return _unclosed_bracket(text, opened, since)
    if "<document start>" in problem:
        hint = "The dots end the document, and everything after them would be lost. Delete them."
        message = "text after the end of the document"
        return Mistake(at, at + 1, "several-documents", message, hint, None)
    if mistake := _quote_in_text(text, line) or _reserved(text, line):
        return mistake
    if mistake := _quote_left_open(text, line) or _indentation(text, line):
        return mistake
    return _not_yaml(at, problem or context)


# --- The slips -------------------------------------------------------------------------


def _colon(text: str, line: Line, at: int) -> Mistake:
    """``fact: Angiogenesis: new vessels``, or a key whose line is indented too deep."""
    keyed = _KEYED.match(line.text)
    colon = at - line.start
    if keyed and keyed.end("key") == colon:
        above = _line_above(text, line)
        if above and _KEYED.match(above.text):
            return _indentation(text, line) or _unknown_indentation(line)
        if above and not _goes_on(text, above):
            return _missing_colon(text, above)
    message = "a colon and a space split this sentence"
    mended = text[:at] + ";" + text[at + 1 :]
    if keyed and keyed["value"]:
        hint = _write(line.text[: keyed.start("value")], keyed["value"])
    else:
        hint = "Put the whole sentence in quotes, or on the lines after `>-`."
    return Mistake(at, at + 1, "colon-in-text", message, hint, mended)


def _escape(text: str, line: Line, at: int) -> Mistake:
    r"""``"\alpha"``: in double quotes YAML reads a backslash as its own."""
    slash = text.rfind("\\", line.start, at + 1)
    slash = slash if slash >= 0 else at
    keyed = _KEYED.match(line.text)
    hint = "In double quotes a backslash belongs to YAML. Use single quotes, or none."
    if keyed and keyed["value"] and keyed["value"].count('"') == 2 and "'" not in keyed["value"]:
        right = line.text[: keyed.start("value")] + keyed["value"].replace('"', "'")
        hint += f"\nWrite:  {right.strip()}"
    mended = text[:slash] + "/" + text[slash + 1 :]
    return Mistake(slash, slash + 2, "escape", "a backslash in double quotes", hint, mended)


def _unclosed_quote(text: str, line: Line, at: int) -> Mistake:
    """``fact: 'tis so``: a quote that opens the value and never closes."""
    quote = text[at] if at < len(text) else '"'
    keyed = _KEYED.match(line.text)
    value = keyed["value"] if keyed else None
    if keyed and value:
        inner = value if quote == "'" and value.count("'") == 1 else value[1:]
        hint = f"A value that starts with a quote must end with one.\n{_write_whole(keyed, inner)}"
        mended = _replace_line(text, line, line.text[: keyed.start("value")] + quoted(inner))
        return Mistake(at, at + 1, "unclosed-quote", "a quote that never closes", hint, mended)
    hint = "A value that starts with a quote must end with the same quote."
    return Mistake(at, at + 1, "unclosed-quote", "a quote that never closes", hint, None)


def _quote_in_text(text: str, line: Line) -> Mistake | None:
    """``fact: "Seed and soil" is a theory``: a quoted start, and the sentence goes on."""
    keyed = _KEYED.match(line.text)
    value = keyed["value"] if keyed else None
    if not keyed or not value or value[0] not in "\"'":
        return None
    close = value.find(value[0], 1)
    if close < 0 or not value[close + 1 :].strip():
        return None
    start = line.start + keyed.start("value")
    hint = "YAML ends the value at the second quote.\n" + _write_whole(keyed, value)
    mended = _replace_line(text, line, line.text[: keyed.start("value")] + quoted(value))
    place = start + close + 1
    stop = line.start + len(line.text)
    return Mistake(place, stop, "text-after-quote", "text after the closing quote", hint, mended)


def _reserved(text: str, line: Line) -> Mistake | None:
    """``fact: *Breast* cancer``: a value that starts with a character of YAML's own."""
    keyed = _KEYED.match(line.text)
    value = keyed["value"] if keyed else None
    if not keyed or not value or value[0] not in _RESERVED:
        return None
    start = line.start + keyed.start("value")
    message = f"a value that starts with {value[0]}"
    hint = f"YAML keeps {value[0]} at the start of a value for {_RESERVED[value[0]]}.\n"
    hint += _write_whole(keyed, value)
    mended = _replace_line(text, line, line.text[: keyed.start("value")] + quoted(value))
    return Mistake(start, start + 1, "reserved-character", message, hint, mended)


def _unclosed_bracket(text: str, line: Line, at: int) -> Mistake:
    """``tags: [one, two``, or a sentence that starts with a bracket."""
    if (keyed := _KEYED.match(line.text)) and keyed["value"] and keyed["key"] != "tags":
        return _reserved(text, line) or _not_yaml(at, "a bracket without its end")
    hint = "A list in brackets ends with ] on the same line."
    mended = None
    if keyed and keyed["value"] and "]" not in keyed["value"]:
        right = line.text.rstrip(" ,") + "]"
        hint += f"\nWrite:  {right.strip()}"
        mended = _replace_line(text, line, right)
    return Mistake(at, at + 1, "unclosed-bracket", "a bracket without its end", hint, mended)


def _missing_colon(text: str, line: Line) -> Mistake:
    """``id prostate-bone`` or ``id:prostate-bone``: neither a key nor part of the text above."""
    start = line.start + line.indent
    stop = line.start + len(line.text.rstrip())
    if tight := _KEY_WITHOUT_SPACE.match(line.text):
        right = f"{tight['lead']}{tight['key']}: {tight['value']}"
        start = line.start + tight.end("key")
        mended = _replace_line(text, line, right)
        hint = f"Write:  {right.strip()}"
        message = "no space after the colon"
        return Mistake(start, start + 1, "missing-space", message, hint, mended)
    message = "a line that is no `key: text`"
    bare = _KEY_WITHOUT_COLON.match(line.text)
    if bare and (bare["lead"].strip() or _is_key_elsewhere(text, bare["key"])):
        right = f"{bare['lead']}{bare['key']}: {bare['value']}"
        mended = _replace_line(text, line, right)
        return Mistake(start, stop, "missing-colon", message, f"Write:  {right.strip()}", mended)
    above = _line_above(text, line)
    keyed = _KEYED.match(above.text) if above else None
    if above and re.search(r"\S #", above.text):
        hint = "The # on the line above ends the sentence there. Put the whole sentence in quotes."
        return Mistake(start, stop, "missing-colon", message, hint, None)
    if above and keyed and keyed["value"] and keyed["value"][0] not in "\"'|>":
        right = " " * (keyed.start("key") + 2) + line.text.strip()
        hint = f"If the text above goes on here, indent it deeper:\n{above.text}\n{right}"
        mended = _replace_line(text, line, right)
        return Mistake(start, stop, "missing-colon", message, hint, mended)
    hint = "If the text above goes on here, indent it deeper than that text's key."
    return Mistake(start, stop, "missing-colon", message, hint, None)


def _is_key_elsewhere(text: str, word: str) -> bool:
    return re.search(rf"^ *(?:- +)*{word}:(?: |$)", text, re.MULTILINE) is not None


def _quote_left_open(text: str, line: Line) -> Mistake | None:
    """The quote that swallowed the lines above the place where the parser gave up."""
    above: Line | None = line
    for _ in range(200):
        if above is None:
            return None
        keyed = _KEYED.match(above.text)
        value = keyed["value"] if keyed else None
        if keyed and value and value[0] in "\"'" and value.count(value[0]) % 2:
            return _unclosed_quote(text, above, above.start + keyed.start("value"))
        above = _line_above(text, above)
    return None


def _indentation(text: str, line: Line) -> Mistake | None:
    """A line that stands a little left or right of where the lines above say it should."""
    if not line.text.strip():
        return None
    above = _line_above(text, line)
    while above and not _KEYED.match(above.text):
        above = _line_above(text, above)
    if above is None or not (keyed := _KEYED.match(above.text)):
        return None
    body = line.text.strip()
    if mistake := _missing_dash(text, line):
        return mistake
    if body.startswith("- "):
        columns = _list_columns(text, line)
    else:
        columns = [keyed.start("key"), keyed.start("lead") + len(keyed["lead"])]
    column = min(columns, key=lambda c: abs(c - line.indent), default=line.indent)
    if column == line.indent:
        return None
    right = " " * column + body
    hint = (
        f"It starts in column {line.indent + 1}; the lines it belongs to start in column"
        f" {column + 1}. Write:\n{above.text}\n{right}"
    )
    start = line.start + line.indent
    stop = line.start + len(line.text.rstrip())
    mended = _replace_line(text, line, right)
    return Mistake(start, stop, "indentation", "the indentation is off", hint, mended)


def _goes_on(text: str, line: Line) -> bool:
    """Whether a line without a key goes on with the value of the key above it."""
    if line.text.lstrip().startswith("- "):
        return False
    above = _line_above(text, line)
    while above and not _KEYED.match(above.text):
        above = _line_above(text, above)
    keyed = _KEYED.match(above.text) if above else None
    return keyed is not None and line.indent > keyed.start("key")


def _unknown_indentation(line: Line) -> Mistake:
    start = line.start + line.indent
    hint = "Let it start in the same column as the other keys of its card."
    stop = line.start + len(line.text.rstrip())
    return Mistake(start, stop, "indentation", "the indentation is off", hint, None)


def _missing_dash(text: str, line: Line) -> Mistake | None:
    """``fact: …`` at the place of a dash: a key that elsewhere in the file begins a list item."""
    keyed = _KEYED.match(line.text)
    if not keyed or keyed["lead"].strip():
        return None
    for item in re.finditer(rf"^( *)- +{keyed['key']}:", text, re.MULTILINE):
        if len(item[1]) <= line.indent <= len(item[1]) + 1:
            right = f"{item[1]}- {line.text.strip()}"
            start = line.start + line.indent
            mended = _replace_line(text, line, right)
            hint = f"Write:  {right.strip()}"
            message = "a dash is missing"
            return Mistake(start, start + 1, "missing-dash", message, hint, mended)
    return None


def _list_columns(text: str, line: Line) -> list[int]:
    """The columns (from 0) in which the list items above the line start."""
    columns = []
    above = _line_above(text, line)
    while above:
        if above.text.lstrip(" ").startswith("- "):
            columns.append(above.indent)
        above = _line_above(text, above) if len(columns) < 50 else None
    return columns


def _not_yaml(at: int, problem: str) -> Mistake:
    """What none of the usual slips explains, in the parser's own words."""
    hint = f"The YAML parser says: {problem}."
    return Mistake(at, at + 1, "yaml-syntax", "this is not YAML", hint, None)


# --- Lines -----------------------------------------------------------------------------


def _line_at(text: str, offset: int) -> Line:
    """The line that holds an offset; at the very end of the text, the last line with content."""
    if offset >= len(text):
        offset = max(0, len(text.rstrip("\n")) - 1)
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    return Line(text[start : end if end >= 0 else len(text)], start)


def _line_above(text: str, line: Line) -> Line | None:
    """The nearest line above that holds more than white space or a comment."""
    end = line.start - 1
    while end > 0:
        start = text.rfind("\n", 0, end) + 1
        content = text[start:end]
        if content.strip() and not content.lstrip().startswith("#"):
            return Line(content, start)
        end = start - 1
    return None


def _replace_line(text: str, line: Line, right: str) -> str:
    return text[: line.start] + right + text[line.start + len(line.text) :]


def quoted(text: str) -> str:
    """The text in double quotes, or in single ones where it holds double quotes itself."""
    text = text.strip()
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def _write(lead: str, value: str) -> str:
    return f"Write:  {(lead + quoted(value)).strip()}"


def _write_whole(keyed: re.Match[str], value: str) -> str:
    return _write(keyed["lead"] + keyed["key"] + ": ", value)
