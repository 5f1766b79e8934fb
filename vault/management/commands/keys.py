"""peerchat keys list | rotate | destroy | ring"""

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from vault import keyring, keys, start


class Command(BaseCommand):
    help = "Lists, rotates and destroys the keys that messages and names are sealed with. See docs/vault.md."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        listing = verbs.add_parser("list", help="show every key, without its secret")
        listing.add_argument("--owner", help="only this owner's, for example room:abc")
        rotate = verbs.add_parser("rotate", help="wrap all keys anew, or give one owner a new key")
        rotate.add_argument("--owner", help="whose key; without it, the wrapping of all keys is rotated")
        rotate.add_argument("--epoch", default="", help="for example 2026-11; a person's key has none")
        rotate.add_argument("--why", default="")
        destroy = verbs.add_parser("destroy", help="make what is sealed under a key unreadable, for ever")
        destroy.add_argument("--owner", required=True)
        destroy.add_argument("--epoch", default="")
        destroy.add_argument("--why", required=True, help="goes on the trail")
        destroy.add_argument("--yes", action="store_true", help="do not ask")
        verbs.add_parser("ring", help="print a fresh keyring for PEERCHAT_KEYRING; nothing is stored")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        if verb == "ring":
            return self.stdout.write(keyring.fresh().dump(), ending="")
        start.check()
        try:
            getattr(self, f"_{verb}")(options)
        except (keys.CannotDestroy, keys.CannotRotate) as refused:
            raise CommandError(str(refused)) from refused
        return None

    def _list(self, options: dict[str, Any]) -> None:
        count = 0
        for line in keys.listing(owner=options["owner"]):
            self.stdout.write(_line(line))
            count += 1
        self.stdout.write(_keys(count))

    def _rotate(self, options: dict[str, Any]) -> None:
        if options["owner"]:
            generation = keys.rotate(owner=options["owner"], epoch=options["epoch"], why=options["why"])
            self.stdout.write(f"Generation {generation} seals from now on. Older text stays readable.")
            return
        done = keys.rotate_wrapping(why=options["why"])
        self.stdout.write(f"{done.count} keys are wrapped by {done.kek} now.")
        if done.unused:
            self.stdout.write(f"You may take these out of the keyring: {', '.join(done.unused)}.")

    def _destroy(self, options: dict[str, Any]) -> None:
        name = f"{options['owner']} {options['epoch']}".strip()
        if not options["yes"] and not self._sure(name):
            raise CommandError("Nothing was destroyed.")
        owner, epoch = options["owner"], options["epoch"]
        count = keys.destroy(owner=owner, epoch=epoch, actor="operator", why=options["why"])
        self.stdout.write(f"Destroyed {_keys(count)} of {name}. What was sealed under it can never be read again.")

    def _sure(self, name: str) -> bool:
        if not sys.stdin.isatty():
            raise CommandError("Nobody is here to confirm: add --yes if you are sure.")
        self.stdout.write(f"All that is sealed under {name} will be unreadable for ever, in every backup of it too.")
        return input(f"Type {name} to go on: ").strip() == name


def _line(key: keys.KeyLine) -> str:
    state = f"destroyed {key.destroyed_at:%Y-%m-%d}" if key.destroyed_at else f"wrapped by {key.kek}"
    name = f"{key.owner} {key.epoch}".strip()
    return f"{name}  generation {key.generation}  since {key.created:%Y-%m-%d}  {key.reserved} uses  {state}"


def _keys(count: int) -> str:
    return "1 key" if count == 1 else f"{count} keys"
