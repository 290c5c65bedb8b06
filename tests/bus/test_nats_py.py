"""What bus/client.py, lean_client.py and lean_parser.py know of nats-py's insides is still so.

Before another version of nats-py is allowed: install it, run this file, compare what it names with
what of ours stands in its place, and note the new digests; then run all of tests/bus.
"""

import hashlib
import inspect
from collections.abc import Callable
from dataclasses import fields
from importlib.metadata import version
from typing import Any

import pytest
from nats.aio import subscription, transport
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.protocol import parser

KNOWN: dict[str, tuple[Callable[..., Any], str]] = {
    # In the place of these stands code of ours, which has to raise, count and mean the same.
    "Client.publish": (Client.publish, "97d776c391ad"),
    "Client._send_publish": (Client._send_publish, "300b534f8eab"),
    "Client.request": (Client.request, "5b1b97e620da"),
    "Client._request_new_style": (Client._request_new_style, "78cc35ce5ad4"),
    "Client._init_request_sub": (Client._init_request_sub, "14571cd9117e"),
    "Client._build_message": (Client._build_message, "13cbe7b7f8cb"),
    "Client._parse_header_lines": (Client._parse_header_lines, "049cf69148e0"),
    "Parser.parse": (parser.Parser.parse, "7d6165f1766c"),
    # These are called, or called by nats-py where ours are meant to be called.
    "Client._send_command": (Client._send_command, "ed57e8e86389"),
    "Client._flush_pending": (Client._flush_pending, "317c8d7ef54b"),
    "Client._flusher": (Client._flusher, "43957ffb357d"),
    "Client._send_ping": (Client._send_ping, "d57b2f820443"),
    "Client._process_pong": (Client._process_pong, "ee4c4d01a16d"),
    "Client._process_msg": (Client._process_msg, "6cff75947e97"),
    "Client._process_headers": (Client._process_headers, "fe656f61147d"),
    "Client._read_loop": (Client._read_loop, "b44b9401f436"),
    "Client._attempt_reconnect": (Client._attempt_reconnect, "2bbc96e0f2f7"),
    "Client._close": (Client._close, "9a92d3aca1b2"),
    "Client._remove_sub": (Client._remove_sub, "0791939ce078"),
    "Client.subscribe": (Client.subscribe, "30bf1c4cc1c9"),
    "Subscription._drain": (subscription.Subscription._drain, "e278c0ffc3ea"),
    "TcpTransport.write": (transport.TcpTransport.write, "70127868971b"),
    "TcpTransport.drain": (transport.TcpTransport.drain, "899995c7bc2e"),
    "Parser.reset": (parser.Parser.reset, "0f304f3f8691"),
}
"""What is known of nats-py by the digest of its source."""

ATTRIBUTES = [
    "_ps",
    "_status",
    "_pending",
    "_pending_data_size",
    "_max_pending_size",
    "_max_payload",
    "_transport",
    "_flush_queue",
    "_flush_timeout",
    "_pongs",
    "_reconnection_task",
    "stats",
]


@pytest.mark.parametrize("name", KNOWN)
def test_a_function_is_the_one_that_is_known(name: str) -> None:
    function, known = KNOWN[name]
    digest = hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:12]
    assert digest == known, (
        f"nats-py {version('nats-py')} has another {name}: compare it with what bus/client.py,"
        f" bus/lean_client.py and bus/lean_parser.py do instead of it, or with it; then note"
        f" {digest} here."
    )


def test_a_client_has_the_attributes_that_are_used() -> None:
    missing = [name for name in ATTRIBUTES if name not in vars(Client())]
    assert not missing, f"nats-py {version('nats-py')} has no {', '.join(missing)} in its client"


def test_a_message_is_made_of_the_same_parts_in_their_order() -> None:
    names = [field.name for field in fields(Msg)]
    assert names[:5] == ["_client", "subject", "reply", "data", "headers"]
    assert "_sid" in names
