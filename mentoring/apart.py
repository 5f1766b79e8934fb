"""Two who must not be brought together. Known to coordinators; a client who does not want a mentor again needs to say so once (offers.decline),
a mentor who knows a client outside too (stepping_back)."""

from django.db import transaction

from accounts.models import Account, Role
from mentoring import offers
from mentoring.models import Apart, Mentor, Offer
from mentoring.refusals import Refused
from vault import trail
from vault.sealing import warm


@transaction.atomic
def keep_apart(*, client: Account, mentor: Mentor, why: Apart.Why, by: Account) -> Apart:
    """From now on; an offer of one to the other is taken back. A thread that runs goes on until it is closed.

    Raises Refused("not_found") for anybody but a coordinator, the client or the mentor of a thread of these two.
    """
    if by.role != Role.COORDINATOR and by.pk not in (client.pk, mentor.pk):
        raise Refused("not_found")
    offers.hold(client=client, mentor=mentor)
    apart, _new = Apart.objects.get_or_create(client=client, mentor=mentor, defaults={"why": why, "by": by})
    if by.role != Role.COORDINATOR and not apart.is_their_own:
        apart.why, apart.by = why, by  # what one of the two wishes weighs more than what a coordinator wrote
        apart.save(update_fields=["why", "by"])
    for offer in Offer.objects.filter(request__client=client, mentor=mentor, state=Offer.State.OPEN):
        offers.give_back(offer.pk)
    _record("apart.keep", apart, by)
    return apart


@transaction.atomic
def lift(*, apart_id: int, client: Account, by: Account) -> None:
    """A coordinator was wrong, or it is over. What one of the two wished themselves stays. Raises Refused("not_found")."""
    apart = Apart.objects.select_for_update().filter(pk=apart_id, client=client).first()
    if apart is None or apart.is_their_own or by.role != Role.COORDINATOR:
        raise Refused("not_found")
    apart.delete()
    _record("apart.lift", apart, by)


def of_client(client: Account) -> list[Apart]:
    """For a coordinator: from which mentors this client is kept apart."""
    found = list(Apart.objects.filter(client=client).select_related("mentor__account").order_by("pk"))
    warm(each.mentor.account.sealed_name for each in found if each.mentor.account.sealed_name is not None)
    return found


def _record(act: str, apart: Apart, by: Account) -> None:
    trail.record(actor=f"account:{by.pk}", act=act, subject=f"account:{apart.client_id} account:{apart.mentor_id}")
