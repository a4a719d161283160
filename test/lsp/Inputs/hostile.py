"""What users do to a server without meaning any harm: hostile.py HEDDLE FOLDER"""
import pathlib
import re
import shutil
import sys
import time

from client import Client, uri_of
from workspace import codes, make, pthread_race

heddle = sys.argv[1]
RACE = pthread_race('#include "count.h"\n')
FOUND = ["unguarded-shared-write"]
count = 50
names = [f"file{i}.cpp" for i in range(count)]
folder = make(sys.argv[2], {"count.h": "#pragma once\n", **{name: RACE for name in names}})
client = Client(heddle, folder)
path, header = folder / names[0], folder / "count.h"


def memory():
    status = pathlib.Path(f"/proc/{client.process.pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s*(\d+)", status)[1]) // 1024


# All files of a folder at once; the one that is typed in is next.
for name in names:
    client.open(folder / name)
shown, next_one = [], folder / names[1]
while len(set(shown)) < count:
    message = client.wait(lambda m: m.get("method") == "textDocument/publishDiagnostics")
    assert codes(message["params"]["diagnostics"]) == FOUND, message
    shown.append(message["params"]["uri"])
    if len(shown) == 3:
        client.change(next_one, (0, 0, 0, 0, "\n"))
assert uri_of(next_one) in shown[:16], shown
# A header that all of them include.
client.open(header)
client.change(header, "#pragma once\n#define hits calls\n")
client.change(header, "#pragma once\n")
for name in names[1:]:
    client.close(folder / name)

# Typed faster than it can be analysed: in the end it is right.
for i in range(100):
    client.change(path, (3, i, 3, i, "/" if i < 2 else "x") if i else (3, 0, 3, 0, "\n/"))
client.change(path, RACE)
while codes(found := client.diagnostics(path)) != FOUND or found[0]["range"]["start"]["line"] != 3:
    pass
# Closed and opened while it is analysed.
for _ in range(20):
    client.close(path)
    client.open(path, RACE)
assert codes(client.diagnostics(path)) == FOUND

# Half of everything that can be typed; what was found stays meanwhile, and is found again.
for typed in ("}}}}", "((((", "template <", '"', 'R"(', "/*", "#if 0", '#include "', "#define X(", "class A : ", "@",
              "\0", "ü€\U0001F9F5", "int x = {{{", "operator"):
    client.change(path, (3, 0, 3, 0, typed + "\n"))
    found = client.diagnostics(path)
    assert codes(found) == FOUND and found[0]["range"]["start"]["line"] == 4, (typed, found)
    client.change(path, (3, 0, 4, 0, ""))
    assert codes(client.diagnostics(path)) == FOUND, typed
# What would never come to an end, if the compiler did not see to it.
for typed in ("template <int N> struct F { F<N + 1> next; }; F<0> f;",
              "template <class T> struct G { G<G<T> *> next; }; G<int> g;",
              "constexpr int loop() { while (true); } static_assert(loop());",
              "constexpr int dive(int x) { return dive(x + 1); } static_assert(dive(0));",
              "#include __FILE__"):
    client.change(path, (3, 0, 3, 0, typed + "\n"))
    assert codes(client.diagnostics(path)) == FOUND, typed
    client.change(path, (3, 0, 4, 0, ""))
    assert codes(client.diagnostics(path)) == FOUND, typed

# Hundreds of findings, all of which are selected: the menu is no longer than somebody reads.
def races(between):
    return "#include <pthread.h>\n" + between.join(
        f"int n{i}; void *w{i}(void *p) {{ ++n{i}; return p; }} void r{i}() {{ pthread_t a, b; "
        f"pthread_create(&a, nullptr, w{i}, nullptr); pthread_create(&b, nullptr, w{i}, nullptr); "
        "pthread_join(a, nullptr); pthread_join(b, nullptr); }" for i in range(400))


for between in ("\n", "\n/* ä */ "):
    client.change(path, races(between))
    assert codes(client.diagnostics(path)) == FOUND * 400
    menu = client.actions(path, {"start": {"line": 0, "character": 0}, "end": {"line": 999, "character": 0}})
    assert len(menu) == 150, len(menu)
    [fix] = client.actions(path, menu[0]["diagnostics"][0]["range"], ["source.fixAll"])
    assert len(fix["edit"]["documentChanges"][0]["edits"]) > 400, fix
client.change(path, RACE)
assert codes(client.diagnostics(path)) == FOUND

# Many edits, of the text and of what is kept of it, take no memory for good.
for i in range(20):
    client.change(path, (3, 0, 3, 0, f"int more{i};\n"), (1, 0, 1, 0, "#include <time.h>\n"))
    client.diagnostics(path)
before = memory()
for i in range(200):
    client.change(path, (40, 0, 40, 0, f"int v{i};\n"))
    if i % 10 == 0:
        client.change(path, (1, 0, 1, 0, "#include <time.h>\n"))
    assert codes(client.diagnostics(path)) == FOUND
assert memory() < before + 40, (before, memory())

# The file goes, its folder goes; the editor still has the text. Then it has another name.
client.change(path, RACE)
assert codes(client.diagnostics(path)) == FOUND
path.unlink()
client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri_of(path), "type": 3}]})
client.change(path, (3, 0, 3, 0, "int more;\n"))
assert codes(client.diagnostics(path)) == FOUND
shutil.rmtree(folder)
client.change(path, (3, 0, 3, 0, "int most;\n"))
assert set(codes(client.diagnostics(path))) <= set(FOUND + ["not-analysed"])
client.close(path)
client.close(header)
make(folder, {"count.h": "", "renamed.cpp": RACE})
client.open(folder / "renamed.cpp")
assert codes(client.diagnostics(folder / "renamed.cpp")) == FOUND

# Gone in the middle of an analysis.
client.change(folder / "renamed.cpp", (0, 0, 0, 0, "#include <regex>\n"))
begin = time.monotonic()
assert client.stop() == 0
assert time.monotonic() - begin < 30
