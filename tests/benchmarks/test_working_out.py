"""What is worked out from measurements: slopes of memory, and what a million people take."""

import pytest

from benchmarks.endurance import slope
from benchmarks.harness.record import Made, Record
from benchmarks.presses.comparing import OURS
from benchmarks.presses.counting import COUNTED
from benchmarks.presses.load import share_of
from benchmarks.scale import ACTIVITIES, BEGIN, END, Press, column, copies, page, partitions

MIB = 1024 * 1024
USUAL = ACTIVITIES[1]
"""A million presses a day: 104 a second at the peak."""


def press() -> Press:
    figures = {"at rest p50": 20.0, "at 50 cpu bot-1": 6.0, "at 50 cpu bot-2": 6.0}
    figures |= {"at 50 cpu nats": 3.0} | {f"{name} a press": 2.0 for name in COUNTED}
    return Press(
        Record(
            name="presses",
            title="",
            work="",
            variants=[],
            goals=[],
            against="",
            columns=[],
            compared=[],
            drawn=[],
            made=Made({}, {}, False),
            repetitions=[{OURS: figures}],
        )
    )


def test_copies_of_a_service_share_its_processor_time() -> None:
    assert press().cpu == {"bot": 12.0, "nats": 3.0}
    assert USUAL.peak == pytest.approx(104.17, abs=0.01)
    assert copies(press(), USUAL) == {"bot": 3}  # 104 presses of 12 ms, at 60 % of a core


def test_a_partition_handles_one_press_at_a_time() -> None:
    assert partitions(press(), USUAL) == 25  # 104 presses of 120 ms, half of the time


def test_the_page_keeps_its_words_around_the_tables() -> None:
    written = page(f"before\n{BEGIN}\nold\n{END}\nafter", press())
    assert written.startswith("before\n")
    assert written.endswith("\nafter")
    assert "old" not in written
    assert column(press(), USUAL)["writes to streams a second"] in written


def test_a_slope_leaves_out_the_warm_up() -> None:
    warming = [(number * MIB, 0) for number in range(10)]
    flat = [(10 * MIB, 0)] * 50
    assert slope(warming + flat, hours=1.0) == pytest.approx(0.0)
    growing = [(10 * MIB + number * MIB, 0) for number in range(60)]
    assert slope(growing, hours=1.0) == pytest.approx(60.0)


def test_a_share_of_few_values_is_the_one_there_is() -> None:
    assert share_of([], 0.5) == 0.0
    assert share_of([7.0], 0.99) == 7.0
    assert share_of([1.0, 2.0, 3.0], 0.5) == 2.0
