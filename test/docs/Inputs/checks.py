"""Whether each choice of rules that the pages show can be made: checks.py HEDDLE EMPTY.cpp FILE…"""
import pathlib
import re
import subprocess
import sys

# On command lines, as --checks='…'; in editors' settings, as checks = "…" and its like; heddle explain ….
OPTION = r"-(?:checks|warnings-as-errors)=(?:'([^']+)'|([^\s`|;')\]]+))"
SETTING = r"""\bchecks['"]?\s*[:=]?\s*(?:"([^"]+)"|'([^']+)')"""
EXPLAIN = r"\bheddle explain ([a-z][a-z-]+)"

heddle, empty, *pages = sys.argv[1:]
seen = 0
for name in pages:
    for groups in re.findall(f"{OPTION}|{SETTING}|{EXPLAIN}", pathlib.Path(name).read_text(encoding="utf-8")):
        chosen = next(filter(None, groups))
        # A word that stands for others; clang-tidy's own; none or all.
        if chosen.isupper() or "bugprone" in chosen or chosen.lstrip("-") == "*":
            continue
        seen += 1
        done = subprocess.run([heddle, f"--checks={chosen}", "--quiet", empty, "--"], capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            sys.exit(f"{name}: {chosen}: {done.stderr}")
print(seen, "choices of rules")
