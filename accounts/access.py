"""The doors in front of pages: signed in or not, of the right role or not."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase

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
