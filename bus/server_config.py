"""nats-server's configuration, written from the table of users."""

import json
from collections.abc import Mapping, Sequence

from bus.topology import USERS, permissions


def nats_config(
    public_keys: Mapping[str, str],
    *,
    apps: Sequence[str],
    store_dir: str,
    listen: str,
    http: str | None = None,
) -> str:
    """Return a configuration (HOCON accepts JSON) for one server.

    `public_keys` are the users' public nkeys by name, `listen` and `http` are host:port.
    Raises KeyError when a user of the table has no key.
    """
    users = [{"nkey": public_keys[name], "permissions": permissions(name, apps)} for name in USERS]
    config: dict[str, object] = {
        "server_name": "switchboard",
        "listen": listen,
        # Every acknowledged message is on disk: without it a power cut takes two minutes' worth.
        "jetstream": {"store_dir": store_dir, "sync_interval": "always"},
        "authorization": {
            "default_permissions": {"publish": {"deny": ">"}, "subscribe": {"deny": ">"}},
            "users": users,
        },
        # nats-py understands the first form of acknowledgement subjects only.
        "feature_flags": {"js_ack_fc_v2": False},
        "max_payload": 1024 * 1024,
        "ping_interval": "20s",
        "ping_max": 2,
        "write_deadline": "5s",
    }
    if http:
        config["http"] = http
    lines = (f"{name}: {json.dumps(value, indent=2)}" for name, value in config.items())
    return "# Written by `switchboard nats-config`; edit bus/topology.py instead.\n" + "\n".join(
        lines
    )
