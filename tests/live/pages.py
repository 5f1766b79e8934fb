"""A browser without JavaScript, in few lines: it keeps its cookies and sends forms with their token."""

import http.client
import secrets
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    location: str


class Browser:
    def __init__(self, url: str, cookie: str = "") -> None:
        self._host = urlsplit(url).netloc
        self._token = secrets.token_hex(16)
        self._cookies = {"csrftoken": self._token}
        if cookie:
            name, _, value = cookie.partition("=")
            self._cookies[name] = value

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: str) -> Answer:
        token = self._cookies["csrftoken"]
        return self._ask("POST", path, urlencode({**fields, "csrfmiddlewaretoken": token}))

    def cookie(self, name: str = "peerchat_session") -> str:
        """`name=value`, as a Cookie header has it."""
        return f"{name}={self._cookies[name]}"

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        connection = http.client.HTTPConnection(self._host, timeout=30)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "Accept-Language": "en",
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value
        return Answer(response.status, text, response.headers.get("Location", ""))
