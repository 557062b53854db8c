"""How log lines are written: ids, addresses and frames of code, never the text of an error, which may carry a name."""

import logging
import traceback


class Nameless(logging.Formatter):
    """Formats a record on one line; a traceback keeps its frames and the error's class, and loses its message."""

    def __init__(self):
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """This function will add the request's number and the signed-in user's id where there is a request."""
        line = super().format(record)
        request = getattr(record, "request", None)
        number = getattr(request, "number", "")
        viewer = getattr(request, "viewer", None)
        if number:
            line += f" number={number}"
        if viewer is not None:
            line += f" user={viewer.user_id}"
        return line

    def formatException(self, ei) -> str:
        """This function will give the frames of the error and of what caused it, without any message."""
        kind, error, _ = ei
        if error is None:
            return str(kind)
        parts = []
        while error is not None:
            frames = "".join(traceback.format_tb(error.__traceback__))
            parts.append(f"{frames}{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__ or error.__context__
        return "\nfrom:\n".join(parts)
