"""/join/<token>/: who was invited makes their account here, once."""

from allauth.account.internal import flows
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from accounts import invitations, languages
from accounts.forms.inviting import JoinForm
from accounts.models import Account, Invitation
from accounts.refusals import Refused


@sensitive_post_parameters()
def join(request: HttpRequest, token: str) -> HttpResponseBase:
    invitation = invitations.find(token)
    if invitation is None:
        return _no_such_link(request)
    if request.user.is_authenticated:
        return render(request, "accounts/join_signed_in.html")
    return _page(request, invitation)


def _page(request: HttpRequest, invitation: Invitation) -> HttpResponseBase:
    form = JoinForm(request.POST or None, initial={"name": invitation.name, "email": invitation.email})
    if not form.is_valid():
        return render(request, "accounts/join.html", {"form": form, "invitation": invitation})
    try:
        account = invitations.accept(
            invitation,
            name=form.cleaned_data["name"],
            password=form.cleaned_data["password"],
            language=invitation.language or languages.here(),
        )
    except Refused:
        return _no_such_link(request)
    return _sign_in(request, account)


def _sign_in(request: HttpRequest, account: Account) -> HttpResponseBase:
    """The password was typed a moment ago: staff go straight on to their second factor without typing it again."""
    flows.login.record_authentication(request, account, method="password", reauthenticated=True)
    response: HttpResponseBase = flows.login.perform_login(request, Login(user=account))
    return response


def _no_such_link(request: HttpRequest) -> HttpResponseBase:
    """Unknown, used, withdrawn and expired look alike, so that a guess learns nothing."""
    return render(request, "accounts/join_over.html", status=404)
