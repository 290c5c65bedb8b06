"""Whatever is written, what is read keeps its promises: certain is one moment, still to come."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from services.bot.forms.written import is_to_come, read_moment, shown_by_clocks, split_moment

WORDS = (
    "in at on by next past half the of через в во до к пол и - : . / @ , ! "
    "today tomorrow tonight friday sat monday week day days hours hour minutes month year "
    "завтра сегодня послезавтра пятницу следующий среду неделю недель часа часов мин дня года "
    "0 00 2 5 14 25 31 99 2027 14:00 2:30 25.12 3/4 2027-12-31 15-го 1,5 полчаса пару "
    "am pm noon midnight morning evening утра вечера ночи утром полдень полночь шестого may мая"
)
TEXTS = st.lists(st.sampled_from(WORDS.split()), max_size=6).map(" ".join) | st.text(max_size=30)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31))  # noqa: DTZ001 - UTC below


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, at=MOMENTS)
def test_what_is_read_keeps_its_promises(text: str, at: datetime) -> None:
    now = at.replace(tzinfo=UTC).astimezone(ZoneInfo("Europe/Berlin"))
    reading = read_moment(text, now)
    if reading is None:
        return
    assert all(is_to_come(moment, now) for moment in reading.moments)
    assert all(shown_by_clocks(moment, now) == (moment,) for moment in reading.moments)
    assert list(reading.moments) == sorted(set(reading.moments))
    match reading.doubt:
        case None:
            assert len(reading.moments) == 1
        case "several" | "vague" | "no_such_time":
            assert reading.moments
        case "no_time":
            assert 1 <= len(reading.days) <= 2
            assert min(reading.days) >= now.date()


@settings(max_examples=100, deadline=None)
@given(text=TEXTS)
def test_no_word_of_a_line_is_lost(text: str) -> None:
    split = split_moment(text, datetime(2026, 11, 18, 12, 0, tzinfo=UTC))
    assert sorted(f"{split.title} {split.written}".split()) == sorted(text.split())
