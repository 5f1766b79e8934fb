"""A house with nothing but the vault, for tests that start real processes."""

from peerchat.settings import *  # noqa: F403

INSTALLED_APPS = ["vault"]
MIDDLEWARE = []
ROOT_URLCONF = "tests.vault.house_settings"
urlpatterns: list[object] = []
