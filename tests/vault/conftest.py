"""A vault that has read nothing yet, for each test."""

import pytest

from vault import sealing, start


@pytest.fixture(autouse=True)
def _closed_cabinet() -> None:
    sealing.forget()
    start.forget()
