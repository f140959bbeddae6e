"""The container file names only what a clean clone holds, and agrees with what is around it."""

import fnmatch
import json
import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest
import typer
import yaml
from django.urls import resolve
from packaging.specifiers import SpecifierSet

from parvis.cli import app

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

if not (ROOT / ".git").exists():
    pytest.skip("not a git checkout", allow_module_level=True)


def instructions():
    """The instructions in order, their lines joined: word and the rest."""
    lines = (DEPLOY / "Containerfile").read_text().splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#"))
    joined = re.sub(r"\\\n\s*", " ", text)
    return [tuple(line.split(None, 1)) for line in joined.splitlines() if line.strip()]


INSTRUCTIONS = instructions()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def said(word):
    return [rest for name, rest in INSTRUCTIONS if name == word]


def environment():
    return dict(pair.split("=", 1) for rest in said("ENV") for pair in shlex.split(rest))


def in_the_clone():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return listed.stdout.splitlines()


def in_the_context():
    """What of a clean clone the build sees, by the list of what may get in."""
    rules = (ROOT / ".dockerignore").read_text().split("\n")
    rules = [rule.strip() for rule in rules if rule.strip() and not rule.startswith("#")]
    assert rules[0] == "*"
    seen = []
    for path in in_the_clone():
        is_in = False
        for rule in rules[1:]:
            pattern = rule.removeprefix("!").replace("**/", "*")
            if fnmatch.fnmatch(path, pattern) or path.startswith(f"{pattern}/"):
                is_in = rule.startswith("!")
        if is_in:
            seen.append(path)
    return seen


CONTEXT = in_the_context()


def is_in_the_context(path):
    return any(each == path or each.startswith(f"{path}/") for each in CONTEXT)


def test_what_is_copied_is_in_a_clean_clone_and_let_into_the_build():
    for rest in said("COPY"):
        *sources, _target = rest.split()
        if not sources[0].startswith("--from="):
            assert [each for each in sources if each != "." and not is_in_the_context(each)] == []


def test_what_the_build_runs_and_reads_is_let_into_it():
    run = " ".join(said("RUN"))
    named = re.findall(r"(?<![\w/])((?:scripts|requirements|src|deploy)[\w./-]*)", run)
    assert {"scripts/frontend.sh", "requirements/run.txt", "scripts/messages.py"} <= set(named)
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = [*named, *wheel["packages"], *wheel["force-include"], "requirements/node.txt"]
    needed += ["pyproject.toml", PROJECT["project"]["readme"], *PROJECT["project"]["license-files"]]
    assert [path for path in needed if not is_in_the_context(path)] == []


def test_nothing_made_on_a_machine_and_no_key_is_let_in():
    assert [path for path in CONTEXT if path.endswith((".mo", ".key"))] == []
    assert [path for path in CONTEXT if path.startswith(("tests/", "docs/", "out/"))] == []


def test_what_is_installed_is_pinned_by_digests():
    run = " ".join(said("RUN"))
    (requirements,) = re.findall(r"pip install \S+ --require-hashes -r (\S+)", run)
    lines = (ROOT / requirements).read_text().splitlines()
    pinned = [line for line in lines if re.match(r"[a-zA-Z0-9]", line)]
    assert pinned
    assert [line for line in pinned if "==" not in line] == []
    assert len(re.findall(r"--hash=sha256:", "\n".join(lines))) >= len(pinned)


def test_both_stages_have_the_python_the_project_asks_for():
    images = [rest.split()[0] for rest in said("FROM")]
    assert len(images) == 2
    assert len(set(images)) == 1
    (version,) = re.findall(r":(\d+\.\d+)", images[0])
    assert f"{version}.0" in SpecifierSet(PROJECT["project"]["requires-python"])


def test_the_installation_keeps_its_path_from_stage_to_stage():
    (copied,) = [rest for rest in said("COPY") if rest.startswith("--from=build")]
    _stage, source, target = copied.split()
    assert source == target
    assert environment()["PATH"].startswith(f"{source}/bin:")
    assert f"python -m venv {source}" in " ".join(said("RUN"))


def test_the_user_is_nobody_special_and_owns_what_is_written():
    (user,) = said("USER")
    run = " ".join(said("RUN"))
    (uid,) = re.findall(rf"useradd --system --uid (\d+) .*? {user}(?: |$)", run)
    (home,) = re.findall(r"--home-dir (\S+)", run)
    assert int(uid) > 0
    assert said("VOLUME") == [home] == said("WORKDIR")[-1:] == [environment()["PARVIS_DATA"]]
    assert f"chown {uid} " in (DEPLOY / "compose.yaml").read_text()


def test_a_container_that_is_read_only_writes_to_its_volume_and_memory_alone():
    service = COMPOSE["services"]["parvis"]
    assert service["read_only"] is True
    writable = [each.split(":")[0] for each in service["tmpfs"]]
    writable += [each.split(":")[1] for each in service["volumes"]]
    for name in ("PARVIS_DATA", "PARVIS_HOME", "NUMBA_CACHE_DIR"):
        folder = environment()[name]
        assert any(folder == each or folder.startswith(f"{each}/") for each in writable), name


def test_one_port_is_served_asked_for_health_and_forwarded():
    (port,) = said("EXPOSE")
    words = json.loads(said("CMD")[0])
    assert words[words.index("--port") + 1] == port
    assert f"127.0.0.1:{port}/" in (DEPLOY / "healthcheck.py").read_text()
    assert COMPOSE["services"]["proxy"]["environment"]["PARVIS_UPSTREAM"].endswith(f":{port}")


def test_the_health_check_runs_a_file_of_the_image_and_asks_an_address_there_is():
    (check,) = said("HEALTHCHECK")
    python, script = json.loads(check.partition("CMD ")[2])
    assert python == "python"
    (copied,) = [rest for rest in said("COPY") if "healthcheck" in rest]
    assert copied.split()[-1] == script
    (path,) = re.findall(r"127\.0\.0\.1:\d+(/\S+?)\"", (DEPLOY / "healthcheck.py").read_text())
    assert resolve(path).func is not None


def test_what_the_container_starts_is_a_command_with_these_options():
    (entry,) = (json.loads(rest) for rest in said("ENTRYPOINT"))
    assert entry[0] in PROJECT["project"]["scripts"]
    command, *options = json.loads(said("CMD")[0])
    found = typer.main.get_command(app).get_command(None, command)
    known = {option for parameter in found.params for option in parameter.opts}
    assert {word for word in options if word.startswith("--")} <= known


def test_settings_of_the_image_and_of_compose_are_ones_there_are():
    known = set(re.findall(r"PARVIS_[A-Z_]+", (ROOT / "docs/reference/settings.md").read_text()))
    given = {*environment(), *COMPOSE["services"]["parvis"]["environment"]}
    settings = {name.removesuffix("_FILE") for name in given if name.startswith("PARVIS_")}
    assert settings - known == set()
    assert COMPOSE["services"]["parvis"]["build"] == {
        "context": "..",
        "dockerfile": "deploy/Containerfile",
    }
