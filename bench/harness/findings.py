"""Findings out of SARIF files, merged into lists that a person can triage."""

import csv
import json
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from urllib.parse import unquote, urlparse


@dataclass(frozen=True, order=True)
class Finding:
    package: str
    file: str
    line: int
    rule: str
    level: str
    message: str


@dataclass(frozen=True)
class Log:
    """What one SARIF log says. `failed` lists the units that the tool could not analyze, with
    the reason; `problem` is why the log itself cannot be read, or empty."""

    findings: tuple = ()
    failed: tuple = ()
    problem: str = ""


def read_sarif(path, package, root):
    """The log's unsuppressed results and failures, sorted; files relative to `root` if below."""
    try:
        runs = json.loads(path.read_text())["runs"]
    except OSError as error:
        return Log(problem=f"no SARIF: {error.strerror}")
    except (ValueError, KeyError, TypeError) as error:
        return Log(problem=f"bad SARIF: {error!r}")
    found, failed = [], []
    for run in runs:
        bases = run.get("originalUriBaseIds", {})
        found += [to_finding(result, package, root, bases) for result in run.get("results", [])
                  if not result.get("suppressions")]
        failed += [to_failure(notice, root, bases) for invocation in run.get("invocations", [])
                   for notice in invocation.get("toolExecutionNotifications", [])
                   if notice.get("level") == "error"]
    return Log(tuple(sorted(found)), tuple(sorted(failed)))


def to_finding(result, package, root, bases):
    file, line = place(result, root, bases)
    return Finding(package, file, line, result.get("ruleId", ""), result.get("level", "warning"),
                   message(result))


def to_failure(notice, root, bases):
    return place(notice, root, bases)[0], message(notice)


def message(item):
    return " ".join(item.get("message", {}).get("text", "").split())


def place(item, root, bases):
    """(file, line) of the first location."""
    physical = (item.get("locations") or [{}])[0].get("physicalLocation", {})
    location = physical.get("artifactLocation", {})
    base = bases.get(location.get("uriBaseId"), {}).get("uri", "")
    folder = Path(root, unquote(urlparse(base).path))
    file = existing(folder, unquote(urlparse(location.get("uri", "")).path))
    line = physical.get("region", {}).get("startLine", 0)
    return str(file.relative_to(root) if file.is_relative_to(root) else file), line


def existing(folder, relative):
    """A base without a URI is the root of the checkout, which may lie above `folder`."""
    candidates = [above / relative for above in (folder, *folder.parents)]
    return next((path for path in candidates if path.exists()), candidates[0])


def write_csv(findings, path):
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(field.name for field in fields(Finding))
        writer.writerows(map(astuple, findings))


def write_markdown(findings, sources, path):
    """A list per package and rule, each finding with its line of source. `sources` by package."""
    lines, heading = [], None
    for finding in sorted(findings, key=lambda f: (f.package, f.rule, f.file, f.line)):
        if heading != (finding.package, finding.rule):
            heading = (finding.package, finding.rule)
            lines += ["", f"## {finding.package}: {finding.rule}", ""]
        lines.append(f"- `{finding.file}:{finding.line}` {finding.message}")
        code = source_line(Path(sources[finding.package]) / finding.file, finding.line)
        if code:
            lines.append(f"  `` {code} ``")
    path.write_text("# Findings\n" + "\n".join(lines) + "\n")


def source_line(path, number):
    try:
        lines = path.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""
