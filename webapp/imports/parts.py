"""The XML parts of a workbook (ECMA-376), read with expat as they come.

So that none is ever held as a whole, and a text or a tree without end stops at a limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any
from xml.parsers import expat

READ = 64 * 1024
LONGEST = 1024 * 1024  # characters in a row, or in a text
MOST_ELEMENTS = 200_000  # of a part that is read whole: Excel has 65,490 formats at most


class Broken(ValueError):
    """Not what a workbook holds."""


def refuse(*_: Any) -> None:
    """Stop at a document type: no workbook has one, and entities can unfold without end."""
    raise Broken("a document type")


class Reader:
    """Calls `_start` and `_end` with the names of elements, and gathers the text in between."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._heard
        self._parser.StartDoctypeDeclHandler = refuse
        self._listens = False
        self._aside = 0  # how deep in what is no text of the cell: the reading aid of a word
        self._text: list[str] = []
        self._length = 0

    def feed(self, part: IO[bytes]) -> Iterator[None]:
        """Read the part piece by piece, with a pause after each."""
        while piece := part.read(READ):
            self._parser.Parse(piece, False)
            yield
        self._parser.Parse(b"", True)
        yield

    def _heard(self, text: str) -> None:
        if self._listens and not self._aside:
            self._text.append(text)
            self._length += len(text)
            if self._length > LONGEST:
                raise Broken("a text without end")

    def _taken(self) -> str:
        text = "".join(self._text)
        self._text.clear()
        return text

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def _end(self, name: str) -> None:
        raise NotImplementedError


class Outline(Reader):
    """The elements of a small part: each with the name of what it stands in, and its attributes."""

    def __init__(self, part: IO[bytes] | None) -> None:
        super().__init__()
        self.elements: list[tuple[str, str, dict[str, str]]] = []
        self._path = [""]
        for _ in self.feed(part) if part else ():
            if len(self.elements) > MOST_ELEMENTS:
                raise Broken("a part without end")

    def named(self, name: str, within: str | None = None) -> list[dict[str, str]]:
        """Give the attributes of the elements of a name, anywhere or within another."""
        return [a for parent, n, a in self.elements if n == name and within in (None, parent)]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements.append((self._path[-1], local(name), attributes))
        self._path.append(local(name))

    def _end(self, name: str) -> None:
        self._path.pop()


def local(name: str) -> str:
    """Give an element's name without its prefix."""
    return name if ":" not in name else name.rpartition(":")[2]
