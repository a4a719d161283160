"""The other analyzers of analyzers.json on the same programs. Their answers are kept by content:
they change only when the program, its flags or the analyzer does."""

import fnmatch
import hashlib
import json
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from harness import BenchError, database, reports

ANALYZERS = Path(__file__).resolve().parent.parent / "analyzers.json"


@dataclass(frozen=True)
class Analyzer:
    """`command`: arguments; {file} is a program, the word {flags} its compiler flags, of which
    `accepts` (prefixes) are passed on, or all. `families`: rule globs to families; findings of
    other rules do not count. `languages`: c, cxx or both."""

    name: str
    program: str
    command: tuple
    families: dict
    languages: tuple = ("c", "cxx")
    accepts: tuple = field(default=("",))

    def families_of(self, rule):
        return next((f for glob, f in self.families.items() if fnmatch.fnmatch(rule, glob)), ())

    def takes(self, unit):
        return ("c" if Path(unit.file).suffix in database.C_SUFFIXES else "cxx") in self.languages

    def arguments(self, unit):
        # The last two words are `-c FILE`, which each command says in its own way.
        flags = [f for f in unit.arguments[1:-2] if f.startswith(tuple(self.accepts))]
        words = []
        for word in self.command:
            words += {"{flags}": flags, "{file}": [unit.file]}.get(word, [word])
        return [self.program, *words]


def load(path=ANALYZERS):
    try:
        listed = json.loads(path.read_text())
        return {name: Analyzer(name, **fields) for name, fields in listed.items()}
    except (OSError, ValueError, TypeError) as error:
        raise BenchError(f"{path}: {error}") from None


@dataclass
class Answers:
    """The folder of kept answers."""

    folder: Path
    jobs: int
    timeout: float

    def of(self, analyzer, place, units):
        """All reports of one analyzer on the units of one suite."""
        version = subprocess.run([analyzer.program, "--version"], capture_output=True, text=True,
                                 check=False).stdout
        headers = self.digest_of_headers({Path(unit.file).parent for unit in units})
        self.folder.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(self.jobs) as pool:
            texts = pool.map(lambda unit: self.text(analyzer, unit, version + headers),
                             [unit for unit in units if analyzer.takes(unit)])
            return [report for text in texts
                    for report in reports.from_text(text, place.source, analyzer.families_of)]

    def text(self, analyzer, unit, salt):
        command = analyzer.arguments(unit)
        key = hashlib.sha256(repr((salt, command)).encode() + Path(unit.file).read_bytes())
        kept = self.folder / f"{key.hexdigest()}.txt"
        if kept.exists():
            return kept.read_text()
        try:
            done = subprocess.run(command, cwd=unit.directory, capture_output=True, text=True,
                                  errors="replace", timeout=self.timeout, check=False)
        except subprocess.TimeoutExpired:
            return ""  # not kept: a less busy machine may do better
        kept.write_text(done.stdout + done.stderr)
        return kept.read_text()

    @staticmethod
    def digest_of_headers(folders):
        digest = hashlib.sha256()
        for header in sorted(path for folder in folders for path in folder.glob("*.h")):
            digest.update(header.read_bytes())
        return digest.hexdigest()


def select(names, listed):
    """The analyzers of these names; of all, those that are installed, and the names of the rest."""
    unknown = [name for name in names if name not in listed]
    if unknown:
        raise BenchError(f"unknown analyzer {', '.join(unknown)}; known: {', '.join(listed)}")
    chosen = [listed[name] for name in names] if names else list(listed.values())
    absent = [a.name for a in chosen if not shutil.which(a.program)]
    if names and absent:
        raise BenchError(f"not installed: {', '.join(absent)}")
    return [a for a in chosen if a.name not in absent], absent
