"""The coordinator invites, sends a link again, or withdraws it. The rules are in `accounts.invitations`."""

import logging

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import invitations, mail
from accounts.forms.inviting import InviteForm
from accounts.http import AuthenticatedHttpRequest
from accounts.invitations import Link
from accounts.models import Invitation, Role
from accounts.refusals import Refused
from accounts.views.people import coordinator_only

log = logging.getLogger(__name__)


@coordinator_only
def invite(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    form = InviteForm(request.POST or None, places=invitations.places())
    if form.is_valid():
        try:
            return _hand_over(request, _invite(form, request))
        except Refused as refused:
            form.add_error("email", refused.text)
    return render(request, "accounts/invite.html", {"form": form}, status=400 if form.errors else 200)


@require_POST
@coordinator_only
def resend(request: AuthenticatedHttpRequest, pk: int) -> HttpResponseBase:
    invitation = get_object_or_404(Invitation, pk=pk)
    try:
        return _hand_over(request, invitations.resend(invitation, by=request.user))
    except Refused as refused:
        messages.error(request, refused.text)
        return redirect("accounts:people")


@require_POST
@coordinator_only
def withdraw(request: AuthenticatedHttpRequest, pk: int) -> HttpResponseBase:
    try:
        invitations.withdraw(get_object_or_404(Invitation, pk=pk), by=request.user)
        messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
    except Refused as refused:
        messages.error(request, refused.text)
    return redirect("accounts:people")


def _invite(form: InviteForm, request: AuthenticatedHttpRequest) -> Link:
    told = form.cleaned_data
    return invitations.invite(
        by=request.user,
        email=told["email"],
        name=told["name"],
        role=Role(told["role"]),
        language=told["language"],
        places=told.get("places"),
    )


def _hand_over(request: AuthenticatedHttpRequest, link: Link) -> HttpResponseBase:
    """Sends the link, and shows it this once: it cannot be shown again, because only its hash is kept."""
    url = request.build_absolute_uri(reverse("accounts:join", args=[link.secret]))
    about = {"invitation": link.invitation, "url": url, "sent": _send(link, url)}
    return render(request, "accounts/invited.html", about)


def _send(link: Link, url: str) -> bool:
    invitation = link.invitation
    message = mail.letter(
        to=invitation.email,
        template="invitation",
        languages=mail.languages_for(invitation.language),
        context={"name": invitation.name, "url": url},
    )
    try:
        message.send()
    except OSError as error:  # smtplib's errors are among these
        log.error("An invitation could not be sent: %s.", type(error).__name__)  # the message would name the address
        return False
    return True
