"""Errors the Bot API answers with, in Telegram's own words."""


class ApiError(Exception):
    """A refusal; `description` carries Telegram's prefix, `retry_after` is in seconds."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def envelope(self) -> dict[str, object]:
        """The JSON body of the answer."""
        body: dict[str, object] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


class BadRequest(ApiError):
    """400; the text is given without its prefix."""

    def __init__(self, text: str) -> None:
        super().__init__(400, f"Bad Request: {text}")


class Conflict(ApiError):
    """409: two ways of receiving updates exclude each other."""

    def __init__(self, text: str) -> None:
        super().__init__(409, f"Conflict: {text}")


class Forbidden(ApiError):
    """403: the person does not want to hear from the bot."""

    def __init__(self, text: str) -> None:
        super().__init__(403, f"Forbidden: {text}")


class NotServed(ApiError):
    """501: Telegram could do it, the playground cannot; never pretend."""

    def __init__(self, what: str) -> None:
        super().__init__(501, f"Not Implemented: {what} is not served by the playground")


class RequestTooLarge(ApiError):
    """413: the request's body is over Telegram's limit for uploads."""

    def __init__(self) -> None:
        super().__init__(413, "Request Entity Too Large")


def unauthorized() -> ApiError:
    """The token belongs to no bot."""
    return ApiError(401, "Unauthorized")


def not_found(what: str = "method not found") -> ApiError:
    """The method, or the file behind a link, does not exist."""
    return ApiError(404, f"Not Found: {what}")
