"""The address of NATS: where it is and, with `tls://`, whose certificates are believed."""

import ssl
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from bus.errors import BusError

FILES = frozenset({"ca", "cert", "key"})
Server = tuple[str, int]
"""Host and port; the port is 0 where an address says none."""
UNKNOWN_SERVER: Server = ("", 0)


class WrongAddress(BusError):
    """An address can never be right; the text says why."""


def read_address(url: str) -> tuple[str, ssl.SSLContext | None]:
    """Return the address without its parameters, and what a TLS connection is checked by.

    `tls://host:4222?ca=/file` believes certificates of that authority only, in PEM; without it
    those that the system believes. `cert=/file&key=/file` show the server one of ours.

    Raises:
        WrongAddress: a parameter is unknown, a file is not there or not PEM, or there is no TLS.
    """
    parts = urlsplit(url)
    files = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(files.keys() - FILES):
        raise WrongAddress(f"the address of NATS has no {', '.join(unknown)}: only ca, cert, key")
    plain = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
    if parts.scheme not in {"tls", "wss"}:
        if files:
            raise WrongAddress("the address of NATS has certificates and does not begin with tls:")
        return plain, None
    if files.keys() & {"cert", "key"} and not files.keys() >= {"cert", "key"}:
        raise WrongAddress("the address of NATS has only one of cert and key")
    try:
        context = ssl.create_default_context(cafile=files.get("ca"))
        if "cert" in files:
            context.load_cert_chain(files["cert"], files["key"])
    except (OSError, ssl.SSLError) as error:  # a missing file's name is not in the error
        named = ", ".join(f"{name}={file}" for name, file in files.items())
        raise WrongAddress(f"certificates for NATS cannot be read ({named}): {error}") from None
    return plain, context


def server_of(url: str) -> Server:
    """Return host and port of an address, whatever else it says."""
    try:
        parts = urlsplit(url)
        return parts.hostname or "", parts.port or 0
    except ValueError:
        return UNKNOWN_SERVER
