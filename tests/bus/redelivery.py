"""When the server delivers again what was not settled, and whether it has."""

from nats.js.api import ConsumerConfig

from tests.bus.bench import STORAGE, Bench


async def hear_again_after(bench: Bench, *, seconds: float) -> None:
    """Have messages that nobody settles delivered again sooner than usual."""
    operator = await bench.link("operator")
    impatient: ConsumerConfig = STORAGE.config().evolve(ack_wait=seconds)
    await operator.jetstream.add_consumer(STORAGE.stream, impatient)


async def was_delivered_again(bench: Bench) -> bool:
    """Tell whether the one message that nobody has settled has come again."""
    operator = await bench.link("operator")
    info = await operator.jetstream.consumer_info(STORAGE.stream, STORAGE.name)
    return bool(info.num_redelivered)
