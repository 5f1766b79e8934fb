"""The doors in front of pages: signed in or not, of the right role or not."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Role

Page = Callable[Concatenate[AuthenticatedHttpRequest, ...], HttpResponseBase]
Guarded = Callable[..., HttpResponseBase]


def role_required(*roles: Role) -> Callable[[Page], Guarded]:
    """Lets these roles in. Who is signed out is sent to sign in; to another role the page does not exist."""

    def guard(page: Page) -> Guarded:
        @wraps(page)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if request.user.role not in roles:
                raise Http404
            return page(request, *args, **kwargs)  # type: ignore[arg-type]  # narrowed by the lines above

        return guarded

    return guard


signed_in = role_required(*Role)


def exists_for(*roles: Role, unfound: tuple[type[Exception], ...]) -> Callable[[Page], Guarded]:
    """To everybody else, signed out or not, nothing is here: the same 404 as any wrong address.

    A door that raises one of `unfound` with the reason `not_found` answers the same. Stands outermost: whoever may not see the page
    learns neither which methods it takes nor that it wants a token.
    """

    def guard(page: Page) -> Guarded:
        checked = csrf_protect(page)

        @csrf_exempt  # checked below, after the role
        @wraps(page)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated or request.user.role not in roles:
                raise Http404
            try:
                return checked(request, *args, **kwargs)  # type: ignore[arg-type]  # narrowed by the lines above
            except unfound as refusal:
                if getattr(refusal, "reason", "") != "not_found":
                    raise
                raise Http404 from None

        return guarded

    return guard
