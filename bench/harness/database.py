"""Compile databases: reading, removing duplicates, and the syntax-only form of a command."""

import fnmatch
import json
import os
import shlex
from dataclasses import dataclass
from pathlib import Path

from harness import BenchError

C_SUFFIXES = {".c"}
CXX_SUFFIXES = {".cc", ".cpp", ".cxx", ".c++", ".C"}
# Say what is written, not what is parsed.
OUTPUT_FLAGS = {"-c", "-MD", "-MMD", "-MP", "-MG"}
OUTPUT_FLAGS_WITH_VALUE = {"-o", "-MF", "-MT", "-MQ", "-MJ"}


@dataclass(frozen=True)
class Unit:
    """One compile command. `arguments` includes the compiler; `file` is absolute."""

    directory: str
    file: str
    arguments: tuple

    def parse_arguments(self):
        """The arguments that decide what is parsed: no compiler, no outputs."""
        kept, words = [], iter(self.arguments[1:])
        for word in words:
            if word in OUTPUT_FLAGS_WITH_VALUE:
                next(words, None)
            elif word not in OUTPUT_FLAGS and not (word.startswith("-o") and len(word) > 2):
                kept.append(word)
        return tuple(kept)

    def parses_code(self):
        """False for assembly, for probes of configure that are gone, and for the compiler's own
        sub-process, which a recorder of processes lists beside the driver that started it."""
        known = Path(self.file).suffix in C_SUFFIXES | CXX_SUFFIXES
        return known and "-cc1" not in self.arguments and os.path.exists(self.file)

    def output(self):
        words = self.arguments
        return words[words.index("-o") + 1] if "-o" in words[:-1] else ""

    def syntax_only(self):
        compiler = "clang-22" if Path(self.file).suffix in C_SUFFIXES else "clang++-22"
        return [compiler, *self.parse_arguments(), "-fsyntax-only", "-w"]


def load(path):
    try:
        entries = json.loads(Path(path).read_text())
    except (OSError, ValueError) as error:
        raise BenchError(f"{path}: {error}") from None
    return [to_unit(entry) for entry in entries]


def to_unit(entry):
    directory = entry["directory"]
    arguments = entry.get("arguments") or shlex.split(entry["command"])
    file = os.path.normpath(os.path.join(directory, entry["file"]))
    return Unit(directory, file, tuple(arguments))


def unique_units(units, root, skip=()):
    """The C and C++ units, each parse once.

    Build systems list a file again for a second library or an install step; a tool that parses
    both would be charged for the build system's habit. `skip` holds globs of sources, relative to
    `root`, or of objects as the command names them.
    """
    kept = {}
    for unit in units:
        if not unit.parses_code():
            continue
        names = (os.path.relpath(unit.file, root), unit.output())
        if not any(fnmatch.fnmatch(name, pattern) for name in names for pattern in skip):
            kept.setdefault((unit.directory, unit.file, unit.parse_arguments()), unit)
    return list(kept.values())


def write(units, path):
    entries = [{"directory": unit.directory, "file": unit.file, "arguments": list(unit.arguments)}
               for unit in units]
    path.write_text(json.dumps(entries, indent=1) + "\n")
