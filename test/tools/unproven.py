"""unproven.py FOLDER: which bad examples of deadlocks nobody has seen deadlock.

Of the tests that check one of the rules below, every function whose name ends in _bad has to be run
by a RUN line that shows what it comes to (%hangs, %each_hangs, %deadlock_found, %race_found), be
called by a scenario that is, or stand in a comment that says why it cannot be run:
// Not run: first_bad, second_bad: the reason.
And where something is seen to hang, the good examples are seen to end: a RUN line with `ok`.
"""
import pathlib
import re
import sys

RULES = {
    "blocking-while-locked", "double-lock", "exit-holding-lock", "lock-across-suspend",
    "lock-order-inversion", "lost-wakeup", "missing-unlock", "mixed-condition-mutex",
    "recursive-once"
}
SHOWN = re.compile(r"(?:%(?:hangs|each_hangs|deadlock_found|race_found|exits \d+)|not --crash) +(.*)")
NAME = r"\b\w+_bad\b"
# A definition starts and ends at the left margin, as clang-format has it.
FUNCTION = re.compile(r"^[^\s#}][^\n;=]*?\b(\w+)\([^;{]*\{(?:[^\n]*\}$|.*?^\})", re.M | re.S)
ENTRY = re.compile(r'\{"(\w+_bad)",(.*?)(?=\{"|\};|\Z)', re.S)


def unproven(text):
    text = re.sub(r"\\\n// RUN: +", "", text)
    runs = " ".join(line for line in text.splitlines() if "RUN:" in line)
    checked = {rule for rules in re.findall(r"--checks='?([\w,-]+)", runs) for rule in rules.split(",")}
    if not checked & RULES or "expected-warning" not in text:
        return []
    code = re.sub(r"//.*", "", text)
    bodies = {}
    for entry in list(FUNCTION.finditer(code)) + list(ENTRY.finditer(code)):
        bodies[entry[1]] = bodies.get(entry[1], "") + entry[0]
    shown = set(re.findall(NAME, " ".join(SHOWN.findall(text))))
    todo = list(shown)
    while todo:
        called = set(re.findall(r"\w+", bodies.get(todo.pop(), ""))) - shown
        shown |= called
        todo += called
    excused = " ".join(re.findall(r"Not run: ([\w, \n/]*):", text))
    missing = sorted(set(re.findall(NAME, code)) - shown - set(re.findall(NAME, excused)))
    if re.search("%(each_)?hangs ", runs) and not re.search(r"%t\S* ok\b", runs):
        missing.append("ok")
    return missing


def main():
    found = 0
    for file in sorted(pathlib.Path(sys.argv[1]).rglob("*.c*")):
        for name in unproven(file.read_text(encoding="utf-8")):
            print(f"{file}: nothing shows what {name} comes to")
            found += 1
    return found != 0


sys.exit(main())
