"""Benchmarks of the bus run: a few calls each, without peers, and without a look at the clock."""

from dataclasses import replace

from benchmarks.bus.ask import ASK
from benchmarks.bus.consume import CONSUME
from benchmarks.bus.execute import EXECUTE
from benchmarks.harness.description import Level, Role
from benchmarks.harness.judging import judge
from benchmarks.harness.pairing import measure
from benchmarks.harness.tables import figures
from benchmarks.places import DEFAULT_SYNC, PLACES


async def test_each_kind_is_measured_and_what_fails_is_said() -> None:
    asked = replace(
        ASK.variants[0],
        client=Role("benchmarks.bus.ours:asking", {"sampled": 1.0}),
        servers=(Role("benchmarks.bus.ours:answering", {"sampled": 1.0}),),
    )
    executed = replace(EXECUTE.variants[0], name="executed")
    consumed = replace(CONSUME.variants[0], name="consumed")
    broken = replace(asked, name="broken", client=Role("benchmarks.bus.ours:nothing"), servers=())
    variants = (asked, executed, consumed, broken)
    benchmark = replace(
        ASK,
        variants=tuple(replace(variant, place=DEFAULT_SYNC) for variant in variants),
        places={DEFAULT_SYNC: PLACES[DEFAULT_SYNC]},
        levels=(Level("few", 1, 20),),
        repetitions=1,
        warms_up=False,
    )
    lines: list[str] = []
    record = await measure(benchmark, quick=False, tell=lines.append)
    assert [variant.absent for variant in record.variants] == ["", "", "", "failed"], lines
    assert any(line.startswith("broken: ended before it said ready") for line in lines)
    for variant in record.variants[:3]:
        assert record.values(variant.name, "few rate")
        assert variant.name in figures(record)
    assert {judged.verdict for judged in judge(record)} == {"not measured"}
