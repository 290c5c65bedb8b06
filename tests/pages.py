"""Pages of docs/ that show commands with what they print, and the shape of such output."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

WRITING = "WRITE_PAGES"
"""Set in the environment, the output on a page is replaced by what is printed now."""
_BLOCK = re.compile(r"(?<=```console\n).*?(?=```)", re.S)
_VARYING = (
    (r"\b(\d+ min )?\d+(\.\d+)? m?s\b", "<time>"),
    # Before ids: of some numbers there are as many digits.
    (r"\b\d+\.\d+(e-\d+)?\b", "0"),
    (r"\b[0-9a-f]{32}\b", "<trace>"),
    (r"\b[0-9a-f]{16}\b", "<span>"),
    (r"\b[0-9a-f]{12}\b", "<hash>"),
    (r"documents-\d+-[0-9a-f]{8}", "<message>"),
    (r"bot-[A-Za-z0-9]{22}", "<bot>"),
    (r"_INBOX\.\S+", "<inbox>"),
    (r"[0-9][0-9.:TZ-]*", "0"),
    (r"[ \t]+", " "),
)


@dataclass
class Example:
    """A command, and what the page says it prints."""

    command: str
    expected: list[str] = field(default_factory=list)

    def is_same(self, printed: list[str]) -> bool:
        """Compare shapes; who works at the same time may do so in another order, or once more."""
        return {shape(line) for line in self.expected} == {shape(line) for line in printed}

    def assert_same(self, printed: list[str]) -> None:
        """Compare as `is_same` does, and show what was printed where it differs."""
        assert self.is_same(printed), f"{self.command} prints otherwise:\n" + "\n".join(printed)


def examples(page: Path) -> list[Example]:
    """Return those of a page, in order."""
    found: list[Example] = []
    for block in _BLOCK.findall(page.read_text(encoding="utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append(Example(line[2:]))
            else:
                found[-1].expected.append(line)
    return found


def shape(line: str) -> str:
    """Return what stays the same from run to run."""
    for pattern, word in _VARYING:
        line = re.sub(pattern, word, line)
    return line.strip()


def write_if_wanted(page: Path, printed: list[Example]) -> None:
    """Put what was really printed on the page, where somebody asks for that."""
    if os.environ.get(WRITING):
        following = iter(printed)
        text = _BLOCK.sub(_anew(following.__next__), page.read_text(encoding="utf-8"))
        page.write_text(text, encoding="utf-8")


def _anew(following: Callable[[], Example]) -> Callable[[re.Match[str]], str]:
    def written(block: re.Match[str]) -> str:
        count = sum(line.startswith("$ ") for line in block[0].splitlines())
        lines = [
            line
            for example in [following() for _ in range(count)]
            for line in (f"$ {example.command}", *example.expected)
        ]
        return "\n".join([*lines, ""])

    return written
