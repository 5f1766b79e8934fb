"""Naming a device from what its browser says of itself."""

import pytest

from accounts.devices import label

MOZILLA = "Mozilla/5.0"


@pytest.mark.parametrize(
    ("says", "label_is"),
    [
        (f"{MOZILLA} (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android"),
        (f"{MOZILLA} (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari on iPhone"),
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        (
            f"{MOZILLA} (Linux; Android 14) SamsungBrowser/25.0 Chrome/121.0 Safari/537.36",
            "Samsung Internet on Android",
        ),
        (f"{MOZILLA} (X11; CrOS x86_64) Chrome/140.0 Safari/537.36", "Chrome on Chromebook"),
        ("curl/8.5", ""),
        ("", ""),
    ],
)
def test_a_device_is_named_so_that_its_owner_knows_it(says: str, label_is: str) -> None:
    assert label(says) == label_is
