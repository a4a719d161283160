"""Runs the workflow's jq on a report that has findings with several fixes: first_fix.py WORKFLOW FOLDER"""
import copy
import json
import pathlib
import subprocess
import sys

import yaml

workflow, folder = sys.argv[1], pathlib.Path(sys.argv[2])
steps = yaml.safe_load(pathlib.Path(workflow).read_text(encoding="utf-8"))["jobs"]["review"]["steps"]
(command,) = [step["run"] for step in steps if step.get("run", "").startswith("jq ")]

report = json.loads((folder / "heddle.sarif").read_text(encoding="utf-8"))
results = report["runs"][0]["results"]
(found,) = results
without, several = copy.deepcopy(found), copy.deepcopy(found)
del without["fixes"]
other = copy.deepcopy(found["fixes"][0])
other["description"]["text"] = "Another one."
several["fixes"] = [found["fixes"][0], other]
report["runs"][0]["results"] = [without, several]
(folder / "heddle.sarif").write_text(json.dumps(report), encoding="utf-8")

subprocess.run(["bash", "-e", "-c", command], cwd=folder, check=True)
several["fixes"].pop()
assert json.loads((folder / "first.sarif").read_text(encoding="utf-8")) == report
