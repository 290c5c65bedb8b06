"""A reminder that waited for the notifier is told by the time it is then."""

from datetime import timedelta

from msgspec.structs import replace

from contracts.calendar import TaskDue
from services.notifier.calendar import as_it_is
from tests.examples import EXAMPLES


def test_a_reminder_says_how_near_its_deadline_is_when_it_is_told() -> None:
    (event,) = (each for each in EXAMPLES["calendar"] if isinstance(each, TaskDue))
    event = replace(event, late=False, minutes_left=60)
    then = event.due_at - timedelta(hours=1)

    assert as_it_is(event, then + timedelta(minutes=3)) == replace(event, minutes_left=57)
    waited = as_it_is(event, then + timedelta(hours=2))
    assert waited == replace(event, minutes_left=-60, late=True)
