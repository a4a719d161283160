"""The server finds what the command line finds: equality.py HEDDLE RULE-TESTS FOLDER

A sample of the rules' own tests, and a file of each family, is read by both.
"""
import json
import pathlib
import subprocess
import sys

from client import Client
from workspace import make

heddle, tests = sys.argv[1], pathlib.Path(sys.argv[2])
sample = []
for family in sorted(p for p in tests.iterdir() if p.is_dir()):
    usable = [p for p in sorted(family.glob("*.cpp"))
              if '#include "' not in (text := p.read_text(encoding="utf-8")) and "heddle/" not in text and
              "expected-warning" in text]
    sample += usable[::4]
assert len(sample) >= 10, sample
folder = make(sys.argv[3], {p.name: p.read_text(encoding="utf-8") for p in sample},
              flags=("-std=c++20", "-pthread"))
report = subprocess.run([heddle, "--quiet", "--output=sarif", str(folder)], stdout=subprocess.PIPE,
                        check=False)
assert report.returncode == 1, report.returncode
expected = {p.name: [] for p in sample}
for result in json.loads(report.stdout)["runs"][0]["results"]:
    if result.get("suppressions"):
        continue
    place = result["locations"][0]["physicalLocation"]
    region = place["region"]
    expected[pathlib.Path(place["artifactLocation"]["uri"]).name].append(
        (region["startLine"], region["startColumn"], result["ruleId"], result["message"]["text"].removesuffix(".")))
client = Client(heddle, folder)
total = 0
for path in sample:
    client.open(folder / path.name)
    found = [(d["range"]["start"]["line"] + 1, d["range"]["start"]["character"] + 1, d["code"], d["message"])
             for d in client.diagnostics(folder / path.name)]
    assert sorted(found) == sorted(expected[path.name]), (path.name, found, expected[path.name])
    # And again on the preamble that was kept.
    client.change(folder / path.name, (10000, 0, 10000, 0, "\n// the end\n"))
    again = [(d["range"]["start"]["line"] + 1, d["range"]["start"]["character"] + 1, d["code"], d["message"])
             for d in client.diagnostics(folder / path.name)]
    assert sorted(again) == sorted(found), (path.name, again, found)
    client.close(folder / path.name)
    total += len(found)
assert total >= 20, total
assert client.stop() == 0
print(len(sample), "files,", total, "findings")
