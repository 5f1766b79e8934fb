"""A person's own cards: read, put away, answered, and a sanction appealed. For whoever is signed in, and only their own."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import signed_in
from accounts.http import AuthenticatedHttpRequest
from moderation import appeals, cards, letters, outside
from moderation.cards import Card, OwnCards
from moderation.refusals import Refused

FRAGMENT = "X-Cards"  # a script asks for the cards alone instead of a page


@require_safe
@signed_in
def fragment(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    return _fragment(request, request.GET.get("room", ""))


@require_safe
@signed_in
def all_cards(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    return _page(request)


@require_POST
@signed_in
def put_away(request: AuthenticatedHttpRequest, letter_id: str) -> HttpResponseBase:
    return _done(request, lambda: letters.put_away(request.user, letter_id), letter_id, "")


@require_POST
@sensitive_post_parameters()
@signed_in
def answer(request: AuthenticatedHttpRequest, letter_id: str) -> HttpResponseBase:
    said = _("Your answer is on its way.")
    words = request.POST.get("words", "")
    return _done(request, lambda: letters.answer(request.user, letter_id, words), letter_id, said)


@require_POST
@sensitive_post_parameters()
@signed_in
def appeal(request: AuthenticatedHttpRequest, sanction_id: str) -> HttpResponseBase:
    said = _("Somebody else will look at it. You will hear from them here.")
    words = request.POST.get("words", "")
    return _done(request, lambda: appeals.appeal(request.user, sanction_id, words), sanction_id, said)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def access(request: HttpRequest, token: str) -> HttpResponseBase:
    """What somebody reads who cannot sign in. The link is the key; it opens this page and nothing else."""
    try:
        sanction = outside.sanction_behind(token)
    except Refused:
        return render(request, "moderation/cards/access_over.html", status=404)
    card = cards.card_of_sanction(sanction)
    if request.method == "POST":
        words = request.POST.get("words", "")
        try:
            appeals.appeal(sanction.account, sanction.pk, words)
        except Refused as refused:
            card = replace(card, typed=words, error=refused.text)
        else:
            return redirect("moderation:access", token)
    about = {"card": card, "decisions": cards.answers_to_appeal(sanction), "lines": cards.first_lines()}
    return render(request, "moderation/cards/access.html", about, status=422 if card.error else 200)


def _done(request: AuthenticatedHttpRequest, act: Callable[[], object], about: str, said: str) -> HttpResponseBase:
    """Does it; a script gets the cards anew, a form goes back to where it was. What was refused comes back with its text."""
    room_id = request.POST.get("room", "")
    try:
        act()
    except Refused as refused:
        if refused.reason == "not_found":
            raise Http404 from None
        typed = {about: (request.POST.get("words", ""), refused.text)}
        return _fragment(request, room_id, typed) if _is_script(request) else _page(request, typed)
    if _is_script(request):
        return _fragment(request, room_id)
    if said:
        messages.success(request, said)
    return redirect(_back(request))


Typed = dict[str, tuple[str, str]]  # by letter or sanction: what was typed, and why it was refused


def _fragment(request: AuthenticatedHttpRequest, room_id: str, typed: Typed | None = None) -> HttpResponse:
    own = OwnCards(request.user, room_id)
    about = {"cards": _with(own.here, typed), "lines": own.lines, "room_id": room_id}
    return render(request, "moderation/cards/_cards.html", about, status=422 if typed else 200)


def _page(request: AuthenticatedHttpRequest, typed: Typed | None = None) -> HttpResponse:
    about: dict[str, Any] = {
        "cards": _with(cards.cards_of(request.user), typed),
        "earlier": _with(cards.cards_of(request.user, put_away=True), typed),
        "lines": cards.first_lines(),
    }
    return render(request, "moderation/cards/all.html", about, status=422 if typed else 200)


def _with(shown: list[Card], typed: Typed | None) -> list[Card]:
    if not typed:
        return shown
    again = [(card, typed.get(card.id) or typed.get(card.sanction_id)) for card in shown]
    return [replace(card, typed=kept[0], error=kept[1]) if kept else card for card, kept in again]


def _is_script(request: HttpRequest) -> bool:
    return FRAGMENT in request.headers


def _back(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if ours else "moderation:cards_all"
