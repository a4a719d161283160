"""The tables and lists that bench/accuracy prints and writes."""

import csv
import json
from pathlib import Path

from harness import BenchError
from harness.comparison import MISSING, markdown

DISPUTED = Path(__file__).resolve().parent.parent / "disputed.json"


def share(part, whole):
    return f"{part}/{whole} {100 * part / whole:.0f} %" if whole else MISSING


def family_table(scores, families):
    """`scores` by analyzer."""
    head = ["family", "analyzer", "files found", "false files", "precision", "lines found",
            "false lines"]
    rows = [[family, name, *tally_cells(score.of_family(family))]
            for family in families for name, score in scores.items()]
    return markdown([head, *rows])


def tally_cells(tally):
    flagged = tally.found_files + tally.false_files
    return [share(tally.found_files, tally.files), tally.false_files,
            share(tally.found_files, flagged), share(tally.found_lines, tally.lines),
            tally.false_lines]


def kind_table(scores):
    """Per kind: the first analyzer in full, of the others the files."""
    first, *others = scores
    head = ["kind", "files", first, "any rule", "lines", "lines named", *others]
    programs, kinds = scores[first].programs, scores[first].kinds
    present = {k for p in programs for k in p.kinds.union(*p.lines.values())}
    rows = []
    for kind in (k for k in kinds.families_by_kind if k in present):
        files, right, any_rule, lines, named = scores[first].of_kind(kind)
        rows.append([kind, files, share(right, files), share(any_rule, files), lines,
                     share(named, lines), *(scores[o].of_kind(kind)[1] for o in others)])
    total, flagged = scores[first].clean()
    rows.append(["clean", total, MISSING, share(flagged, total), MISSING, MISSING,
                 *(scores[o].clean()[1] for o in others)])
    if places := scores[first].clean_places()[0]:
        rows.append(["clean places", MISSING, MISSING, MISSING, places,
                     share(scores[first].clean_places()[1], places),
                     *(scores[o].clean_places()[1] for o in others)])
    return markdown([head, *rows])


def rule_table(score):
    rows = [[rule, *counts] for rule, counts in score.rules().items()]
    return markdown([["rule", "in programs with such a bug", "false alarms"], *rows]) if rows else ""


def missed_list(score):
    lines = ["missed:"]
    for program, kinds in score.missed():
        others = sorted({report.rule for report in score.of(program)})
        hint = f" (found there: {', '.join(others)})" if others else ""
        lines.append(f"  {program.suite} {program.file}: {', '.join(kinds)}{hint}")
    return "\n".join(lines if len(lines) > 1 else ["missed: none"])


def false_list(score):
    lines = ["false alarms:"]
    for program, reports in score.false():
        lines += [f"  {program.suite} {r.file}:{r.line}: {r.message} [{r.rule}]" for r in reports]
    return "\n".join(lines if len(lines) > 1 else ["false alarms: none"])


def read_disputed(path=DISPUTED):
    try:
        entries = json.loads(path.read_text())
        return {(e["suite"], e["file"]): e["interleaving"] for e in entries}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BenchError(f"{path}: {error!r}") from None


def disputed_list(programs, disputed):
    """Labels that a written interleaving contradicts; the figures follow the labels."""
    lines = []
    for program in programs:
        for number, text in enumerate(disputed.get((program.suite, program.file), ())):
            lines.append(f"  {program.suite} {program.file}:" if not number else "")
            lines.append(f"    {number + 1}. {text}")
    lines = [line for line in lines if line]
    return "\n".join(["disputed labels (no figure is changed):", *lines]) if lines else ""


def write_csv(scores, path):
    """A row per analyzer and program, and one per labelled line."""
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["analyzer", "suite", "file", "line", "label", "kind", "verdict", "rules"])
        for name, score in scores.items():
            for program in score.programs:
                writer.writerows([name, *row] for row in program_rows(score, program))


def program_rows(score, program):
    rules = " ".join(sorted({report.rule for report in score.of(program)}))
    place = (program.suite, program.file)
    if program.clean:
        yield [*place, "", "clean", "none", "false" if rules else "silent", rules]
    for kind in sorted(program.kinds):
        verdict = "found" if score.found(program, kind) else "missed"
        yield [*place, "", "bug", kind, verdict, rules]
    for line, kinds in sorted(program.lines.items()):
        for kind in sorted(kinds):
            verdict = "found" if score.names_line(program, line, kind) else "missed"
            yield [*place, line, "bug", kind, verdict, ""]
