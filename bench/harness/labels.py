"""Labels of public test programs: what each file and line is known to be.

A CSV with the columns suite, file, line, label, kind, flags, note. A row without a line speaks of
the whole program, `label` is `bug` or `clean`, `flags` are further compiler flags. Of clean lines a
row may name several: 12-20.
"""

import csv
import json
import shlex
from dataclasses import dataclass, field
from pathlib import Path

from harness import BenchError

COLUMNS = ("suite", "file", "line", "label", "kind")
KINDS = Path(__file__).resolve().parent.parent / "kinds.json"


@dataclass
class Program:
    """One file. Clean when it has no kind; lines by number, with the kinds of bug there."""

    suite: str
    file: str
    kinds: set = field(default_factory=set)
    lines: dict = field(default_factory=dict)
    clean_places: list = field(default_factory=list)  # (first line, last line)
    flags: tuple = ()
    clean: bool = False

    def is_clean_at(self, line):
        return any(first <= line <= last for first, last in self.clean_places)


class Kinds:
    """The kinds of bug, the rule families that are about them, and their other names."""

    def __init__(self, path=KINDS):
        try:
            listed = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise BenchError(f"{path}: {error}") from None
        self.families_by_kind = {kind: set(entry["families"]) for kind, entry in listed.items()}
        self.names = {name: kind for kind, entry in listed.items()
                      for name in (kind, *entry.get("also", ()))}

    def canonical(self, name):
        return self.names.get(name)

    def families(self, kinds):
        return set().union(*(self.families_by_kind[kind] for kind in kinds))

    def of_family(self, family):
        return {k for k, families in self.families_by_kind.items() if family in families}


def read(paths, kinds):
    """All programs of the files, in the order of their names."""
    programs = {}
    for path in paths:
        for number, row in rows(path):
            try:
                add(programs, row, kinds)
            except ValueError as error:
                raise BenchError(f"{path}:{number}: {error}") from None
    for program in programs.values():
        # A list of lines alone says enough about the program they are in.
        if not program.kinds and not program.clean:
            program.kinds = set().union(*program.lines.values())
    if not programs:
        raise BenchError(f"no label in {', '.join(map(str, paths))}")
    return [programs[key] for key in sorted(programs)]


def rows(path):
    """(line of the file, row) of each label."""
    try:
        with open(path, newline="", encoding="utf-8") as source:
            reader = csv.DictReader(source)
            missing = [c for c in COLUMNS if c not in (reader.fieldnames or ())]
            if missing:
                raise BenchError(f"{path}: no column {', '.join(missing)}")
            for row in reader:
                yield reader.line_num, {k: (v or "").strip() for k, v in row.items() if k}
    except OSError as error:
        raise BenchError(f"{path}: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise BenchError(f"{path}: {error}") from None


def add(programs, row, kinds):
    if row["label"] not in ("bug", "clean"):
        raise ValueError(f"label is bug or clean, not {row['label']!r}")
    if not row["suite"] or not row["file"]:
        raise ValueError("a label needs a suite and a file")
    first, last = line_range(row["line"])
    if first != last and row["label"] != "clean":
        raise ValueError("a bug has one line in each row")
    key = (row["suite"], row["file"])
    program = programs.setdefault(key, Program(*key))
    program.flags += tuple(shlex.split(row.get("flags", "")))
    if row["label"] == "clean":
        if first:
            program.clean_places.append((first, last))
        else:
            program.clean = True
    else:
        kind = kinds.canonical(row["kind"])
        if not kind:
            raise ValueError(f"unknown kind {row['kind']!r}: name it in {KINDS.name}")
        if first:
            program.lines.setdefault(first, set()).add(kind)
        else:
            program.kinds.add(kind)
    if program.clean and (program.kinds or program.lines):
        raise ValueError(f"{row['file']} is labelled clean and has a bug")


def line_range(text):
    """(first, last) line; zeros for no line."""
    if not text:
        return 0, 0
    first, dash, last = text.partition("-")
    numbers = [first, last] if dash else [first]
    if not all(n.isdigit() and int(n) for n in numbers) or int(numbers[-1]) < int(first):
        raise ValueError(f"line is empty, a number from 1, or a range like 12-20, not {text!r}")
    return int(first), int(numbers[-1])
