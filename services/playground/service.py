"""The playground as a service."""

import errno

from services.life import Life
from services.playground import PlaygroundSettings as Place
from services.playground import playground as local_telegram
from services.settings import PlaygroundSettings

SETTINGS = PlaygroundSettings


class PortTaken(Exception):
    """Somebody else listens where the playground should."""


async def playground(settings: PlaygroundSettings, life: Life) -> None:
    """Serve the local Telegram until told to stop."""
    place = Place(
        directory=settings.playground_dir,
        bots={app: token.get_secret_value() for app, token in settings.bot_tokens.items()},
        host=settings.playground_host,
        port=settings.playground_port,
        asyncapi=settings.asyncapi_file,
    )
    seed = settings.nats_seed_playground
    shows_bus = settings.nats_url and seed.get_secret_value()
    bus = life.bus_watch(settings.nats_url, seed) if shows_bus else None
    try:
        async with local_telegram(place, bus):
            life.ready.set()
            if bus:
                await life.until_stopping(bus.run())
            else:
                await life.stopping.wait()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise PortTaken(f"PLAYGROUND_PORT {place.port} is in use by another program") from None
