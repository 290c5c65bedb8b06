"""Texts in a person's language: English in the code, translated by the catalogues in locale/."""

import gettext
import html
import io
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.units import format_unit

from contracts.base import Language

KEYWORDS: dict[str, tuple[int, ...] | None] = {"say": None, "plain": None, "plural": (1, 2)}
"""Calls that hold a text to translate, and which of their arguments it is, as Babel wants it.

New texts get into a catalogue by
`pybabel extract -k say -k plain -k plural:1,2 --no-location -o messages.pot screens` and
`pybabel update -i messages.pot -o screens/locale/ru.po -l ru --no-fuzzy-matching -w 90`.
"""

UNITS = ("byte", "kilobyte", "megabyte", "gigabyte", "terabyte")

LOCALES = Path(__file__).with_name("locale")


class Texts:
    """Says things in one language.

    A template is the English text with `{names}` for values; it is the key of its translation.
    """

    def __init__(self, language: Language, catalogue: gettext.NullTranslations) -> None:
        self.language: Language = language
        self._catalogue = catalogue

    def __call__(self, template: str, /, **values: object) -> str:
        """Return HTML; values are escaped, so what people typed can never become markup."""
        return self._catalogue.gettext(template).format(**_escaped(values))

    def plain(self, template: str, /, **values: object) -> str:
        """Return plain text, for buttons and toasts, which know no markup."""
        return self._catalogue.gettext(template).format(**values)

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """Return HTML in the form that goes with `n`, which the templates know as `{n}`."""
        return self._catalogue.ngettext(one, many, n).format(n=n, **_escaped(values))

    def day(self, day: date) -> str:
        """Return a day of the calendar."""
        return format_date(day, "d MMM y", locale=self.language)

    def moment(self, moment: datetime, time_zone: str, pattern: str = "d MMM y HH:mm") -> str:
        """Return a moment as a clock in `time_zone` shows it; `pattern` is of Unicode's CLDR."""
        return format_datetime(moment, pattern, tzinfo=ZoneInfo(time_zone), locale=self.language)

    def local(self, clock: datetime, pattern: str = "EEE, d MMM y, HH:mm") -> str:
        """Return a local time, which knows no zone; `pattern` is of Unicode's CLDR."""
        return format_datetime(clock.replace(tzinfo=UTC), pattern, locale=self.language)

    def number(self, number: float) -> str:
        """Return a number with the marks that people are used to, e.g. `12,500`."""
        return format_decimal(number, locale=self.language)

    def size(self, count: int) -> str:
        """Return so many bytes in the unit that suits them, e.g. `1.5 MB`."""
        power = min(max(count.bit_length() - 1, 0) // 10, len(UNITS) - 1)
        unit, value = f"digital-{UNITS[power]}", count / 1024**power
        return format_unit(value, unit, "short", "#,##0.#", locale=self.language)


@cache
def texts(language: Language) -> Texts:
    """Return the texts of a language."""
    if language == "en":
        return Texts(language, gettext.NullTranslations())
    compiled = io.BytesIO()
    with (LOCALES / f"{language}.po").open("rb") as catalogue:
        write_mo(compiled, read_po(catalogue, locale=language))
    compiled.seek(0)
    return Texts(language, gettext.GNUTranslations(compiled))


def _escaped(values: dict[str, object]) -> dict[str, str]:
    return {name: html.escape(str(value)) for name, value in values.items()}
