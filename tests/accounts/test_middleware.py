"""What holds for every page."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.access import role_required, signed_in
from accounts.http import AuthenticatedHttpRequest
from accounts.models import Account, Role
from tests import people
from tests.people import both_stores

pytestmark = both_stores


def test_no_page_may_be_kept(client: Client, a_client: Account) -> None:
    browser = people.signed_in(a_client)
    for response in (client.get("/account/login/"), browser.get("/account/"), browser.get("/nothing/here/")):
        assert response.headers["Cache-Control"] == "no-store"


def test_a_day_of_presence_is_written_once(
    a_client: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = people.signed_in(a_client)
    browser.get("/account/")
    a_client.refresh_from_db()
    assert a_client.last_seen == timezone.localdate()
    with django_assert_num_queries(
        4
    ):  # the session, the person, whether there is a second factor; what is there for them
        browser.get("/account/")


def page(request: AuthenticatedHttpRequest) -> HttpResponse:
    return HttpResponse("in")


def test_a_door_lets_in_its_roles_hides_from_others_and_sends_visitors_to_sign_in(
    rf: RequestFactory, coordinator: Account, a_client: Account
) -> None:
    door = role_required(Role.COORDINATOR, Role.CLINICIAN)(page)
    request = rf.get("/somewhere/?a=b")
    request.user = coordinator
    assert door(request).status_code == 200
    request.user = AnonymousUser()
    assert door(request).headers["Location"] == "/account/login/?next=/somewhere/%3Fa%3Db"
    assert signed_in(page)(request).status_code == 302
    request.user = a_client
    with pytest.raises(Http404):
        door(request)
