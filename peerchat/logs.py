"""What a log line must not say. Named in settings.LOGGING."""

import logging


class WithoutAddresses(logging.Filter):
    """Django names the page it could not give; but addresses carry the secrets of links and say who is where."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple):
            hidden = {request.path, request.get_full_path()}
            record.args = tuple("(address not kept)" if arg in hidden else arg for arg in record.args)
        return True
