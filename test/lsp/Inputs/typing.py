"""Somebody writes: typing.py HEDDLE FOLDER"""
import pathlib
import subprocess
import sys
import urllib.parse

from client import Client, apply, uri_of
from workspace import RACE, codes, make

heddle, folder = sys.argv[1], make(sys.argv[2], {"race.cpp": RACE, "count.h": "#pragma once\n"})
race, header = folder / "race.cpp", folder / "count.h"
client = Client(heddle, folder)

# Findings of a file that was just opened.
client.open(race)
found = client.diagnostics(race)
assert codes(found) == ["unguarded-shared-write"], found
finding = found[0]
assert finding["range"]["start"] == {"line": 5, "character": 14}, finding
assert finding["source"] == "heddle" and finding["severity"] == 1, finding
page = pathlib.Path(urllib.parse.unquote(finding["codeDescription"]["href"].removeprefix("file://")))
assert "unguarded-shared-write" in page.read_text(), page
related = [r["message"] for r in finding["relatedInformation"]]
for thread in ("one thread that runs 'work'", "another thread that runs 'work'"):
    assert f"{thread}: started here, runs 'work'" in related, related
    assert f"{thread}: writes 'hits', holding no lock" in related, related
assert all(r["location"]["uri"] == uri_of(race) for r in finding["relatedInformation"])

# Columns count UTF-16 code units, in both directions.
client.change(race, (5, 0, 5, 0, "/* \U0001F9F5 ä */ "))
assert client.diagnostics(race)[0]["range"]["start"] == {"line": 5, "character": 25}
client.change(race, (5, 0, 5, 11, ""))
assert client.diagnostics(race)[0]["range"]["start"] == {"line": 5, "character": 14}

# In the middle of a word, what was found before stays, and moves along.
client.change(race, (4, 0, 4, 0, "\nvoid half("))
assert codes(client.diagnostics(race)) == ["unguarded-shared-write"]
client.change(race, (5, 10, 5, 10, ") {}"))
found = client.diagnostics(race)
assert codes(found) == ["unguarded-shared-write"] and found[0]["range"]["start"]["line"] == 6, found
assert not [d for d in found if d["code"] == "not-analysed"]

# The rule's page where the finding is, and nothing elsewhere.
place = {"textDocument": {"uri": uri_of(race)}, "position": found[0]["range"]["start"]}
hover = client.call("textDocument/hover", place)
assert hover["contents"]["kind"] == "markdown", hover
assert "### unguarded-shared-write" in hover["contents"]["value"], hover
assert client.call("textDocument/hover", {**place, "position": {"line": 0, "character": 0}}) is None

# The story of both threads.
actions = client.actions(race, found[0]["range"])
titles = [a["title"] for a in actions]
assert "Make 'hits' a std::atomic<int>" in titles, titles
story = [a for a in actions if a.get("command", {}).get("command") == "heddle.showStory"][0]
told = client.call("workspace/executeCommand", {"command": "heddle.showStory",
                                                "arguments": story["command"]["arguments"]})
assert told["value"].count(" thread that runs 'work'\n") == 2, told
assert told["value"].count("Holds: no lock") == 2, told
assert any(m.get("method") == "window/showDocument" for m in client.seen) or client.wait(
    lambda m: m.get("method") == "window/showDocument")

# One fix, preferred because it is safe; it is for this version of the text.
fix = [a for a in actions if a.get("isPreferred")]
assert len(fix) == 1 and fix[0]["title"] == "Make 'hits' a std::atomic<int>", actions
document = fix[0]["edit"]["documentChanges"][0]
assert document["textDocument"] == {"uri": uri_of(race), "version": client.versions[race]}

# All safe ones at once give what the driver gives.
whole = [a for a in client.actions(race, found[0]["range"], ["source.fixAll"])]
assert [a["kind"] for a in whole] == ["source.fixAll.heddle"], whole
client.change(race, RACE)
assert codes(client.diagnostics(race)) == ["unguarded-shared-write"]
[whole] = client.actions(race, found[0]["range"], ["source.fixAll.heddle"])
fixed = apply(RACE, whole["edit"]["documentChanges"][0]["edits"])
subprocess.run([heddle, "--quiet", "--fix", str(race)], check=True, stdout=subprocess.DEVNULL)
assert fixed == race.read_text(), fixed
client.change(race, fixed)
assert client.diagnostics(race) == []

# Suppression, once and once more on the same line.
client.change(race, RACE)
found = client.diagnostics(race)
[quiet] = [a for a in client.actions(race, found[0]["range"]) if a["title"].startswith("Suppress")]
text = apply(RACE, quiet["edit"]["documentChanges"][0]["edits"])
assert "// NOLINTNEXTLINE(heddle-unguarded-shared-write)\nvoid work()" in text, text
client.change(race, text)
assert client.diagnostics(race) == []

# A header that nobody has saved is read by those that include it, and so is what it loses again.
client.change(race, RACE)
assert codes(client.diagnostics(race)) == ["unguarded-shared-write"]
client.open(header)
client.change(race, RACE.replace("int hits;", "COUNT hits;"))
assert codes(client.diagnostics(race)) == ["unguarded-shared-write"]  # what was there; COUNT is new
client.change(header, "#pragma once\n#include <atomic>\n#define COUNT std::atomic<int>\n")
assert client.diagnostics(race) == []
client.change(header, "#pragma once\n#define COUNT int\n")
assert codes(client.diagnostics(race)) == ["unguarded-shared-write"]

# What was closed has no findings any more.
client.close(race)
assert client.wait(lambda m: m.get("method") == "textDocument/publishDiagnostics" and
                   m["params"]["uri"] == uri_of(race))["params"]["diagnostics"] == []
assert client.stop() == 0
assert not page.exists(), "pages are left behind"
