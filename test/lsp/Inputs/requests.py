"""Requests in both directions: cancellation, progress, the unit of columns: requests.py HEDDLE FOLDER"""
import copy
import sys

from client import ABILITIES, Client, uri_of
from workspace import codes, make, pthread_race

heddle = sys.argv[1]
RACE = pthread_race(comment="/* ä */ ")
# Something that takes its time, so that there is somebody to wait for.
SLOW = "".join(f"#include <{h}>\n" for h in ("regex", "iostream", "thread", "functional", "map"))
folder = make(sys.argv[2], {"a.cpp": SLOW + RACE, "b.cpp": RACE, "c.cpp": RACE})
path = folder / "a.cpp"
everywhere = {"start": {"line": 0, "character": 0}, "end": {"line": 1000, "character": 0}}


def ask_for_fixes(client):
    return client.request("textDocument/codeAction", {
        "textDocument": {"uri": uri_of(path)}, "range": everywhere,
        "context": {"diagnostics": [], "only": ["source.fixAll"]}})


# Who cancels is told so at once; others get their answers, and so does who asks again.
client = Client(heddle, folder)
client.open(path)
gone, kept = ask_for_fixes(client), ask_for_fixes(client)
client.notify("$/cancelRequest", {"id": gone})
assert client.answer(gone) == {"code": -32800, "message": "the client cancelled the request"}
assert not [m for m in client.seen if m.get("method") == "textDocument/publishDiagnostics"]
assert [a["kind"] for a in client.answer(kept)] == ["source.fixAll.heddle"]
assert [a["kind"] for a in client.answer(ask_for_fixes(client))] == ["source.fixAll.heddle"]
client.notify("$/cancelRequest", {"id": kept})  # Too late, which is no error.
# A document that is closed has nothing to offer, and nobody waits for it.
client.change(path, (0, 0, 0, 0, "#include <deque>\n"))
closed = ask_for_fixes(client)
client.close(path)
assert client.answer(closed) == []
assert client.stop() == 0
answers = [m for m in client.seen if "method" not in m and m.get("id") == gone]
assert len(answers) == 1, answers

# Progress, where it is wanted, from the first file to the last; nothing where it is not or is refused.
wanted = copy.deepcopy(ABILITIES)
wanted["window"]["workDoneProgress"] = True
for abilities, refuse in ((wanted, False), (wanted, True), (ABILITIES, False)):
    client = Client(heddle, folder, abilities=abilities, refused=["window/workDoneProgress/create"] if refuse else [])
    for name in ("a.cpp", "b.cpp", "c.cpp"):
        client.open(folder / name)
    shown = set()
    while len(shown) < 3:
        message = client.wait(lambda m: m.get("method") == "textDocument/publishDiagnostics")
        assert codes(message["params"]["diagnostics"]) == ["unguarded-shared-write"], message
        shown.add(message["params"]["uri"])
    # Nothing is new when it is analysed once more.
    client.change(path, (0, 0, 0, 0, "\n"))
    client.diagnostics(path)
    client.call("textDocument/hover", {"textDocument": {"uri": uri_of(path)}, "position": everywhere["start"]})
    asked = [m for m in client.seen if m.get("method") == "window/workDoneProgress/create"]
    told = [m["params"] for m in client.seen if m.get("method") == "$/progress"]
    assert len(asked) == (abilities is wanted), asked
    if abilities is ABILITIES or refuse:
        assert told == [], told
    else:
        assert {t["token"] for t in told} == {asked[0]["params"]["token"]}, told
        assert told[0]["value"] == {"kind": "begin", "title": "Heddle", "cancellable": False,
                                    "message": told[0]["value"]["message"]}, told
        assert [t["value"]["kind"] for t in told] == ["begin"] + ["report"] * (len(told) - 2) + ["end"], told
        messages = [t["value"]["message"] for t in told[:-1]]
        assert all(m.startswith(("a.cpp", "b.cpp", "c.cpp")) for m in messages), messages
        assert messages[-1].endswith(" (3/3)"), messages
    assert client.stop() == 0

# Columns are counted as the client likes best of what both know, so that all servers of a file agree.
for offered, chosen, column in ((None, "utf-16", 29), (["utf-16", "utf-8"], "utf-16", 29),
                                (["utf-32", "utf-8", "utf-16"], "utf-8", 30)):
    abilities = {**ABILITIES, "general": {"positionEncodings": offered}} if offered else ABILITIES
    client = Client(heddle, folder, abilities=abilities)
    assert client.server["capabilities"]["positionEncoding"] == chosen, client.server
    client.open(folder / "b.cpp")
    [found] = client.diagnostics(folder / "b.cpp")
    assert found["range"]["start"] == {"line": 2, "character": column}, (chosen, found)
    assert client.stop() == 0
