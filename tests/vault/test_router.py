import pytest
from django.apps import apps
from django.db import connections

from vault.models import DataKey, TrailEntry
from vault.router import KeysRouter

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_keys_and_the_anchor_live_in_a_database_of_their_own() -> None:
    tables = {alias: set(connections[alias].introspection.table_names()) for alias in ("default", "keys")}
    ours = {"vault_datakey", "vault_mark", "vault_trailanchor"}
    assert tables["keys"] - {"django_migrations"} == ours
    assert not tables["default"] & ours
    assert {"vault_trailentry", "vault_trailhead"} <= tables["default"]


def test_reading_and_writing_go_to_the_same_place() -> None:
    router = KeysRouter()
    assert router.db_for_read(DataKey) == router.db_for_write(DataKey) == "keys"
    assert router.db_for_read(TrailEntry) is None


def test_a_key_and_a_message_have_no_relation() -> None:
    assert KeysRouter().allow_relation(DataKey(), TrailEntry()) is False
    assert KeysRouter().allow_relation(TrailEntry(), TrailEntry()) is None


def test_every_other_model_stays_out_of_the_keys_database() -> None:
    router = KeysRouter()
    for model in apps.get_models():
        inside = model._meta.app_label == "vault" and model._meta.model_name in {"datakey", "mark", "trailanchor"}
        assert router.allow_migrate("keys", model._meta.app_label, model._meta.model_name) is inside
        assert router.allow_migrate("default", model._meta.app_label, model._meta.model_name) is not inside
    assert router.allow_migrate("keys", "accounts") is False
