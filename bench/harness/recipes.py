"""The packages of packages.json: what to fetch and how to get a compile database from it."""

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from harness import BenchError, database
from harness.sources import SourceArchive, install_missing, run_logged

RECIPES = Path(__file__).resolve().parent.parent / "packages.json"
C_COMPILER, CXX_COMPILER = "clang-22", "clang++-22"
# Configured with the compiler that parses later, so that no flag is unknown to it.
COMPILERS = {"CC": C_COMPILER, "CXX": CXX_COMPILER}


@dataclass(frozen=True)
class Recipe:
    """One package. `build` names a function of BUILDS, `options` go to its configure step,
    `targets` to ninja or make, `skip` to database.unique_units."""

    name: str
    version: str
    build: str
    needs: tuple = ()
    options: tuple = ()
    targets: tuple = ()
    skip: tuple = ()

    def digest(self):
        return hashlib.sha256(repr(self).encode()).hexdigest()


def load_recipes(path=RECIPES):
    try:
        listed = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise BenchError(f"{path}: {error}") from None
    recipes = {}
    for name, fields in listed.items():
        try:
            values = {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()}
            recipes[name] = Recipe(name=name, **values)
        except TypeError as error:
            raise BenchError(f"{path}: {name}: {error}") from None
        if recipes[name].build not in BUILDS:
            known = ", ".join(BUILDS)
            raise BenchError(f"{path}: {name}: build is one of {known}, not {recipes[name].build}")
    return recipes


def select(recipes, names):
    unknown = [name for name in names if name not in recipes]
    if unknown:
        raise BenchError(f"unknown package {', '.join(unknown)}; known: {', '.join(recipes)}")
    return [recipes[name] for name in names] if names else list(recipes.values())


class Workspace:
    """The folder of one package: src, build, compile_commands.json, log, fetched.json."""

    def __init__(self, work, name):
        self.directory = work / name
        self.source = self.directory / "src"
        self.build = self.directory / "build"
        self.log = self.directory / "log"
        self.stamp = self.directory / "fetched.json"
        self.database = self.directory / "compile_commands.json"

    def stamped(self):
        return json.loads(self.stamp.read_text()) if self.stamp.exists() else {}

    def require(self):
        if not self.stamp.exists():
            name = self.directory.name
            raise BenchError(f"{name} is not fetched yet: bench/packages fetch {name}")
        return self


def configure_cmake(recipe, space):
    run_logged(["cmake", "-G", "Ninja", "-S", space.source, "-B", space.build,
                "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON",
                f"-DCMAKE_C_COMPILER={C_COMPILER}", f"-DCMAKE_CXX_COMPILER={CXX_COMPILER}",
                *recipe.options], space.log)
    generate(recipe, space)
    return space.build / "compile_commands.json"


def configure_meson(recipe, space):
    run_logged(["meson", "setup", *recipe.options, space.build, space.source], space.log,
               env=dict(os.environ, **COMPILERS))
    generate(recipe, space)
    return space.build / "compile_commands.json"


def generate(recipe, space):
    if recipe.targets:
        run_logged(["ninja", "-C", space.build, *recipe.targets], space.log)


def configure_autotools(recipe, space):
    space.build.mkdir()
    run_logged([space.source / "configure", *recipe.options], space.log, cwd=space.build,
               env=dict(os.environ, **COMPILERS))
    return record_make(recipe, space, space.build)


def configure_make(recipe, space):
    """A bare makefile builds in its source folder."""
    return record_make(recipe, space, space.source)


def record_make(recipe, space, folder):
    recorded = space.directory / "recorded.json"
    variables = [f"{name}={value}" for name, value in COMPILERS.items()]
    run_logged(["bear", "--output", recorded, "--", "make", "-j2", *variables, *recipe.targets],
               space.log, cwd=folder)
    return recorded


BUILDS = {
    "cmake": configure_cmake,
    "meson": configure_meson,
    "autotools": configure_autotools,
    "make": configure_make,
}
BUILD_NEEDS = {
    "cmake": ("cmake", "ninja-build"),
    "meson": ("meson", "ninja-build", "pkg-config"),
    "autotools": ("make", "bear", "pkg-config"),
    "make": ("make", "bear"),
}


def fetch(recipe, work, archive, force=False):
    """Brings one package to a compile database; does nothing when it is there already."""
    space = Workspace(work, recipe.name)
    if not force and space.stamped().get("recipe") == recipe.digest():
        return space
    shutil.rmtree(space.directory, ignore_errors=True)
    space.directory.mkdir(parents=True)
    print(f"{recipe.name}: fetching and configuring", flush=True)
    install_missing(("clang-22", "dpkg-dev", *BUILD_NEEDS[recipe.build], *recipe.needs), space.log)
    version = archive.choose(recipe.name, recipe.version)
    archive.unpack(recipe.name, version, space.source, space.log)
    exported = BUILDS[recipe.build](recipe, space)
    units = database.unique_units(database.load(exported), space.directory, recipe.skip)
    if not units:
        raise BenchError(f"{recipe.name}: no C or C++ unit in {exported}")
    database.write(units, space.database)
    space.stamp.write_text(json.dumps(
        {"recipe": recipe.digest(), "version": version, "units": len(units)}))
    return space


def fetch_all(recipes, work, force=False):
    """Fetches each; returns the names that failed, having said why."""
    archive = SourceArchive(work / "apt")
    if force or any(Workspace(work, r.name).stamped().get("recipe") != r.digest() for r in recipes):
        work.mkdir(parents=True, exist_ok=True)
        archive.refresh(work / "apt.log")
    failed = []
    for recipe in recipes:
        try:
            space = fetch(recipe, work, archive, force)
        except BenchError as error:
            failed.append(recipe.name)
            print(f"{recipe.name}: {error}", flush=True)
            continue
        stamp = space.stamped()
        print(f"{recipe.name} {stamp['version']}: {stamp['units']} units, {space.database}")
    return failed
