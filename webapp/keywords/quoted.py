"""Keep of a reply by email what the person wrote, without what their mail program quoted.

Somebody's "sounds good" above our own "to unsubscribe, click here" must not be read as a stop.
"""

import re
from html.parser import HTMLParser

MAX_MAIL = 65_536
"""Characters of a mail that are read; what comes later is dropped."""

_WROTE = re.compile(
    r"\b(?:wrote|escribió|escreveu|a écrit|schrieb|ha scritto|schreef|skrev|napisał|كتب|ने लिखा)"
    r"[^\n:]{0,80}:"
)
_ON = re.compile(r"(?:^|(?<=\s))(?:On|El|Em|Le|Am|Il|Op|Den|W dniu|في)\s")
_DATED = re.compile(r"\d|@")
_LONGEST_ATTRIBUTION = 200
_ORIGINAL = re.compile(
    r"\s*(?:[-_*=]{2,}|>?\s*Begin)\s*(?:original message|forwarded message|ursprüngliche nachricht|"
    r"weitergeleitete nachricht|mensaje original|mensaje reenviado|mensagem original|"
    r"mensagem encaminhada|message d'origine|message original|message transféré|"
    r"messaggio originale|messaggio inoltrato)",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*_{10,}\s*")
_HEADER_FROM = re.compile(r"\s*\*?(?:From|Von|De|Da|Van|Från|Fra|Od|من)\s?:", re.IGNORECASE)
_HEADER_NEXT = re.compile(
    r"\s*\*?(?:Sent|Date|To|Subject|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado|Enviada|"
    r"Fecha|Data|Para|Asunto|Assunto|Inviato|A|Oggetto|Verzonden|Aan|Onderwerp)\s*\*?:",
    re.IGNORECASE,
)
_MOBILE = re.compile(
    r"\s*(?:sent (?:from|via) (?:my|yahoo|outlook|mail|the|android|samsung|proton)|get outlook for|"
    r"enviado (?:desde|do|de) |envoyé (?:de|depuis) |von meinem .{1,40} gesendet|"
    r"gesendet (?:von|mit) |inviato da|verzonden (?:vanaf|met)|mein .{1,20} gesendet)",
    re.IGNORECASE,
)
_MARK = "\0"
_SIGNATURE = re.compile(r"--\s*")
_LONGEST_MOBILE_LINE = 60
_HEADER_LINES = 4
_DEEPEST = 300  # tags inside a quote: no mail nests so far, and looking them up stays cheap


def cut_quoted(text: str) -> str:
    """Return the new text of a reply; a text without quotes comes back as it is.

    Lines that begin with ">" go, wherever they stand. What follows "On ... wrote:", a divider
    or a block of mail headers goes too, unless the quote below it is marked with ">", because
    then people may answer below. A signature after "-- " and the lines that telephones add go.
    The words for it are known in English, Spanish, Portuguese, French, German, Italian, Dutch,
    Danish, Swedish, Norwegian, Polish, Arabic and Hindi.
    """
    text = text[:MAX_MAIL].replace("\r\n", "\n").replace("\r", "\n")
    if "\n" not in text and ":" not in text:
        return text
    kept: list[str] = []
    lines = _with_attributions_apart(text).split("\n")
    for at, line in enumerate(lines):
        if _begins_quote(lines, at):
            if not _is_marked(lines, at + 1):
                break
        elif _SIGNATURE.fullmatch(line) and any(before.strip() for before in kept):
            break
        elif not (_is_quoted(line) or _is_mobile(line)):
            kept.append(line)
    return "\n".join(kept)


def _with_attributions_apart(text: str) -> str:
    """Put every "On ... wrote:" on a marked line of its own, also one that was wrapped."""
    parts, done = [], 0
    for wrote in _WROTE.finditer(text):
        start = _attribution_start(text, max(done, wrote.start() - _LONGEST_ATTRIBUTION), wrote)
        if start is not None:
            parts += [text[done:start], _MARK]
            done = wrote.end()
    return "\n".join([*parts, text[done:]])


def _attribution_start(text: str, earliest: int, wrote: re.Match[str]) -> int | None:
    """Return where the attribution that ends in `wrote` starts: it holds a date or an address."""
    before = text[earliest : wrote.start()]
    for on in reversed(list(_ON.finditer(before))):
        if _DATED.search(before, on.end()) and "\n\n" not in before[on.start() :]:
            return earliest + on.start()
    line = before.rfind("\n") + 1
    return earliest + line if wrote[0].startswith("ने") and line else None


def _begins_quote(lines: list[str], at: int) -> bool:
    line = lines[at]
    if not line or line.isspace():
        return False
    if _ORIGINAL.match(line) or _RULE.fullmatch(line):
        return True
    if _HEADER_FROM.match(line):
        return any(_HEADER_NEXT.match(after) for after in lines[at + 1 : at + _HEADER_LINES])
    return line == _MARK


def _is_marked(lines: list[str], start: int) -> bool:
    """Say whether the next line with something on it is marked as quoted."""
    for line in lines[start : start + _HEADER_LINES]:
        if line.strip():
            return _is_quoted(line)
    return False


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _is_mobile(line: str) -> bool:
    return len(line) <= _LONGEST_MOBILE_LINE and _MOBILE.match(line) is not None


class _NewText(HTMLParser):
    """Collects the text outside of quotes, one line a block."""

    _BLOCKS = frozenset(("p", "div", "br", "tr", "li", "h1", "h2", "h3", "table", "hr"))
    _HIDDEN = frozenset(("blockquote", "style", "script", "head", "title"))
    _EMPTY = frozenset(("br", "hr", "img", "meta", "link", "input", "wbr", "col", "area", "base"))
    _QUOTES = ("gmail_quote", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote", "gmail_attr")
    _REST = ("divRplyFwdMsg", "appendonsend", "OLK_SRC_BODY_SECTION")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.hidden: list[str] = []
        self.over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.over = self.over or named.get("id", "") in self._REST
        if tag in self._BLOCKS:
            self.lines.append("\n")
        if tag in self._EMPTY:
            return
        quoted = any(name in named.get("class", "") for name in self._QUOTES)
        if self.hidden or quoted or tag in self._HIDDEN:
            self.hidden.append(tag)
            self.over = self.over or len(self.hidden) > _DEEPEST

    def handle_endtag(self, tag: str) -> None:
        if tag in self.hidden:
            while self.hidden.pop() != tag:
                pass
        if tag in self._BLOCKS:
            self.lines.append("\n")

    def handle_data(self, data: str) -> None:
        if not (self.hidden or self.over):
            self.lines.append(" ".join(data.split()) + " ")


def new_text_of_html(html: str) -> str:
    """Return the new text of a reply written in HTML: without quotes, one line a block.

    What mail programs mark as quoted goes (`blockquote`, Gmail's, Yahoo's, Proton's and
    Thunderbird's classes, everything after Outlook's divider), then what `cut_quoted` knows.
    """
    parser = _NewText()
    parser.feed(html[:MAX_MAIL])
    parser.close()
    text = cut_quoted("".join(parser.lines))
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
