"""The site's settings, in a data folder of the test run's own; fast password hashing is the only thing made weaker."""

import os
import tempfile

os.environ.setdefault("PEERCHAT_DATA", tempfile.mkdtemp(prefix="peerchat-test-"))

from peerchat.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405  (whitenoise warns where there is none)
