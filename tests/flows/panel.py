"""The panel "What happened" as a test reads it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.chat import Chat

SHOWN_WITHIN = 60.0
CHECK_EVERY = 0.1


@dataclass
class Entry:
    """A span of the waterfall, or a log line: its classes and all its text."""

    classes: set[str]
    text: str = ""


@dataclass
class Panel(HTMLParser):
    """What stands in the panel."""

    html: str
    spans: list[Entry] = field(default_factory=list)
    lines: list[Entry] = field(default_factory=list)
    trace_id: str = ""
    _into: Entry | None = None

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)
        for entry in [*self.spans, *self.lines]:
            entry.text = " ".join(entry.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a span or a log line."""
        said = dict(attrs)
        classes = set((said.get("class") or "").split())
        if tag == "li" and "span" in classes:
            self._into = Entry(classes)
            self.spans.append(self._into)
        if tag == "li" and "line" in classes:
            self._into = Entry(classes)
            self.lines.append(self._into)
        if tag in ("h2", "nav"):
            self._into = None

    def handle_data(self, data: str) -> None:
        """All text between belongs to the span or line that began last."""
        if self._into:
            self._into.text += data

    def did(self, service: str, what: str) -> list[Entry]:
        """Return the spans of a service that did something."""
        return [span for span in self.spans if span.text.startswith(f"{service} {what}")]

    @property
    def roots(self) -> list[Entry]:
        """The spans whose parent is not shown."""
        return [span for span in self.spans if "depth-0" in span.classes]


async def panel_of(chat: Chat, message_id: int, shows: Callable[[Panel], object]) -> Panel:
    """Open the panel of a message and wait until it shows what it should."""
    address = f"/page/{chat.app}/{chat.person_id}/messages/{message_id}/what-happened"
    panel = Panel("")
    try:
        async with asyncio.timeout(SHOWN_WITHIN):
            while not shows(panel):
                async with chat.http.get(address) as response:
                    assert response.status == 200
                    panel = Panel(await response.text())
                await asyncio.sleep(CHECK_EVERY)
    except TimeoutError:
        raise AssertionError(f"the panel never showed it:\n{panel.html}") from None
    return panel
