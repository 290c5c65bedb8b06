"""Names and notes as they are kept: what looks the same is the same."""

import re
import unicodedata

from contracts.documents import WRITTEN


def tidy(text: str) -> str:
    """Return `text` with composed letters, single spaces, nothing invisible; never longer."""
    tidied = " ".join(re.findall(f"{WRITTEN}+", text))
    # A few letters become longer when composed, and might break the limit they just kept.
    return min(unicodedata.normalize("NFC", tidied), tidied, key=len)


def tidy_lines(text: str) -> str:
    """Return `text` with each of its lines tidied, and at most one empty line between any two."""
    lines = "\n".join(map(tidy, text.splitlines()))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()
