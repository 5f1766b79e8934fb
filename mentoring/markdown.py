"""Trainings and agreements are written in Markdown (CommonMark). Here they become part of a page, and nothing else can:

HTML in them stays text, pictures become their words, and a link leads nowhere but into this house.
"""

from functools import cache

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token


def rendered(text: str) -> SafeString:
    parser = _parser()
    tokens = parser.parse(text)
    for token in tokens:
        if token.children:
            token.children = _without_ways_out(token.children)
    page: str = parser.renderer.render(tokens, parser.options, {})
    return mark_safe(page)  # noqa: S308  (the renderer escapes, and takes no HTML)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})


def _without_ways_out(tokens: list[Token]) -> list[Token]:
    kept: list[Token] = []
    open_links: list[bool] = []
    for token in tokens:
        match token.type:
            case "link_open":
                open_links.append(_stays_here(str(token.attrGet("href") or "")))
                if open_links[-1]:
                    kept.append(token)
            case "link_close":
                if open_links.pop():
                    kept.append(token)
            case "image":
                kept.append(Token("text", "", 0, content=token.content))
            case _:
                kept.append(token)
    return kept


def _stays_here(address: str) -> bool:
    return address.startswith("/") and not address.startswith(("//", "/\\"))
