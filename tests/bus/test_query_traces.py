"""A question is answered in the trace of who asks, and the answer names it."""

import pytest
from opentelemetry.trace import NoOpTracer

from tests.bus.asking import answering, ask_by_hand, list_types, trace_of
from tests.bus.bench import Bench


async def test_who_asks_within_a_trace_is_answered_in_it(bench: Bench) -> None:
    mine = "0af7651916cd43dd8448eb211c80319c"
    asked = {"Traceparent": f"00-{mine}-b7ad6b7169203331-01", "Actor": "7@documents"}
    async with answering(bench, list_types):
        assert trace_of(bench, await ask_by_hand(bench, b"", asked)) == mine
        assert trace_of(bench, await ask_by_hand(bench, b"no JSON", asked)) == mine


async def test_an_answer_made_in_no_trace_names_none(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "tracer", NoOpTracer())
    async with answering(bench, list_types):
        answer = await ask_by_hand(bench, b"", {"Actor": "7@documents"})
        assert not answer.headers
        mine = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        answer = await ask_by_hand(bench, b"", {"Actor": "7@documents", "traceparent": mine})
        assert (answer.headers or {})["Trace-Id"] == mine.split("-")[1]
