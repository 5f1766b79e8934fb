"""What must never be committed, looked for in every file that git knows."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]

# Written in pieces, so that this file does not find itself.
_HOSTS = ("py pi.org", "python hosted.org", "registry.npm js", "deb.deb ian.org", "registry.yarn pkg")
_FOLDERS = ("/wo rk/", "/ro ot/", "/fa rm/", "/op t/", "/ho me/")
DOWNLOAD_HOSTS = [host.replace(" ", "") for host in _HOSTS]
MACHINE_PATHS = [folder.replace(" ", "") for folder in _FOLDERS]


def _files(*patterns: str) -> list[Path]:
    """The committed files, and those about to be, whose paths match."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns]
    try:
        names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def _matches(pattern: str, files: list[Path]) -> list[str]:
    wanted = re.compile(pattern, re.IGNORECASE)
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path, number, line in _lines(files)
        if wanted.search(line)
    ]


def _lines(files: list[Path]) -> Iterator[tuple[Path, int, str]]:
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        yield from ((path, number, line) for number, line in enumerate(text.splitlines(), 1))


def test_no_file_names_a_host_to_download_packages_from() -> None:
    assert not _matches("|".join(map(re.escape, DOWNLOAD_HOSTS)), _files())


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    pattern = "|".join(rf"(?<![\w.:~}}-]){re.escape(path)}" for path in MACHINE_PATHS)
    assert not _matches(pattern, _files())


def test_a_lock_names_versions_and_hashes_and_no_place() -> None:
    for lock in _files("*.lock"):
        text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
        lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
        strange = [
            line[:80]
            for line in lines
            if not re.fullmatch(r"[\w.-]+(\[[\w,-]+\])?==\S+( *;[^@]*?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", line)
        ]
        assert lines
        assert not strange, lock.name


def test_both_locks_agree() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[\w.-]+==[^ ;\\]+", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_no_template_carries_script_or_style_of_its_own() -> None:
    templates = _files("*.html")
    assert not _matches(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", templates)
    scripts = _matches(r"<script", templates)
    assert not [
        line for line in scripts if not re.search(r"<script[^>]*\ssrc=|type=\"(application/json|importmap)\"", line)
    ]


def test_no_script_writes_markup_or_keeps_words_on_the_disk() -> None:
    markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    disk = r"localStorage|sessionStorage|indexedDB"
    assert not _matches(f"{markup}|{disk}", _files("static/*.js", "static/**/*.js"))


def test_nothing_of_ours_is_loaded_from_another_host() -> None:
    other = r"""["']?(https?:)?//"""
    markup = rf"(src|srcset|poster)\s*=\s*{other}|<link[^>]*href\s*=\s*{other}"
    code = rf"@import|url\(\s*{other}|\b(from|import\()\s*{other}"
    assert not _matches(f"{markup}|{code}", _files("*.html", "*.css", "static/*.js", "static/**/*.js"))


def test_every_dependency_has_its_reason_in_the_decisions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = [re.split(r"[\[><=;! ]", line)[0].lower() for line in needed]
    reasons = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8").lower()
    assert not [name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", reasons)]


def test_the_compose_file_gives_secrets_as_files_and_runs_nobody_as_root() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    services = compose["services"]
    ours = [name for name, service in services.items() if service.get("build") or service.get("image") == "peerchat"]
    assert {"web", "worker", "migrate"} <= set(ours)
    for name in ours:
        environment = services[name]["environment"]
        open_secrets = [key for key in environment if re.search(r"SECRET_KEY$|KEYRING$|PASSWORD$|DATABASE_URL$", key)]
        assert not open_secrets, name
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
    used = {secret for service in services.values() for secret in service.get("secrets", [])}
    assert used == set(compose["secrets"])
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^USER (?!root|0)", dockerfile, re.MULTILINE)


def test_every_setting_from_the_environment_is_explained() -> None:
    read = set(re.findall(r"\benv\.\w+\(\s*\"(\w+)\"", (ROOT / "peerchat" / "settings.py").read_text(encoding="utf-8")))
    explained = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    assert read
    assert not [name for name in sorted(read) if f"`PEERCHAT_{name}`" not in explained]
