"""Files by all kinds of names, and texts with all kinds of lines: names.py HEDDLE"""
import pathlib
import sys
import tempfile
from urllib.parse import quote

from client import Client, uri_of
from workspace import codes, make, pthread_race

heddle = sys.argv[1]
away = tempfile.TemporaryDirectory()  # the build folder has a database above it
base = pathlib.Path(away.name).resolve()


def race_with(header):
    return pthread_race(f'#include "{header}"\n')


class Named(Client):
    """Calls documents by URIs that it is given."""

    def open_uri(self, uri, text):
        self.notify("textDocument/didOpen", {"textDocument": {
            "uri": uri, "languageId": "cpp", "version": 1, "text": text}})

    def change_uri(self, uri, version, text):
        self.notify("textDocument/didChange", {
            "textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": text}]})

    def published(self, uri, version):
        return self.wait(lambda m: m.get("method") == "textDocument/publishDiagnostics" and
                         m["params"]["uri"] == uri and m["params"].get("version") == version)["params"]["diagnostics"]


# Blanks, percent signs, and letters beyond ASCII, in the ways that clients escape them.
folder = make(base / "a b ü%23#x+&(1)", {"main ä %41.cpp": race_with("sub dir/h%20 ü.h"),
                                         "sub dir/h%20 ü.h": "#pragma once\n"})
path = folder / "main ä %41.cpp"
escaped = quote(str(path))
client = Named(heddle, folder)
for uri in (uri_of(path), "file://" + escaped.replace("%C3", "%c3"), "file:" + escaped, "file://localhost" + escaped,
            "file://" + quote(str(path), safe="/ äü+&()")):
    client.open_uri(uri, path.read_text(encoding="utf-8"))
    found = client.published(uri, 1)
    assert codes(found) == ["unguarded-shared-write"], (uri, found)
    assert all(r["location"]["uri"] == uri for r in found[0]["relatedInformation"]), (uri, found)
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
assert client.stop() == 0

# The workspace lies behind a link, and the compile database speaks of where it really is; then the
# other way round; then a link to the file alone.
real = make(base / "real", {"a.cpp": race_with("count.h"), "count.h": "#pragma once\n"})
(base / "link").symlink_to(real)
(base / "away").mkdir()
(base / "away" / "b.cpp").symlink_to(real / "a.cpp")
for root, unit, header in ((base / "link", base / "link" / "a.cpp", base / "link" / "count.h"),
                           (real, real / "a.cpp", base / "link" / "count.h"),
                           (base / "away", base / "away" / "b.cpp", real / "count.h")):
    client = Named(heddle, real)
    client.notify("workspace/didChangeWorkspaceFolders", {"event": {
        "added": [{"uri": root.as_uri(), "name": "x"}], "removed": [{"uri": uri_of(real), "name": "test"}]}})
    text = (real / "a.cpp").read_text(encoding="utf-8")
    client.open_uri(unit.as_uri(), text)
    assert codes(client.published(unit.as_uri(), 1)) == ["unguarded-shared-write"], unit
    # What is typed counts, in the file and in its header, by whatever name they are included.
    client.change_uri(unit.as_uri(), 2, "\n" + text)
    found = client.published(unit.as_uri(), 2)
    assert [d["range"]["start"]["line"] for d in found] == [4], found
    client.open_uri(header.as_uri(), "#pragma once\n")
    client.change_uri(header.as_uri(), 2, "#pragma once\n#define STEP\n")
    client.change_uri(unit.as_uri(), 3, text.replace("++hits", "STEP"))
    assert client.published(unit.as_uri(), 3) == [], unit
    other = [m["params"]["uri"] for m in client.seen if m.get("method") == "textDocument/publishDiagnostics"]
    assert set(other) <= {unit.as_uri(), header.as_uri()}, other
    assert client.stop() == 0

# A finding in a header that is not open is shown below the folder that the user knows.
make(base / "real", {"a.cpp": '#include "race.h"\n', "race.h": race_with("count.h"), "count.h": "\n"})
client = Named(heddle, real)
client.notify("workspace/didChangeWorkspaceFolders", {"event": {
    "added": [{"uri": (base / "link").as_uri(), "name": "x"}], "removed": [{"uri": uri_of(real), "name": "test"}]}})
client.open_uri((base / "link" / "a.cpp").as_uri(), '#include "race.h"\n')
found = client.published((base / "link" / "race.h").as_uri(), None)
assert codes(found) == ["unguarded-shared-write"], found
assert client.stop() == 0

# Lines that end as Windows has them, behind letters of one, two and four bytes.
text = race_with("count.h").replace("{ ++hits", "{ /* ä€\U0001F9F5 */ ++hits").replace("\n", "\r\n")
folder = make(base / "crlf", {"a.cpp": "", "count.h": ""})
path = folder / "a.cpp"
path.write_bytes(text.encode())
client = Client(heddle, folder)
client.open(path, text)
[found] = client.diagnostics(path)
line = text.split("\r\n")[3]
column = len(line[:line.index("++hits")].encode("utf-16-le")) // 2
assert found["range"]["start"] == {"line": 3, "character": column}, found
[fix] = client.actions(path, found["range"], ["source.fixAll"])
edits = fix["edit"]["documentChanges"][0]["edits"]
assert all("\n" not in e["newText"].replace("\r\n", "") for e in edits), edits
[quiet] = [a for a in client.actions(path, found["range"]) if a["title"].startswith("Suppress")]
assert quiet["edit"]["documentChanges"][0]["edits"][0]["newText"].endswith("\r\n"), quiet
# A place behind the end of a line is its end, in front of both bytes.
client.change(path, (3, 1000, 3, 1000, " // é"), (0, 0, 0, 0, "// ü\r\n"))
[found] = client.diagnostics(path)
assert found["range"]["start"] == {"line": 4, "character": column}, found
assert client.stop() == 0

# A file that the database does not list is read as one like it; a header on its own too.
folder = make(base / "unlisted", {"a.cpp": "", "count.h": "", "sub/b.cpp": race_with("../count.h"),
                                  "lone.h": race_with("count.h")}, commands=["a.cpp"])
client = Client(heddle, folder)
for name in ("sub/b.cpp", "lone.h"):
    client.open(folder / name)
    assert codes(client.diagnostics(folder / name)) == ["unguarded-shared-write"], name
assert not [m for m in client.seen if m.get("method") == "window/showMessage"]
assert client.stop() == 0
