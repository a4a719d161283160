"""What an analyzer says about programs, in one form for all analyzers."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from harness import findings

# Clang, clang-tidy and GCC write this; cppcheck is told to.
TEXT = re.compile(r"(?P<file>[^:\n]+):(?P<line>\d+)(?::\d+)?: (?P<level>[a-z ]+): "
                  r"(?P<message>.*?)(?: \[(?P<rule>[^][]+)\])?")


@dataclass(frozen=True, order=True)
class Report:
    """One finding. `named`: the (file, line) of its place, its notes and its threads' steps;
    `families`: the rule families that its rule belongs to."""

    file: str
    line: int
    rule: str
    families: tuple
    message: str
    named: frozenset


def from_sarif(path, root):
    """The unsuppressed results, sorted; files relative to `root`. Heddle tags each rule with its
    family, right after `concurrency`."""
    found = []
    for run in json.loads(path.read_text())["runs"]:
        bases = run.get("originalUriBaseIds", {})
        families = {rule["id"]: tuple(rule["properties"]["tags"][1:2])
                    for rule in run["tool"]["driver"].get("rules", ())}
        for result in run.get("results", ()):
            if result.get("suppressions"):
                continue
            file, line = findings.place(result, root, bases)
            named = frozenset(findings.place({"locations": [location]}, root, bases)
                              for location in locations(result))
            found.append(Report(file, line, result["ruleId"], families[result["ruleId"]],
                                findings.message(result), named))
    return sorted(found, key=order)


def locations(result):
    yield from result.get("locations", ())
    yield from result.get("relatedLocations", ())
    for flow in result.get("codeFlows", ()):
        for thread in flow.get("threadFlows", ()):
            for step in thread.get("locations", ()):
                yield step.get("location", {})


def from_text(text, root, families_of):
    """Reports of `file:line: level: message [rule]` lines; a note belongs to the warning before
    it. Rules that `families_of` knows no family for are left out."""
    found, current = [], None
    for match in filter(None, map(TEXT.fullmatch, text.splitlines())):
        place = (relative(match["file"], root), int(match["line"]))
        if match["level"] == "note":
            if current:
                current[-1].add(place)
            continue
        rule = (match["rule"] or "").split(",")[0]
        current = [*place, rule, match["message"], {place}]
        if families_of(rule):
            found.append(current)
    return sorted((Report(file, line, rule, tuple(families_of(rule)), message, frozenset(named))
                   for file, line, rule, message, named in found), key=order)


def order(report):
    return (report.file, report.line, report.rule, report.message)


def relative(file, root):
    path = Path(root, file)
    return str(path.relative_to(root) if path.is_relative_to(root) else path)
