"""TLS to PostgreSQL as its own addresses ask for it: sslmode, sslrootcert, sslcert, sslkey."""

import ssl
from typing import Any

from sqlalchemy import URL

_CHECKED = ("verify-ca", "verify-full")
_PARAMETERS = ("sslmode", "sslrootcert", "sslcert", "sslkey")


def split_tls(url: URL) -> tuple[URL, dict[str, Any]]:
    """Return the address without its TLS parameters, and what the driver is given instead.

    A mode that checks nothing is passed on; `verify-ca` and `verify-full` believe the authority
    in the PEM file `sslrootcert`, or else those that the system believes. Raises `OSError` and
    `ssl.SSLError` (an `OSError`) for files that cannot be read.
    """
    given = {name: str(url.query[name]) for name in _PARAMETERS if name in url.query}
    plain = url.difference_update_query(_PARAMETERS)
    mode = given.get("sslmode")
    if mode is None:
        return plain, {}
    if mode not in _CHECKED:
        return plain, {"ssl": mode}
    context = ssl.create_default_context(cafile=given.get("sslrootcert"))
    context.check_hostname = mode == "verify-full"
    if "sslcert" in given:
        context.load_cert_chain(given["sslcert"], given.get("sslkey"))
    return plain, {"ssl": context}
