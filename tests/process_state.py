"""What is said once for a whole process, put back as it was: tests share their process."""

import copy
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog

from observability import discretion, levels, masking

STATES = ((levels, "_chosen"), (discretion, "_chosen"), (masking, "_hidden"))


@contextmanager
def process_as_before() -> Iterator[None]:
    """How lines are written, whom they name and what is cut out of them is then as before."""
    root, config = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    with pytest.MonkeyPatch.context() as process:
        for module, state in STATES:
            process.setattr(module, state, copy.copy(getattr(module, state)))
        try:
            yield
        finally:
            structlog.configure(**config)
            root.handlers[:] = handlers
            root.setLevel(level)
            masking.remembered.cache_clear()  # by what was hidden meanwhile
