"""Files that say how others are read change on disk: reload.py HEDDLE GUIDE

First with a client that tells of it, then with one that cannot: then it is seen at a later edit.
That one also in a folder around which there is a compile database already.
"""
import itertools
import json
import pathlib
import re
import sys
import tempfile
import time

from client import ABILITIES, Client, uri_of
from workspace import codes, make

heddle, guide = sys.argv[1], pathlib.Path(sys.argv[2]).read_text(encoding="utf-8")
# No folder around it has a compile database, but for the one that is written here.
scratch = tempfile.TemporaryDirectory()
base = pathlib.Path(scratch.name) / "project"
pool = re.search(r"<!-- own pool -->\n```cpp\n(.*?)```", guide, re.S)[1]
words = re.search(r"<!-- own vocabulary -->\n```json\n(.*?)```", guide, re.S)[1]
unlike = words.replace("MyPool::submit", "MyPool::enqueue")
plain = {"workspace": {}, "textDocument": ABILITIES["textDocument"]}
assert unlike != words


def complaints(client):
    return [m["params"]["message"] for m in client.seen if m.get("method") == "window/showMessage"]


for around, abilities in itertools.product((False, True), (ABILITIES, plain)):
    if around:
        (base.parent / "compile_commands.json").write_text(json.dumps([
            {"directory": scratch.name, "file": "other.cpp", "arguments": ["clang++", "-std=c++20", "other.cpp"]}]))
    folder = make(base, {"pool.cpp": pool, "ours.json": unlike, "flag.cpp": "#ifndef FLAG\n#error no flag\n#endif\n"})
    commands, ours = folder / "compile_commands.json", folder / "ours.json"
    client = Client(heddle, folder, options={"vocabulary": ["./ours.json"]}, abilities=abilities)

    def rewrite(path, text):
        path.write_text(text, encoding="utf-8")
        if abilities is ABILITIES:
            client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri_of(path), "type": 2}]})

    def settle(path, wanted):
        """Types, if nobody has told the server, until it shows what is wanted."""
        for _ in range(600):
            if abilities is plain:
                client.change(path, (0, 0, 0, 0, "\n"))
            if codes(client.diagnostics(path)) == wanted:
                return
            if abilities is plain:
                time.sleep(0.1)
        raise AssertionError(f"{path} never had {wanted}")

    client.open(folder / "pool.cpp")
    assert client.diagnostics(folder / "pool.cpp") == []
    rewrite(ours, words)
    settle(folder / "pool.cpp", ["unguarded-shared-write"])
    # One that is broken is told of; mended, it counts again.
    rewrite(ours, words[:100])
    settle(folder / "pool.cpp", [])
    assert len([c for c in complaints(client) if "ours.json" in c]) == 1, complaints(client)
    rewrite(ours, words)
    settle(folder / "pool.cpp", ["unguarded-shared-write"])

    client.open(folder / "flag.cpp")
    assert codes(client.diagnostics(folder / "flag.cpp")) == ["not-analysed"]
    before = commands.read_text(encoding="utf-8")
    rewrite(commands, before.replace('"clang++"', '"clang++", "-DFLAG"'))
    settle(folder / "flag.cpp", [])
    # Without one the build's flags are gone; whoever types is told once. Then there is one again.
    commands.unlink()
    if abilities is ABILITIES:
        client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri_of(commands), "type": 3}]})
    settle(folder / "flag.cpp", ["not-analysed"])
    rewrite(commands, before[:40])
    rewrite(commands, before.replace('"clang++"', '"clang++", "-DFLAG"'))
    settle(folder / "flag.cpp", [])

    # What was found stays while the text does not compile, whatever is written to the disk; but it
    # was about other code than what is compiled with other flags.
    client.change(folder / "pool.cpp", (0, 0, 0, 0, "\n"))
    settle(folder / "pool.cpp", ["unguarded-shared-write"])
    client.change(folder / "pool.cpp", (0, 0, 0, 0, "oops\n"))
    assert codes(client.diagnostics(folder / "pool.cpp")) == ["unguarded-shared-write"]
    commands.write_text(commands.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    if abilities is ABILITIES:
        client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri_of(commands), "type": 2}]})
    else:
        time.sleep(1.1)
    client.change(folder / "pool.cpp", (0, 0, 0, 0, "\n"))
    assert codes(client.diagnostics(folder / "pool.cpp")) == ["unguarded-shared-write"]
    rewrite(commands, before.replace('"clang++"', '"clang++", "-DFLAG", "-DMORE"'))
    settle(folder / "pool.cpp", ["not-analysed"])
    assert client.stop() == 0
