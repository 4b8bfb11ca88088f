"""The XML inside a workbook (ECMA-376, part 1, 18): a sheet's rows and the texts it refers to.

Read with expat as it comes, so that neither a sheet nor its texts are ever held as a whole.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from typing import IO, Any
from xml.parsers import expat

READ = 64 * 1024
LONGEST = 1024 * 1024  # characters in a row, or in a text
MOST_CELLS = 100  # of a row that are read; no list has its addresses further to the right
LONGEST_CELL = 1000  # characters of it: one shared text may stand in a million cells
MOST_ROWS = 1_048_576  # of a sheet
MOST_ELEMENTS = 200_000  # of a part that is read whole: Excel has 65,490 formats at most


class Broken(ValueError):
    """Not what a workbook holds."""


def refuse(*_: Any) -> None:
    """Stop at a document type: no workbook has one, and entities can unfold without end."""
    raise Broken("a document type")


class _Reader:
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


class Texts(_Reader):
    """The shared texts of a workbook, by their number, kept in `file`."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file = file
        self._ends = array("Q", [0])

    def read(self, part: IO[bytes]) -> None:
        """Take the texts of a part."""
        for _ in self.feed(part):
            pass

    def __getitem__(self, number: int) -> str:
        """Give a text. Raises IndexError."""
        if not 0 <= number < len(self._ends) - 1:
            raise IndexError(number)
        self._file.seek(self._ends[number])
        return self._file.read(self._ends[number + 1] - self._ends[number]).decode()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        self._aside += name == "rPh"
        self._listens = name == "t"

    def _end(self, name: str) -> None:
        name = local(name)
        self._aside -= name == "rPh"
        self._listens = False
        if name == "si":
            self._ends.append(self._ends[-1] + self._file.write(self._taken().encode()))
            self._length = 0


class Rows(_Reader):
    """The rows of a sheet; `value` makes the text of a cell of its type, style and raw text."""

    def __init__(self, value: Callable[[str, int, str], str]) -> None:
        super().__init__()
        self._value = value
        self._done: list[list[str]] = []
        self._number = 0
        self._row: list[str] = []
        self._cell: dict[str, str] = {}

    def read(self, part: IO[bytes]) -> Iterator[list[str]]:
        """Give the rows of a sheet, an empty list for one that is left out."""
        for _ in self.feed(part):
            yield from self._done
            self._done.clear()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if name == "c":
            self._cell = attributes
        elif name in ("v", "t"):
            self._listens = True
        elif name == "rPh":
            self._aside += 1
        elif name == "row":
            self._begin_row(int(attributes.get("r", 0)))

    def _end(self, name: str) -> None:
        name = local(name)
        if name in ("v", "t"):
            self._listens = False
        elif name == "c":
            self._end_cell()
        elif name == "rPh":
            self._aside -= 1
        elif name == "row":
            self._done.append(self._row)
            self._row = []

    def _begin_row(self, number: int) -> None:
        if number > MOST_ROWS or self._number >= MOST_ROWS:
            raise Broken("more rows than a sheet has")
        number = max(number, self._number + 1)
        self._done += ([] for _ in range(self._number + 1, number))
        self._number, self._row, self._length = number, [], 0

    def _end_cell(self) -> None:
        place = column(self._cell.get("r", "")) or len(self._row) + 1
        text = self._taken()
        if place > MOST_CELLS:
            return
        value = self._value(self._cell.get("t", "n"), int(self._cell.get("s", 0)), text)
        self._row += [""] * (place - 1 - len(self._row))
        self._row[place - 1 :] = [value[:LONGEST_CELL]]


class Outline(_Reader):
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


def column(reference: str) -> int:
    """Give the number of a cell's column, counted from 1: `AB12` is 28; 0 where it names none."""
    number = 0
    for char in reference[:4]:
        if not "A" <= char <= "Z":
            break
        number = number * 26 + ord(char) - 64
    return number
