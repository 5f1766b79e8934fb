"""The request as a view behind `role_required` or `signed_in` may see it: somebody is there."""

from django.http import HttpRequest

from accounts.models import Account


class AuthenticatedHttpRequest(HttpRequest):
    user: Account
