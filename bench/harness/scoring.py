"""Findings against labels: what was found, missed and falsely reported. No I/O.

A file is found by a rule of a family that is about one of its kinds of bug. A line is found when a
finding of such a family names it: as its place, in a note or as a step of a thread. A false alarm
is a finding in a clean program or on a clean line. A finding elsewhere in a program with a bug
counts for neither side, because labels do not list every wrong line.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass


class Score:
    """One analyzer's reports on the labelled programs of all suites."""

    def __init__(self, programs, reports, kinds):
        """`reports`: (suite, Report) pairs."""
        self.programs, self.kinds = programs, kinds
        self.by_program = defaultdict(list)
        known = {(p.suite, p.file) for p in programs}
        self.elsewhere = []
        for suite, report in reports:
            key = (suite, report.file)
            (self.by_program[key] if key in known else self.elsewhere).append(report)

    def of(self, program, families=None):
        """The reports on a program, of any family or of these."""
        reports = self.by_program.get((program.suite, program.file), ())
        return [r for r in reports if families is None or families & set(r.families)]

    def found(self, program, kind):
        return bool(self.of(program, self.kinds.families_by_kind[kind]))

    def names_line(self, program, line, kind):
        return any((program.file, line) in report.named
                   for report in self.of(program, self.kinds.families_by_kind[kind]))

    def false_alarms(self, program, families=None):
        return [r for r in self.of(program, families)
                if program.clean or program.is_clean_at(r.line)]

    def missed(self):
        """(program, kinds that no rule of a right family found)."""
        for program in self.programs:
            kinds = sorted(k for k in program.kinds if not self.found(program, k))
            if kinds:
                yield program, kinds

    def false(self):
        """(program, its false alarms)."""
        for program in self.programs:
            reports = self.false_alarms(program)
            if reports:
                yield program, reports

    def of_family(self, family):
        tally = Tally()
        kinds = self.kinds.of_family(family)
        for program in self.programs:
            about = program.kinds & kinds
            tally.files += bool(about)
            tally.found_files += any(self.found(program, kind) for kind in about)
            for line, there in program.lines.items():
                tally.lines += bool(there & kinds)
                tally.found_lines += any(self.names_line(program, line, kind)
                                         for kind in there & kinds)
            false = self.false_alarms(program, {family})
            tally.false_files += bool(false)
            tally.false_lines += len({report.line for report in false})
        return tally

    def of_kind(self, kind):
        """(labelled files, by a right family, by any rule, labelled lines, lines named)."""
        with_bug = [p for p in self.programs if kind in p.kinds]
        lines = [(p, line) for p in self.programs for line, kinds in p.lines.items()
                 if kind in kinds]
        return (len(with_bug), sum(self.found(p, kind) for p in with_bug),
                sum(bool(self.of(p)) for p in with_bug), len(lines),
                sum(self.names_line(p, line, kind) for p, line in lines))

    def clean(self):
        """(clean files, flagged ones)."""
        clean = [program for program in self.programs if program.clean]
        return len(clean), sum(bool(self.of(program)) for program in clean)

    def clean_places(self):
        """(places labelled clean within programs, those with a finding)."""
        flagged = sum(any(first <= r.line <= last for r in self.of(program))
                      for program in self.programs for first, last in program.clean_places)
        return sum(len(program.clean_places) for program in self.programs), flagged

    def rules(self):
        """rule -> (findings in programs with a bug of its family, false alarms)."""
        right, false = Counter(), Counter()
        for program in self.programs:
            about = self.kinds.families(program.kinds)
            false.update(r.rule for r in self.false_alarms(program))
            right.update(r.rule for r in self.of(program) if about & set(r.families)
                         and not program.clean)
        return {rule: (right[rule], false[rule]) for rule in sorted(right | false)}


@dataclass
class Tally:
    """One family and one analyzer."""

    files: int = 0
    found_files: int = 0
    false_files: int = 0
    lines: int = 0
    found_lines: int = 0
    false_lines: int = 0
