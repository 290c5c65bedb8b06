"""What a browser is told about a file: its name and type, and to do nothing risky with it."""

import re
from urllib.parse import quote

from contracts.files import LinkedFile

SHOWN = frozenset({"application/pdf", "image/gif", "image/jpeg", "image/png", "image/webp"})
"""Types that a browser may show; all others are saved: an HTML page would run as ours."""

UNKNOWN = "application/octet-stream"
_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")
_PATH = re.compile(r"[/\\]")
_UNSAFE_IN_QUOTES = re.compile(r"[^ !#-\[\]-~]")

PRIVATE = {
    # A link may be revoked: what was shown once is asked for again, by its ETag.
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
"""Headers of every answer."""


def file_headers(file: LinkedFile) -> dict[str, str]:
    """Return the headers of a file, without its length."""
    content_type = file.mime_type.lower()
    if not _TYPE.fullmatch(content_type):
        content_type = UNKNOWN
    kind = "inline" if content_type in SHOWN else "attachment"
    headers = PRIVATE | {
        "Accept-Ranges": "bytes",
        "Content-Disposition": content_disposition(kind, file.name),
        "Content-Type": content_type,
        "ETag": f'"{file.sha256}"',
    }
    if content_type != "application/pdf":  # sandboxed, browsers do not show one
        headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return headers


def content_disposition(kind: str, name: str) -> str:
    """Return the header with a name of any letters and no path (RFC 6266, RFC 5987)."""
    name = _PATH.sub("_", "".join(filter(str.isprintable, name))).strip()
    if not name.strip("."):
        name = "file"
    plain = _UNSAFE_IN_QUOTES.sub("_", name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def is_known(etag: str, if_none_match: str) -> bool:
    """Tell whether the client has the file already."""
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in known or "*" in known
