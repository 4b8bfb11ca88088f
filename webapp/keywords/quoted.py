"""Keep of a reply by email what the person wrote, without what their mail program quoted.

Somebody's "sounds good" above our own "to unsubscribe, click here" must not be read as a stop.
"""

import re
from html.parser import HTMLParser

from webapp.keywords.folding import MAX_READ, fold

_ATTRIBUTIONS = (
    ("On", "wrote"),
    ("El", "escribió"),
    ("Em", "escreveu"),
    ("Le", "a écrit"),
    ("Am", "schrieb"),
    ("Il", "ha scritto"),
    ("Op", "schreef"),
    ("Den", "skrev"),
    ("W dniu", "napisał"),
    ("في", "كتب"),
    ("", "ने लिखा"),
)
_ATTRIBUTION = re.compile(
    "|".join(rf"{start}\b[^\n]{{4,200}}?\b{end}[^\n:]{{0,80}}:" for start, end in _ATTRIBUTIONS)
)
_DATED = re.compile(r"\d|@")
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
_SIGNATURE = re.compile(r"--\s*")
_LONGEST_MOBILE_LINE = 60
_HEADER_LINES = 4


def cut_quoted(text: str) -> str:
    """Return the new text of a reply; a text without quotes comes back as it is.

    Lines that begin with ">" go, wherever they stand. What follows "On ... wrote:", a divider
    or a block of mail headers goes too, unless the quote below it is marked with ">", because
    then people may answer below. A signature after "-- " and the lines that telephones add go.
    The words for it are known in English, Spanish, Portuguese, French, German, Italian, Dutch,
    Danish, Swedish, Norwegian, Polish, Arabic and Hindi.
    """
    text = text[:MAX_READ]
    if "\n" not in text and ":" not in text:
        return text
    kept: list[str] = []
    lines = _split_attributions(text).split("\n")
    for at, line in enumerate(lines):
        if _begins_quote(lines, at):
            if not _is_marked(lines, at + 1):
                break
        elif _SIGNATURE.fullmatch(line) and any(before.strip() for before in kept):
            break
        elif not (_is_quoted(line) or _is_mobile(line)):
            kept.append(line)
    return "\n".join(kept)


def _split_attributions(text: str) -> str:
    """Put every "On ... wrote:" on a line of its own, also one that was wrapped."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    joined = re.sub(r"\n(?=[^\n:]{0,100}(?:wrote|écrit|schrieb|scritto|escribió|escreveu)\s?:)", " ", text)
    return _ATTRIBUTION.sub(
        lambda found: f"\n{found[0]}\n" if _DATED.search(found[0]) else found[0], joined
    )


def _begins_quote(lines: list[str], at: int) -> bool:
    line = lines[at]
    if _ORIGINAL.match(line) or _RULE.fullmatch(line):
        return True
    if _HEADER_FROM.match(line):
        return any(_HEADER_NEXT.match(after) for after in lines[at + 1 : at + _HEADER_LINES])
    return bool(_ATTRIBUTION.fullmatch(line.strip()) and _DATED.search(line))


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
    parser.feed(html[:MAX_READ])
    parser.close()
    text = cut_quoted("".join(parser.lines))
    return "\n".join(line.strip() for line in text.splitlines() if fold(line) or line.strip())
