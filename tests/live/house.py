"""A house of one or two servers over one store, with its office, and the people in it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tests.harness.engines import Postgres, Redis
from tests.harness.server import Server, Store, Stores
from tests.live.office import Office


@dataclass(frozen=True)
class Person:
    """One member of the house's room, signed in with `cookie`; `member` is who they are in the room."""

    room: str
    cookie: str
    member: str
    pseudonym: str


class House:
    def __init__(self, store: Store, servers: list[Server], office: Office) -> None:
        self.store = store
        self.servers = servers
        self.office = office
        self._people = 0

    @property
    def server(self) -> Server:
        return self.servers[0]

    def url(self, number: int = 0) -> str:
        """The socket address of the server whose turn it is."""
        return self.servers[number % len(self.servers)].socket_url

    def room(self, name: str = "Lantern group", *, posts_a_minute: int = 600) -> str:
        room: str = self.office("make_room", name=name, posts_a_minute=posts_a_minute)
        return room

    def person(self, room: str, *, role: str = "client", password: str | None = None, pseudonym: str = "") -> Person:
        return self.member(room, self.stranger(role=role, password=password), pseudonym=pseudonym)

    def stranger(self, *, role: str = "client", password: str | None = None) -> str:
        """The cookie of somebody who belongs to no room yet."""
        self._people += 1
        number = self._people
        about = {"email": f"p{number}@live.example", "name": f"Given{number} Family{number}", "role": role}
        cookie: str = self.office("make_person", password=password, **about)
        return cookie

    def member(self, room: str, cookie: str, *, pseudonym: str = "") -> Person:
        self._people += 1
        pseudonym = pseudonym or f"Heron {self._people}"
        member = self.office("make_member", cookie=cookie, room=room, pseudonym=pseudonym)
        return Person(room, cookie, member, pseudonym)

    def thread(self, *, pseudonym: str = "Gray Wren", called: str = "Juniper") -> tuple[Person, Person]:
        """The client and the mentor of a private thread of their own."""
        client, mentor = self.stranger(), self.stranger(role="mentor")
        made = self.office("make_thread", client=client, mentor=mentor, pseudonym=pseudonym, called=called)
        room = made["room"]
        return Person(room, client, made["client"], pseudonym), Person(room, mentor, made["mentor"], called)

    def people(self, room: str, count: int) -> list[Person]:
        return [self.person(room) for _ in range(count)]


@contextmanager
def open_house(store: Store, *servers: Server) -> Iterator[House]:
    """Starts the servers together and stops them at the end."""
    with ExitStack() as stack:
        office = stack.enter_context(Office(store))
        for server in servers:
            stack.enter_context(server)
        yield House(store, list(servers), office)


@contextmanager
def embedded(stores: Stores, *, daphne: bool = False, **env: str) -> Iterator[House]:
    """SQLite and one process."""
    store = stores.embedded(**env)
    with open_house(store, Server(store, daphne=daphne)) as house:
        yield house


@contextmanager
def two_processes(stores: Stores, postgres: Postgres, redis: Redis, **env: str) -> Iterator[House]:
    """PostgreSQL, Redis and two processes that know of each other only through these."""
    store = stores.on_engines(postgres, redis, **env)
    with open_house(store, Server(store), Server(store)) as house:
        yield house
