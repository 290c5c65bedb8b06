"""nats-server's configuration, written from the table of users."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bus.accounts import accounts
from bus.topology import Consumer

MAX_PAYLOAD = 1024 * 1024
ENVIRONMENT = {"GOGC": "200", "GOMEMLIMIT": "384MiB"}
"""Of nats-server's process: it holds so little that Go would look for garbage all the time. It may
leave twice as much lying as it holds, for less of its processor time, up to the limit, which is
below that of its container."""


@dataclass(frozen=True, kw_only=True)
class ServerTls:
    """Files in PEM; with `ca` a client needs a certificate of that authority, too."""

    cert: str
    key: str
    ca: str = ""


@dataclass(frozen=True, kw_only=True)
class ServerPlace:
    """Where one server keeps its streams and listens; `listen` and `http` are host:port."""

    store_dir: str
    listen: str
    http: str = ""
    tls: ServerTls | None = None


def nats_config(
    public_keys: Mapping[str, str], consumers: Sequence[Consumer], place: ServerPlace
) -> str:
    """Return a configuration (HOCON accepts JSON) for one server.

    `public_keys` are the users' public nkeys by name.
    Raises KeyError when a user that every server needs has none.
    """
    config: dict[str, object] = {
        "server_name": "switchboard",
        "listen": place.listen,
        "jetstream": {
            "store_dir": place.store_dir,
            # Every acknowledged message is on disk: else a power cut takes two minutes' worth.
            "sync_interval": "always",
            # Requests with anything that does not belong there are refused.
            "strict": True,
        },
        "system_account": "SYS",
        "accounts": accounts(public_keys, consumers),
        # nats-py understands the first form of acknowledgement subjects only.
        "feature_flags": {"js_ack_fc_v2": False},
        "max_connections": 1000,
        # Of one connection.
        "max_subscriptions": 2048,
        "max_control_line": 4096,
        "max_payload": MAX_PAYLOAD,
        "ping_interval": "20s",
        "ping_max": 2,
        "write_deadline": "5s",
    }
    if place.http:
        config["http"] = place.http
    if place.tls:
        config["tls"] = _tls(place.tls)
    lines = (f"{name}: {json.dumps(value, indent=2)}" for name, value in config.items())
    return "# Written by `switchboard nats-config`; edit bus/topology.py instead.\n" + "\n".join(
        lines
    )


def _tls(files: ServerTls) -> dict[str, object]:
    tls: dict[str, object] = {"cert_file": files.cert, "key_file": files.key}
    if files.ca:
        tls |= {"ca_file": files.ca, "verify": True}
    return tls
