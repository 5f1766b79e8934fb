import pytest
from django.db import connection
from django.utils import timezone

from vault.fields import SealedField
from vault.models import TrailEntry
from vault.sealing import Sealed, seal

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.mark.parametrize("plain", ["my own words", b"my own words", b"", b"\x01" * 20, memoryview(b"words" * 20), 5])
def test_plain_text_is_refused_and_not_repeated(plain: object) -> None:
    entry = TrailEntry(position=1, at=timezone.now(), actor="a", act="b", subject="c", key=1, previous=b"", mac=b"")
    entry.why = plain  # type: ignore[assignment]
    with pytest.raises(TypeError, match="takes sealed text only") as refused:
        entry.save()
    assert "words" not in str(refused.value)


def test_sealed_text_comes_back_as_bytes() -> None:
    sealed = seal("x", owner="system", purpose="p", place="1")
    TrailEntry.objects.create(
        position=1, at=timezone.now(), actor="a", act="b", subject="c", why=sealed, key=1, previous=b"", mac=b""
    )
    read = TrailEntry.objects.get().why
    assert type(read) is bytes
    assert read == sealed
    assert TrailEntry.objects.filter(why=sealed).exists()


def test_nothing_may_be_stored_where_the_column_allows_it() -> None:
    field: SealedField[Sealed | None, Sealed | None] = SealedField(null=True)
    assert field.get_prep_value(None) is None
    assert field.from_db_value(None, None, connection) is None
