import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vault import sealing
from vault.index import blind_index

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_the_same_text_has_the_same_index_in_every_process() -> None:
    one = blind_index("ana@example.org", purpose="account.email")
    sealing.forget()
    assert blind_index("ana@example.org", purpose="account.email") == one
    assert len(one) == 32


def test_another_purpose_gives_another_index() -> None:
    assert blind_index("ana", purpose="a") != blind_index("ana", purpose="b")
    assert blind_index("ana", purpose="ba") != blind_index("aana", purpose="b")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(), st.text())
def test_two_texts_share_an_index_only_when_they_are_equal(one: str, other: str) -> None:
    assert (blind_index(one, purpose="p") == blind_index(other, purpose="p")) == (one == other)
