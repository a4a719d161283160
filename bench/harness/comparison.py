"""Heddle and the compiler's syntax check over one package, side by side, and the tables of it."""

from collections import Counter
from dataclasses import dataclass, field
from statistics import median

from harness import database, findings, measure

MISSING = "-"


@dataclass
class Comparison:
    """The runs of one package; one entry a run in `tool`, `parse` and `syntax`."""

    name: str
    version: str
    units: list
    tool: list = field(default_factory=list)
    parse: list = field(default_factory=list)
    syntax: list = field(default_factory=list)
    log: findings.Log = findings.Log()

    def endings(self):
        """How Heddle ended, of all runs; exits 0 and 1 are its normal ones."""
        normal = ("ok", "exit 1")
        ends = {"ok" if o.ending() in normal else o.ending() for o in self.tool + self.parse}
        # Without a log, zero findings would look like a clean package.
        return ["no SARIF"] if ends == {"ok"} and self.log.problem else sorted(ends)

    def broken(self):
        return any(e != "ok" for e in self.endings()) or any(s.failures for s in self.syntax)

    def stopped(self):
        return any(e.startswith(("crash", "hang")) for e in self.endings())

    def failed(self):
        # Exit 3 promises at least one failed unit, even if the log names none.
        return max(len({file for file, _ in self.log.failed}), int("exit 3" in self.endings()))

    def tool_cpu(self):
        return median(outcome.cpu for outcome in self.tool)

    def parse_cpu(self):
        return median(outcome.cpu for outcome in self.parse)

    def syntax_cpu(self):
        return median(check.cpu for check in self.syntax)

    def overhead(self):
        """What the analysis adds to Heddle's own parsing, as a share of it."""
        return self.tool_cpu() / self.parse_cpu() - 1

    def ratio(self):
        """None when Heddle stopped early: a partial run has no speed."""
        complete = self.tool and all(e in ("ok", "exit 3") for e in self.endings())
        if not complete or not self.syntax_cpu():
            return None
        return self.tool_cpu() / self.syntax_cpu()


def compare(space, tool, runs, jobs, timeout, sarif, parse=False):
    """`tool` None measures the compiler alone; `parse` also measures the tool's parsing alone.
    Interleaved, and the first of a pair alternates, so that a machine that slows down slows both."""
    stamp = space.require().stamped()
    result = Comparison(space.directory.name, stamp["version"], database.load(space.database))
    steps = [lambda: result.syntax.append(measure.syntax_check(result.units, jobs, timeout))]
    if parse:
        steps.insert(0, lambda: result.parse.append(tool.parsing().check(space)))
    if tool:
        steps.insert(0, lambda: result.tool.append(tool.check(space, sarif=sarif)))
    for number in range(runs):
        for step in reversed(steps) if number % 2 else steps:
            step()
    if tool:
        result.log = findings.read_sarif(sarif, result.name, space.source)
    return result


def summary_table(results):
    head = ["package", "version", "units", "clang fails", "heddle", "failed units", "findings",
            "heddle CPU s", "clang CPU s", "ratio", "peak MB"]
    return markdown([head, *map(summary_row, results)])


def summary_row(result):
    clang_failures = max(len(check.failures) for check in result.syntax)
    row = [result.name, result.version, len(result.units), clang_failures]
    if not result.tool:
        return [*row, MISSING, MISSING, MISSING, MISSING, f"{result.syntax_cpu():.2f}", MISSING,
                MISSING]
    ratio = result.ratio()
    return [*row, ", ".join(result.endings()), result.failed(), len(result.log.findings),
            f"{result.tool_cpu():.2f}", f"{result.syntax_cpu():.2f}",
            MISSING if ratio is None else f"{ratio:.2f}",
            f"{max(outcome.peak_mb for outcome in result.tool):.0f}"]


def rule_table(results):
    """Findings by rule and package; empty without findings."""
    counts = {r.name: Counter(f.rule for f in r.log.findings) for r in results}
    rules = sorted(set().union(*counts.values()))
    if not rules:
        return ""
    rows = [[rule, *(counts[r.name][rule] for r in results),
             sum(counts[r.name][rule] for r in results)] for rule in rules]
    return markdown([["rule", *counts, "all"], *rows])


def markdown(rows):
    """A table that reads well raw too; the first row is the head, numbers go to the right."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts)]
    right = [all(is_number(text) for text in column[1:]) for column in zip(*texts)]

    def line(cells):
        padded = (c.rjust(w) if r else c.ljust(w) for c, w, r in zip(cells, widths, right))
        return "| " + " | ".join(padded) + " |"

    rule = "|" + "|".join("-" * (w + 1) + (":" if r else "-") for w, r in zip(widths, right)) + "|"
    return "\n".join([line(texts[0]), rule, *map(line, texts[1:])])


def is_number(text):
    return text == MISSING or text.replace(".", "", 1).isdigit()
