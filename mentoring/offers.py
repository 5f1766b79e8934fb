"""A mentor is offered to a client: confirmed by a coordinator, accepted by the client, or not this one, or not answered in time.

Every verb locks the two people, the request, then the mentor, and checks the hard rules again under the locks: what a page showed may be
an hour old, and two coordinators may confirm the same last place. Called by the coordinator's and the client's pages and by the clock.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from accounts.models import Account, Role
from mentoring import pool, post, shared, threads
from mentoring.access import is_client, is_mentor
from mentoring.matching import fit, reasons, rules
from mentoring.matching.rules import Rule
from mentoring.models import Apart, Mentor, Offer, Request, Thread
from mentoring.refusals import Refused
from mentoring.requests import OPEN, record
from rooms.contact import contact_details

DAYS: Final = 7  # for the client to answer
# What may have come up since the offer was made. The place is the client's, and that the mentor takes nobody new is about others.
_STILL: Final = (Rule.STANDING, Rule.AWAY, Rule.APART, Rule.SELF)


@transaction.atomic
def confirm(*, request_id: str, mentor_id: int, by: Account) -> Offer:
    """Raises Refused: `not_found`, `not_waiting`, or `rule` with the sentence that says why these two cannot be brought together."""
    if by.role != Role.COORDINATOR:
        raise Refused("not_found")
    known = Request.objects.filter(pk=request_id).values_list("client_id", flat=True).first()
    if known is None:
        raise Refused("not_found")
    hold_people(known, mentor_id)
    request = Request.objects.select_for_update(of=("self",)).select_related("client", "after").get(pk=request_id)
    mentor = _mentor(mentor_id)
    if mentor is None or not is_mentor(mentor.account):
        raise Refused("not_found")
    if request.state != Request.State.WAITING or not is_client(request.client):
        raise Refused("not_waiting")
    seeker, candidate = pool.seeker(request), pool.candidate(mentor)
    for rule in rules.broken(seeker, candidate):
        raise Refused("rule", sentence=reasons.against(rule, candidate))
    now = timezone.now()
    offer = Offer.objects.create(
        request=request,
        mentor=mentor,
        fit=fit.fit(fit.parts(seeker.wishes, candidate.offers)),
        confirmed_by=by,
        at=now,
        expires_at=now + timedelta(days=DAYS),
    )
    request.state = Request.State.OFFERED
    request.save(update_fields=["state"])
    post.tell(request.client)
    post.tell(mentor.account)
    record(request, "offer.confirm", by, _about(offer))
    return offer


def offer_for(client: Account, offer_id: str) -> Offer:
    """The client's own offer that waits for them. Raises Refused("not_found") for any other."""
    found = (
        Offer.objects.filter(pk=offer_id, request__client=client, state=Offer.State.OPEN, expires_at__gt=timezone.now())
        .select_related("request", "mentor__account")
        .first()
    )
    if found is None:
        raise Refused("not_found")
    return found


def accept(
    *, client: Account, offer_id: str, pseudonym: str, shared_lines: dict[str, str], shares_with_cover: bool
) -> Thread:
    """Opens the thread; the lines are shared in it as if they were written there, so that its gates read them.

    Raises Refused: `not_found`, `contact`, `too_long`; `offer_gone` where the mentor cannot take them any more (the client is back in
    line, in the old place). ValidationError with a sentence where the pseudonym will not do.
    """
    lines = _checked(shared_lines)
    try:
        thread = _accept(client, offer_id, pseudonym, shares_with_cover)
    except _Gone:
        give_back(offer_id)
        raise Refused("offer_gone") from None
    for code, text in lines.items():
        _share(thread, code, text, client)
    thread.refresh_from_db()
    return thread


@transaction.atomic
def decline(*, client: Account, offer_id: str, never: bool = False) -> None:
    """Not this one, and no reason. `never`: not for any later request either. Raises Refused("not_found")."""
    offer = _locked(offer_for(client, offer_id).pk)
    if never:
        Apart.objects.get_or_create(
            client=client, mentor=offer.mentor, defaults={"why": Apart.Why.BLOCKED, "by": client}
        )
    _back_in_line(offer, Offer.State.DECLINED, "offer.decline", client)


@transaction.atomic
def withdraw(*, offer_id: str, by: Account) -> None:
    """A coordinator takes it back; the client keeps the place in line. Raises Refused("not_found")."""
    if by.role != Role.COORDINATOR:
        raise Refused("not_found")
    offer = _locked(offer_id)
    _back_in_line(offer, Offer.State.WITHDRAWN, "offer.withdraw", by)
    post.tell(offer.request.client)


def lapse() -> int:
    """Those that nobody answered in time; both are told (settings.CHORES). How many it were."""
    late = list(
        Offer.objects.filter(state=Offer.State.OPEN, expires_at__lte=timezone.now()).values_list("pk", flat=True)
    )
    for offer_id in late:
        _give_back(offer_id, Offer.State.LAPSED, act="offer.lapse")
    return len(late)


def give_back(offer_id: str) -> None:
    """A rule came between the two: the client is back in line, and told."""
    _give_back(offer_id, Offer.State.WITHDRAWN, act="offer.gone")


def give_back_held(offer_id: str) -> None:
    """The same, for who holds one of the two people, the request and the mentor (changed_people). The other one of the two is not waited
    for: they may be in the hands of who waits for the first."""
    _give_back(offer_id, Offer.State.WITHDRAWN, act="offer.gone", held=True)


class _Gone(Exception):
    """A hard rule has come between them since the offer was made."""


@transaction.atomic
def _accept(client: Account, offer_id: str, pseudonym: str, shares_with_cover: bool) -> Thread:
    offer = _locked(offer_for(client, offer_id).pk)
    if not is_client(offer.request.client):
        raise Refused("not_found")
    broken = rules.broken(pool.seeker(offer.request), pool.candidate(offer.mentor))
    if not is_mentor(offer.mentor.account) or any(rule in _STILL for rule in broken):
        raise _Gone
    now = timezone.now()
    offer.state, offer.settled_at = Offer.State.ACCEPTED, now
    offer.save(update_fields=["state", "settled_at"])
    offer.request.state, offer.request.settled_at = Request.State.MATCHED, now
    offer.request.save(update_fields=["state", "settled_at"])
    thread = threads.open_thread(
        client=client,
        mentor=offer.mentor,
        pseudonym=pseudonym,
        shared={},
        shares_with_cover=shares_with_cover,
        offer=offer,
        by=client,
    )
    post.tell(offer.mentor.account)
    return thread


@transaction.atomic
def _give_back(offer_id: str, state: Offer.State, act: str, *, held: bool = False) -> None:
    """By the clock, or because a rule came between them."""
    try:
        offer = _locked(offer_id, held=held)
    except Refused:  # answered meanwhile
        return
    _back_in_line(offer, state, act, None)
    post.tell(offer.request.client)


def _locked(offer_id: str, *, held: bool = False) -> Offer:
    """The people, request, mentor, offer: open, and as they are now. Raises Refused("not_found")."""
    known = Offer.objects.filter(pk=offer_id).values_list("request_id", "mentor_id", "request__client_id").first()
    if known is None:
        raise Refused("not_found")
    if not held:
        hold_people(known[2], known[1])
    request = Request.objects.select_for_update(of=("self",)).select_related("client", "after").get(pk=known[0])
    mentor = _mentor(known[1])
    offer = Offer.objects.select_for_update().filter(pk=offer_id, state=Offer.State.OPEN).first()
    if offer is None or mentor is None:
        raise Refused("not_found")
    offer.request, offer.mentor = request, mentor
    return offer


def hold(*, client: Account, mentor: Mentor) -> None:
    """What could bring these two together, before somebody keeps them apart (apart)."""
    hold_people(client.pk, mentor.pk)
    list(Request.objects.select_for_update().filter(client=client, state__in=OPEN))
    _mentor(mentor.pk)


def hold_people(*accounts: int) -> None:
    """First of all, as a change of role does: nobody becomes somebody else while they are brought together (accounts.people)."""
    list(Account.objects.select_for_update(no_key=True).filter(pk__in=accounts).order_by("pk"))


def _mentor(mentor_id: int) -> Mentor | None:
    rows = Mentor.objects.select_for_update(of=("self",), no_key=True).select_related("account")
    return rows.filter(pk=mentor_id).first()


def _back_in_line(offer: Offer, state: Offer.State, act: str, by: Account | None) -> None:
    """In the place they had; the mentor hears that they are free again."""
    offer.state, offer.settled_at = state, timezone.now()
    offer.save(update_fields=["state", "settled_at"])
    offer.request.state = Request.State.WAITING
    offer.request.save(update_fields=["state"])
    post.tell(offer.mentor.account)
    record(offer.request, act, by, _about(offer))


def _about(offer: Offer) -> str:
    return f" offer:{offer.pk} account:{offer.mentor_id}"


def _checked(lines: dict[str, Any]) -> dict[str, str]:
    kept = {code: text.strip() for code, text in lines.items() if text.strip()}
    if any(len(text) > shared.LONGEST for text in kept.values()):
        raise Refused("too_long")
    if any(any(contact_details(text)) for text in kept.values()):
        raise Refused("contact")
    return kept


def _share(thread: Thread, code: str, text: str, client: Account) -> None:
    """What the gates put into the talk instead is read there; the thread is open in any case."""
    try:
        shared.change(thread=thread, line=code, text=text, by=client)
    except Refused as refusal:
        if refusal.reason not in ("in_the_talk", "contact", "not_now"):
            raise
