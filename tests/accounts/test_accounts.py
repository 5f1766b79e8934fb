"""Accounts: made, found, and never readable in the store."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Account, Role
from tests.people import both_stores, make
from vault.sealing import CannotOpen

pytestmark = both_stores


def test_an_account_is_found_by_its_address_however_it_is_written() -> None:
    account = make(Role.CLIENT, email="Ines.V@People.example")
    assert Account.objects.by_email(" ines.v@people.EXAMPLE ") == account
    assert Account.objects.by_email("ines.v@people.example.org") is None
    assert account.email == "Ines.V@People.example"


def test_one_address_belongs_to_one_account(a_client: Account) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make(Role.MENTOR, email="INES@people.example")
    assert Account.objects.count() == 1


def test_name_and_address_do_not_open_on_another_persons_row(a_client: Account, another_client: Account) -> None:
    another_client.sealed_name = a_client.sealed_name
    with pytest.raises(CannotOpen):
        _ = another_client.name


def test_an_account_in_a_log_line_is_a_number(a_client: Account) -> None:
    assert f"{a_client}" == f"account {a_client.pk}"
    assert "Ines" not in repr(a_client)


def test_only_a_client_carries_no_badge_and_is_no_staff() -> None:
    assert Role.CLIENT.badge is None
    assert [role.badge for role in Role if role.is_staff] == ["mentor", "moderator", "clinician", "coordinator"]
