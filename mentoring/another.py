"""Asking for another mentor: the client's, at any time. Nobody asks why, and nothing bad follows.

The old thread closes kindly, and the client waits with the wishes they had, in the place that the days before count for (requests).
"""

from django.db import transaction

from accounts.models import Account
from mentoring import closing, covering, requests
from mentoring.models import Thread
from mentoring.refusals import Refused


def ask_for_another(*, thread: Thread, by: Account) -> None:
    """Raises Refused: `not_found` for anybody but the client, `closed`."""
    if by.pk != thread.client_id or thread.covers_id is not None:
        raise Refused("not_found")
    with transaction.atomic():
        closed = closing.close_within(thread=thread, by=by)
        if requests.open_request_of(by) is None:
            requests.ask(client=by, wishes=None, after=closed)
    covering.settle_left_over()
