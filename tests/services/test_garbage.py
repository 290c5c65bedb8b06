"""A service that is ready does not stop to look for garbage because many messages are in hand."""

import gc
from collections.abc import Iterator

import pytest

from services.garbage import YOUNG, look_for_less

HELD = YOUNG // 2
"""Objects: what a hundred messages in hand hold, and far more than Python would bear by itself."""


@pytest.fixture
def as_before() -> Iterator[None]:
    """Look for garbage afterwards as before."""
    often = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*often)


@pytest.mark.usefixtures("as_before")
def test_what_messages_in_hand_hold_is_no_reason_to_look() -> None:
    def looks() -> int:
        return sum(each["collections"] for each in gc.get_stats())

    gc.collect()
    look_for_less()
    before = looks()
    held = [[number] for number in range(HELD)]
    assert looks() == before
    assert len(held) == HELD
    assert gc.get_freeze_count()
