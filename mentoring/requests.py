"""A client's wish for a mentor: asked, changed while it waits, taken back. Who reads it is the coordinator; the mentor does not.

The place in line is `line_from`. Somebody who asks for another mentor begins with the days that they waited before; somebody whose mentor
had to step back is where they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.actors import actor
from accounts.models import Account, Role
from mentoring import post, waits
from mentoring.matching.assign import DAYS_A_FIT
from mentoring.models import Offer, Request, Thread
from mentoring.pool import stored_in
from mentoring.refusals import Refused
from mentoring.sealed import close_json, owner_of_person
from vault import trail

OPEN: Final = (Request.State.WAITING, Request.State.OFFERED)
_COUNTS_AGAIN: Final = timedelta(days=DAYS_A_FIT)  # of the days before an earlier mentor, at most


@dataclass(frozen=True, slots=True)
class Home:
    """What the client's page says about asking. `usual`: half of those who found a mentor lately waited so many days or less."""

    request: Request | None
    offer: Offer | None
    usual: int | None
    may_ask: bool

    @property
    def is_put_back(self) -> bool:
        """They did not ask: their mentor could not go on."""
        after = self.request.after if self.request else None
        return after is not None and after.closed_by == Thread.Closed.STEPPED_BACK


def home_of(account: Account) -> Home:
    request = open_request_of(account)
    offer = request.offers.filter(state=Offer.State.OPEN, expires_at__gt=timezone.now()).first() if request else None
    return Home(
        request,
        offer,
        waits.usual() if request and not offer else None,
        may_ask=request is None and not _has_mentor(account),
    )


def open_request_of(client: Account) -> Request | None:
    return Request.objects.filter(client=client, state__in=OPEN).select_related("after").first()


def ask(*, client: Account, wishes: dict[str, Any] | None, after: Thread | None = None) -> Request:
    """`wishes` None takes over what was wished before. Raises Refused: `not_found`, `asked_already`, `has_mentor`."""
    if client.role != Role.CLIENT or not client.is_active:
        raise Refused("not_found")
    try:
        with transaction.atomic():
            if _has_mentor(client):
                raise Refused("has_mentor")
            is_first = not Request.objects.filter(state=Request.State.WAITING).exists()
            now = timezone.now()
            request = Request(client=client, after=after, asked_at=now, line_from=now - _waited_before(after))
            _seal(request, _former_wishes(client) if wishes is None else wishes)
            request.save(force_insert=True)
            if is_first:
                _tell_coordinators()
            record(request, "request.ask", client)
    except IntegrityError:  # the one open request a client may have
        raise Refused("asked_already") from None
    return request


def put_back(*, after: Thread, by: Account) -> None:
    """Their mentor cannot go on, and that thread is closed: they wait in the place in line that they had, with the wishes they had, as if
    no mentor had been found. Who calls holds the client. Somebody who waits already, or has a mentor, is left as they are."""
    client, before = after.client, after.offer.request if after.offer else None
    if client.role != Role.CLIENT or open_request_of(client) is not None or _has_mentor(client):
        return
    request = Request(client=client, after=after, line_from=before.line_from if before else after.opened_at)
    _seal(request, _former_wishes(client))
    request.save(force_insert=True)
    record(request, "request.put_back", by)


@transaction.atomic
def change(*, client: Account, wishes: dict[str, Any]) -> Request:
    """Other wishes, the same place in line. Raises Refused: `not_found`, or `offered` once a mentor is offered."""
    request = _locked(client)
    if request.state != Request.State.WAITING:
        raise Refused("offered")
    _seal(request, wishes)
    request.save(update_fields=["wishes"])
    record(request, "request.change", client)
    return request


@transaction.atomic
def take_back(*, client: Account) -> None:
    """No mentor for now; one that is offered is set free. What was wished is forgotten. Raises Refused("not_found")."""
    _end(_locked(client), "request.take_back", client)


@transaction.atomic
def end(*, client: Account) -> None:
    """They are no client any more, and wait no longer, if they did (changed_people)."""
    found = Request.objects.select_for_update().filter(client=client, state__in=OPEN).first()
    if found is not None:
        _end(found, "request.end", None)


def _end(request: Request, act: str, by: Account | None) -> None:
    for offer in request.offers.select_related("mentor__account").filter(state=Offer.State.OPEN):
        offer.state, offer.settled_at = Offer.State.WITHDRAWN, timezone.now()
        offer.save(update_fields=["state", "settled_at"])
        post.tell(offer.mentor.account)
    request.state, request.settled_at, request.wishes = Request.State.WITHDRAWN, timezone.now(), None
    request.save(update_fields=["state", "settled_at", "wishes"])
    record(request, act, by)


def forget_old() -> int:
    """What was wished for is forgotten settings.THREAD_DAYS after a mentor was found, once that thread is closed (settings.CHORES)."""
    before = timezone.now() - timedelta(days=settings.THREAD_DAYS)
    running = Thread.objects.running().own().filter(client=OuterRef("client"))
    old = Request.objects.filter(state=Request.State.MATCHED, settled_at__lt=before, wishes__isnull=False)
    return old.filter(~Exists(running)).update(wishes=None)


@transaction.atomic
def look(request_id: str, by: Account) -> tuple[Request, dict[str, Any]]:
    """A coordinator reads what a client wishes: the look is on the trail first. Raises Refused("not_found")."""
    found = Request.objects.filter(pk=request_id, state__in=OPEN).select_related("client", "after").first()
    if found is None or by.role != Role.COORDINATOR:
        raise Refused("not_found")
    record(found, "request.look", by)
    return found, stored_in(found)


def client_of(request_id: str) -> Account:
    """Whose open request it is, for a coordinator. Raises Refused("not_found")."""
    found = Request.objects.filter(pk=request_id, state__in=OPEN).select_related("client").first()
    if found is None:
        raise Refused("not_found")
    return found.client


def record(request: Request, act: str, by: Account | None, more: str = "") -> None:
    subject = f"request:{request.pk} account:{request.client_id}{more}"
    trail.record(actor=actor(by), act=act, subject=subject)


def _locked(client: Account) -> Request:
    found = Request.objects.select_for_update().filter(client=client, state__in=OPEN).first()
    if found is None:
        raise Refused("not_found")
    return found


def _seal(request: Request, wishes: dict[str, Any]) -> None:
    owner = owner_of_person(request.client_id)
    request.wishes = close_json(wishes, owner=owner, purpose="request.wishes", place=f"request:{request.pk}")


def _has_mentor(client: Account) -> bool:
    return Thread.objects.running().own().filter(client=client).exists()


def _former_wishes(client: Account) -> dict[str, Any]:
    former = Request.objects.filter(client=client, wishes__isnull=False).order_by("-asked_at").first()
    return stored_in(former) if former else {}


def _waited_before(after: Thread | None) -> timedelta:
    """The days in line before the mentor of that thread was found."""
    before = after.offer.request if after and after.offer else None
    waited = _span(before.line_from, before.settled_at) if before else timedelta(0)
    return min(waited, _COUNTS_AGAIN)


def _span(start: datetime, end: datetime | None) -> timedelta:
    return max(timedelta(0), end - start) if end else timedelta(0)


def _tell_coordinators() -> None:
    """Nobody waited before; while somebody does, the list is looked at anyway."""
    for coordinator in Account.objects.filter(role=Role.COORDINATOR, is_active=True):
        post.tell(coordinator)
