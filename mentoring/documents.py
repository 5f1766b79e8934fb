"""Files that people hand in: what they are is decided by their first bytes, never by their name, and they are kept sealed.

They stay in memory on their way in (settings.FILE_UPLOAD_HANDLERS): no copy lies on the disk in the clear.
"""

from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse

from mentoring.refusals import Refused

LARGEST: Final = 5 * 1024 * 1024  # bytes
_BEGINS: Final = {
    "application/pdf": b"%PDF-",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
}
_ENDINGS: Final = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


@dataclass(frozen=True, slots=True)
class Document:
    content: bytes
    type: str


def kind_of(content: bytes) -> str:
    """Its type as HTTP names it. Raises Refused: document_too_large, is_no_document."""
    if len(content) > LARGEST:
        raise Refused("document_too_large")
    for kind, begins in _BEGINS.items():
        if content.startswith(begins):
            return kind
    raise Refused("is_no_document")


def served(document: Document) -> HttpResponse:
    """As something to keep, never as a page: whatever is in the file, a browser runs nothing of it here."""
    response = HttpResponse(document.content, content_type=document.type)
    response.headers["Content-Disposition"] = f'attachment; filename="certificate.{_ENDINGS[document.type]}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
