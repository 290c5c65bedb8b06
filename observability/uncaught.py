"""What the interpreter prints of errors that nobody caught is without secrets, too."""

import sys
import threading
import traceback
from types import TracebackType

from observability.masking import discreet


def mask_uncaught() -> None:
    """Print uncaught errors masked: of the main thread, of others, and of finalizers."""
    sys.excepthook = _print
    threading.excepthook = lambda failed: _print(
        failed.exc_type, failed.exc_value, failed.exc_traceback
    )
    sys.unraisablehook = lambda failed: _print(
        failed.exc_type, failed.exc_value, failed.exc_traceback
    )


def _print(
    kind: type[BaseException], error: BaseException | None, place: TracebackType | None
) -> None:
    if issubclass(kind, SystemExit):  # a thread that ends itself
        return
    sys.stderr.write(discreet("".join(traceback.format_exception(kind, error, place))))
