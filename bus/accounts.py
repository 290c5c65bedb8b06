"""What each NATS user may do, and what the accounts give each other: spelled for nats-server."""

from collections.abc import Mapping, Sequence

from bus.topology import STREAMS, Consumer
from bus.users import CORE, USERS, User

ANSWER_WITHIN = "10s"
"""Longer than anybody waits, and than a pull lasts: later an answer no longer finds its way."""
CONNECTIONS = 64
"""Of one account: who has a stolen key and opens many leaves the others theirs."""
NOTHING = {"publish": {"deny": ">"}, "subscribe": {"deny": ">"}}
MIB = 1024 * 1024
OPERATORS_BYTES = 256 * MIB
"""Room for streams that an operator makes by hand, e.g. of a backup."""


def consumers_of(user: str, consumers: Sequence[Consumer]) -> list[Consumer]:
    """Return the consumers that a user pulls from."""
    return [consumer for consumer in consumers if consumer.name.split("-")[0] == user]


def permissions(user: str, consumers: Sequence[Consumer]) -> dict[str, object]:
    """Return a user's permissions as nats-server's configuration spells them."""
    table = USERS[user]
    if table.everything:
        return {"publish": [">"], "subscribe": [">"]}
    own = consumers_of(user, consumers)
    result: dict[str, object] = {
        "publish": [
            *_requests(user, table, own),
            *(_acknowledging(each) for each in own),
            # By hearing itself a connection knows that it lives.
            f"_INBOX.{user}.probe.>",
        ],
        "subscribe": [f"_INBOX.{user}.>", *table.subscribes],
    }
    if table.responds:
        result["allow_responses"] = {"max": 1, "expires": ANSWER_WITHIN}
    return result


def accounts(
    public_keys: Mapping[str, str], consumers: Sequence[Consumer]
) -> dict[str, dict[str, object]]:
    """Return all accounts with their users; `public_keys` are the users' nkeys by name.

    Raises KeyError when a user that every server needs has no key.
    """
    users = {
        name: public_keys[name]
        for name, user in USERS.items()
        if name in public_keys or not user.only_development
    }
    exports: dict[str, dict[str, dict[str, object]]] = {}
    result: dict[str, dict[str, object]] = {"SYS": {"users": []}, CORE: _core()}
    for name, key in users.items():
        account = result.setdefault(USERS[name].account, _edge())
        _list(account, "users").append({"nkey": key, "permissions": permissions(name, consumers)})
        for subject, answers in _services(name, consumers).items():
            owner = _owner(subject)
            if owner != USERS[name].account:
                _list(account, "imports").append(
                    {"service": {"account": owner, "subject": subject}}
                )
                export = exports.setdefault(owner, {}).setdefault(subject, _export(subject))
                export |= answers
                _list(export, "accounts").append(USERS[name].account)
    for owner, services in exports.items():
        _list(result[owner], "exports").extend(services.values())
    return result


def _core() -> dict[str, object]:
    stored = sum(stream.max_bytes or 0 for stream in STREAMS.values())
    return {
        "default_permissions": NOTHING,
        "limits": {"max_connections": 4 * CONNECTIONS},
        "jetstream": {
            "max_file": stored + OPERATORS_BYTES,
            "max_mem": 64 * MIB,
            "max_streams": 2 * len(STREAMS),
        },
    }


def _edge() -> dict[str, object]:
    return {"default_permissions": NOTHING, "limits": {"max_connections": CONNECTIONS}}


def _requests(user: str, table: User, own: Sequence[Consumer]) -> list[str]:
    """Subjects on which it publishes or asks; the server or a service answers."""
    kinds = (str((STREAMS[stream].subjects or [""])[0]).split(".")[0] for stream in table.reads)
    return [*table.publishes, *(f"dead.{kind}.>" for kind in kinds), *map(_pulling, own)]


def _services(user: str, consumers: Sequence[Consumer]) -> dict[str, dict[str, object]]:
    """What a user asks for, subject by subject, and how the answers come."""
    table = USERS[user]
    if table.everything:
        return {}
    own = consumers_of(user, consumers)
    once: dict[str, object] = {"response_threshold": ANSWER_WITHIN}
    found = dict.fromkeys(_requests(user, table, own), once)
    for consumer in own:
        # A pull is answered by many messages, an acknowledgement by none.
        found[_pulling(consumer)] = {**once, "response_type": "stream"}
        found[_acknowledging(consumer)] = once
    return found


def _owner(subject: str) -> str:
    """The account in which somebody waits for a subject: the streams', unless a service's."""
    for user in USERS.values():
        if user.responds and subject in user.subscribes:
            return user.account
    return CORE


def _export(subject: str) -> dict[str, object]:
    return {"service": subject, "accounts": []}


def _pulling(consumer: Consumer) -> str:
    return f"$JS.API.CONSUMER.MSG.NEXT.{consumer.stream}.{consumer.name}"


def _acknowledging(consumer: Consumer) -> str:
    return f"$JS.ACK.{consumer.stream}.{consumer.name}.>"


def _list(table: dict[str, object], key: str) -> list[object]:
    found = table.setdefault(key, [])
    assert isinstance(found, list)
    return found
