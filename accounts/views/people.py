"""The coordinator's pages: who is here, and changing that. The rules are in `accounts.people`."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import directory, people
from accounts.access import role_required
from accounts.directory import Person
from accounts.forms.inviting import ReasonForm, RoleForm
from accounts.http import AuthenticatedHttpRequest
from accounts.models import Role
from accounts.refusals import Refused

coordinator_only = role_required(Role.COORDINATOR)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def listing(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    """A search comes by POST and changes nothing: what is looked for is a name, and no address may carry one."""
    asked = request.POST if request.method == "POST" else request.GET
    search = request.POST.get("q", "").strip()
    page = directory.people(search=search, page=asked.get("page"))
    about = {"page": page, "search": search, "invitations": directory.waiting()}
    return render(request, "accounts/people.html", about)


@require_GET
@coordinator_only
def person(request: AuthenticatedHttpRequest, pk: int) -> HttpResponseBase:
    found = _find(pk)
    return _page(request, found)


@require_POST
@coordinator_only
def role(request: AuthenticatedHttpRequest, pk: int) -> HttpResponseBase:
    found = _find(pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _page(request, found, role_form=form)
    try:
        people.change_role(found.account, Role(form.cleaned_data["role"]), by=request.user)
    except Refused as refused:
        form.add_error("role", refused.text)
        return _page(request, found, role_form=form)
    messages.success(request, _("The role was changed."))
    return redirect("accounts:person", pk=pk)


@require_POST
@coordinator_only
def suspend(request: AuthenticatedHttpRequest, pk: int) -> HttpResponseBase:
    found = _find(pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, reason_form=form)
    try:
        people.suspend(found.account, by=request.user, why=form.cleaned_data["why"])
    except Refused as refused:
        form.add_error("why", refused.text)
        return _page(request, found, reason_form=form)
    messages.success(request, _("The account is suspended, and signed out everywhere."))
    return redirect("accounts:person", pk=pk)


@require_POST
@coordinator_only
def bring_back(request: AuthenticatedHttpRequest, pk: int) -> HttpResponseBase:
    people.bring_back(_find(pk).account, by=request.user)
    messages.success(request, _("The account is open again."))
    return redirect("accounts:person", pk=pk)


def _find(pk: int) -> Person:
    found = directory.person(pk)
    if found is None:
        raise Http404
    return found


def _page(
    request: AuthenticatedHttpRequest,
    found: Person,
    *,
    role_form: RoleForm | None = None,
    reason_form: ReasonForm | None = None,
) -> HttpResponseBase:
    found.account.refresh_from_db(fields=["role", "is_active"])  # a refused change may have touched the copy
    about = {
        "person": found,
        "yourself": found.account.pk == request.user.pk,
        "role_form": role_form or RoleForm(initial={"role": found.account.role}),
        "reason_form": reason_form or ReasonForm(),
    }
    return render(request, "accounts/person.html", about, status=400 if role_form or reason_form else 200)
