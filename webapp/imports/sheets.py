"""A sheet's rows and the texts that it refers to (ECMA-376, part 1, 18)."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from typing import IO

from webapp.imports.parts import Broken, Reader, local

MOST_CELLS = 100  # of a row that are read; no list has its addresses further to the right
LONGEST_CELL = 1000  # characters of it: one shared text may stand in a million cells
MOST_ROWS = 1_048_576  # of a sheet


class Texts(Reader):
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


class Rows(Reader):
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


def column(reference: str) -> int:
    """Give the number of a cell's column, counted from 1: `AB12` is 28; 0 where it names none."""
    number = 0
    for char in reference[:4]:
        if not "A" <= char <= "Z":
            break
        number = number * 26 + ord(char) - 64
    return number
