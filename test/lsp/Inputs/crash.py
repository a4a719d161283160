"""Texts that crash Clang, or fill its stack: crash.py HEDDLE FOLDER"""
import sys

from client import Client
from workspace import RACE, codes, make

heddle, folder = sys.argv[1], make(sys.argv[2], {
    "race.cpp": RACE, "other.cpp": RACE, "count.h": ""})
race, other = folder / "race.cpp", folder / "other.cpp"
client = Client(heddle, folder)
client.open(race)
client.open(other)
assert codes(client.diagnostics(race)) == ["unguarded-shared-write"]
for poison in ("#pragma clang __debug crash\n", "#pragma clang __debug llvm_fatal_error\n",
               "int deep(int x) { return " + "!" * 400000 + "x; }\n"):
    client.change(race, RACE + poison)
    found = client.diagnostics(race)
    # The last findings stay, and the user learns why they are old.
    assert codes(found) == ["unguarded-shared-write", "not-analysed"] or codes(found) == [
        "not-analysed", "unguarded-shared-write"], found
    client.change(race, RACE)
    assert codes(client.diagnostics(race)) == ["unguarded-shared-write"]
# In what is parsed once and kept.
client.change(race, "#pragma clang __debug crash\n" + RACE)
assert "not-analysed" in codes(client.diagnostics(race))
client.change(race, RACE)
assert codes(client.diagnostics(race)) == ["unguarded-shared-write"]
client.change(other, RACE + "\n")
assert codes(client.diagnostics(other)) == ["unguarded-shared-write"]
assert client.stop() == 0
