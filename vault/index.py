"""A blind index finds a sealed value by equality, without storing it. The caller normalises the text.

Its key is the first generation of ("system", "index") for ever: under another, no stored index would be
found.
"""

import hmac

from vault.cabinet import cabinet
from vault.envelope import spelled

OWNER, EPOCH = "system", "index"


def blind_index(text: str, *, purpose: str) -> bytes:
    """HMAC-SHA256, 32 bytes. The same text under another purpose gives another index."""
    key = cabinet.to_index(OWNER, EPOCH)
    return hmac.digest(key.secret, spelled(b"peerchat index 1", purpose.encode(), text.encode()), "sha256")
