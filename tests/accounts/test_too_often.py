"""Who tries too often reads a page of ours, in their language, with Help now on it."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.mark.parametrize(
    ("language", "says", "help_now"),
    [("en", "That was a lot at once", "Help now"), ("es", "Fueron muchos intentos seguidos", "Ayuda ahora")],
)
def test_asking_for_too_many_links_answers_kindly(language: str, says: str, help_now: str) -> None:
    client = Client(headers={"Accept-Language": language})
    for _ in range(6):
        answer = client.post(reverse("account_reset_password"), {"email": f"{language}@people.example"})
    page = answer.content.decode()
    assert answer.status_code == 429
    assert says in page
    assert help_now in page
