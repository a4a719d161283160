"""The test suites of suites.json: where their programs come from and how each is compiled."""

import fnmatch
import json
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from harness import BenchError, database
from harness.recipes import C_COMPILER, COMPILERS, CXX_COMPILER
from harness.sources import SourceArchive, install_missing, run_logged

SUITES = Path(__file__).resolve().parent.parent / "suites.json"
# The part of a test's RUN line that changes what is parsed.
PARSE_FLAGS = ("-D", "-U", "-I", "-std=", "-fopenmp")


@dataclass(frozen=True)
class Suite:
    """`packages`: Debian source packages that hold it, the first that can be fetched is taken.
    `folders`: unpack only these. `c`, `cxx`: flags; {root} is the suite's folder. `run_lines`:
    compiler words of the RUN lines whose flags are added. `files`: globs with further flags."""

    name: str
    packages: tuple = ()
    folders: tuple = ()
    configure: bool = False
    needs: tuple = ()
    c: tuple = ("-std=gnu17", "-pthread")
    cxx: tuple = ("-std=c++17", "-pthread")
    run_lines: tuple = ()
    files: dict = field(default_factory=dict)


def load(path=SUITES):
    try:
        listed = json.loads(path.read_text())
        return {name: Suite(name, **fields) for name, fields in listed.items()}
    except (OSError, ValueError, TypeError) as error:
        raise BenchError(f"{path}: {error}") from None


class Place:
    """Where the programs of one suite are and where its results go. Tool.check wants `directory`
    and `source` of it."""

    def __init__(self, suite, work, source=None):
        self.suite = suite
        self.directory = work / "suites" / suite.name
        self.fetched = self.directory / "src"
        self.log = self.directory / "log"
        self.source = source or self.fetched
        self.database = self.directory / "compile_commands.json"

    def require(self):
        if not self.source.is_dir():
            name = self.suite.name
            hint = (f"bench/accuracy fetch {name}, or pass" if self.suite.packages else "pass")
            raise BenchError(f"no sources of suite {name}: {hint} --sources {name}=DIR")
        return self

    def units(self, programs):
        """(units, programs without a source). A program has a unit for each way to parse it."""
        units, absent = [], []
        for program in programs:
            path = self.source / program.file
            if not path.is_file():
                absent.append(program)
                continue
            compiler = C_COMPILER if path.suffix in database.C_SUFFIXES else CXX_COMPILER
            units += [database.Unit(str(self.source), str(path), (compiler, *flags, "-c", str(path)))
                      for flags in self.variants(program, path)]
        return units, absent

    def variants(self, program, path):
        suite = self.suite
        base = suite.c if path.suffix in database.C_SUFFIXES else suite.cxx
        base = tuple(flag.replace("{root}", str(self.source)) for flag in base)
        for pattern, flags in suite.files.items():
            if fnmatch.fnmatch(program.file, pattern):
                base += tuple(flags)
        base += program.flags
        runs = [base + extra for extra in run_line_flags(path, suite.run_lines)]
        return list(dict.fromkeys(runs)) or [base]

    def write_database(self, units):
        self.directory.mkdir(parents=True, exist_ok=True)
        database.write(units, self.database)


def run_line_flags(path, compilers):
    """The parse flags of each RUN line that calls one of the compilers."""
    if not compilers:
        return
    text = re.sub(r"\\\n[^\n]*?RUN:", " ", path.read_text(errors="replace"))
    for line in re.findall(r"RUN:(.*)", text):
        for command in re.split(r"&&|\||;", line):
            words = command.replace("%S", str(path.parent)).split()
            if any(word in compilers for word in words):
                yield tuple(word for word in words if word.startswith(PARSE_FLAGS))


def fetch_all(suites, work):
    """Fetches each; returns the names that failed, having said why."""
    archive, failed = SourceArchive(work / "apt"), []
    work.mkdir(parents=True, exist_ok=True)
    archive.refresh(work / "apt.log")
    for suite in suites:
        place = Place(suite, work)
        place.directory.mkdir(parents=True, exist_ok=True)
        try:
            package = fetch(place, archive)
        except BenchError as error:
            failed.append(suite.name)
            print(f"{suite.name}: {error}", flush=True)
            continue
        print(f"{suite.name}: {package} in {place.fetched}", flush=True)
    return failed


def fetch(place, archive):
    suite = place.suite
    install_missing(("clang-22", "dpkg-dev", *suite.needs), place.log)
    package = unpack_first(place, archive)
    if suite.configure:
        run_logged(["./configure", *[f"{k}={v}" for k, v in COMPILERS.items()]], place.log,
                   cwd=place.fetched)
    return package


def unpack_first(place, archive):
    """Packages leave the archive; an older one with the same programs is better than none."""
    for wanted in place.suite.packages:
        name = wanted["name"]
        try:
            version = archive.choose(name, wanted["version"])
            if place.suite.folders:
                archive.unpack_folders(name, version, place.fetched, place.suite.folders,
                                       place.log)
            else:
                archive.unpack(name, version, place.fetched, place.log)
        except BenchError as error:
            print(f"{place.suite.name}: no {name} {wanted['version']}: {error}", flush=True)
            continue
        return f"{name} {version}"
    shutil.rmtree(place.fetched, ignore_errors=True)
    raise BenchError("no package of it can be fetched")
