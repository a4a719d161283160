"""Settings, compile databases and vocabulary that change while the server runs: settings.py HEDDLE FOLDER"""
import json
import pathlib
import sys
import tempfile

from client import ABILITIES, Client, uri_of
from workspace import RACE, codes, make

heddle, base = sys.argv[1], pathlib.Path(sys.argv[2])


def fallback_messages(client):
    return [m["params"]["message"] for m in client.seen if m.get("method") == "window/showMessage"]


# Without a database, one message and flags that fit; with -D from the settings.
away = tempfile.TemporaryDirectory()  # the build folder has a database above it
folder = make(pathlib.Path(away.name) / "none", {"race.cpp": "#include <thread>\n" + RACE[RACE.index("\nint hits"):],
                              "b.cpp": "#ifndef GIVEN\n#error no flags\n#endif\n"}, commands=[])
client = Client(heddle, folder)
client.open(folder / "race.cpp")
assert codes(client.diagnostics(folder / "race.cpp")) == ["unguarded-shared-write"]
client.open(folder / "b.cpp")
[problem] = client.diagnostics(folder / "b.cpp")
assert problem["code"] == "not-analysed" and problem["severity"] == 3, problem
assert problem["range"]["start"]["line"] == 1 and "no flags" in problem["message"], problem
assert len(fallback_messages(client)) == 1, fallback_messages(client)
assert "no compile database found" in fallback_messages(client)[0]
client.settings = {"extraArgs": ["-DGIVEN"], "checks": "-unguarded-*"}
client.notify("workspace/didChangeConfiguration", {"settings": None})
assert client.diagnostics(folder / "b.cpp") == []
client.settings = {"checks": "no-such-rule", "jobs": "many"}
client.notify("workspace/didChangeConfiguration", {"settings": None})
assert codes(client.diagnostics(folder / "b.cpp")) == ["not-analysed"]
assert any("unknown rule 'no-such-rule'" in m for m in fallback_messages(client))
assert any("'heddle.jobs' must be a number" in m for m in fallback_messages(client))

# A database that comes later is used, once the client tells of it.
(folder / "compile_commands.json").write_text(json.dumps([
    {"directory": str(folder), "file": "b.cpp", "arguments": ["clang++", "-DGIVEN", "b.cpp"]}]))
client.notify("workspace/didChangeWatchedFiles", {"changes": [
    {"uri": uri_of(folder / "compile_commands.json"), "type": 1}]})
assert client.diagnostics(folder / "b.cpp") == []
assert client.stop() == 0
watched = [w["globPattern"] for m in client.seen if m.get("method") == "client/registerCapability"
           for r in m["params"]["registrations"] for w in r["registerOptions"].get("watchers", [])]
assert "**/compile_commands.json" in watched, watched

# Settings of initialization are enough for clients that have no others; a header is analysed with
# the unit that includes it.
folder = make(base / "headers", {
    "use.cpp": '#define KIND int\n#include "race.h"\nint main() { std::thread a(work), b(work); a.join(); b.join(); }\n',
    "race.h": "#include <thread>\ninline KIND hits;\ninline void work() { ++hits; }\n"})
client = Client(heddle, folder, options={"minConfidence": "possible"},
                abilities={"textDocument": ABILITIES["textDocument"]})
client.open(folder / "race.h")
assert codes(client.diagnostics(folder / "race.h")) == ["unguarded-shared-write"]
client.open(folder / "use.cpp")
assert client.diagnostics(folder / "use.cpp") == []
client.change(folder / "race.h", (2, 0, 2, 0, "// The header of an open unit.\n"))
found = client.diagnostics(folder / "race.h")
while not found or found[0]["range"]["start"]["line"] != 3:
    found = client.diagnostics(folder / "race.h")
assert client.stop() == 0
