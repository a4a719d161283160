"""Judges a SARIF log by Sarif.Multitool: check_sarif.py MULTITOOL LOG SRCROOT

The log must pass its rules, and the line hashes in it must be those that Multitool computes over
the sources below SRCROOT. Multitool exits with 0 whatever it finds, so its own report is read.
"""
import json
import os
import stat
import subprocess
import sys
import tempfile

# What is left on purpose, by rule and the id of its message.
ACCEPTED = {
    ("SARIF2002", "Note_Default"): "messages are text: there is no second language to look up",
    ("SARIF2003", "Note_Default"): "the log says nothing about the machine or the checkout",
    ("SARIF2005", "Warning_ProvideToolnformationUri"): "there is no site to point to",
    ("SARIF2006", "Note_Default"): "the tests need no network, so the schema is not fetched",
    ("SARIF2009", "Note_UseConventionalRuleIds"): "rule ids are words, not numbers",
    ("SARIF2012", "Note_ProvideHelpUri"): "the help is in the log itself",
}


def load(path):
    with open(path, encoding="utf-8-sig") as file:
        return json.load(file)


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}")


def judge(multitool, log, folder):
    report = os.path.join(folder, "report.sarif")
    run(multitool, "validate", log, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note",
        "--output", report, "--log", "ForceOverwrite")
    problems = []
    for verdict in load(report)["runs"]:
        for invocation in verdict.get("invocations", []):
            problems += [n["message"]["text"]
                         for kind in ("toolExecutionNotifications", "toolConfigurationNotifications")
                         for n in invocation.get(kind, [])]
        for result in verdict["results"]:
            message = result["message"]
            if (result["ruleId"].split("/")[0], message.get("id")) not in ACCEPTED:
                problems.append(f"{result['ruleId']} {result.get('level', 'warning')}: {message}")
    return problems


def compare_hashes(multitool, log, root, folder):
    data = load(log)
    ours = []
    for run_ in data["runs"]:
        run_["originalUriBaseIds"] = {"%SRCROOT%": {"uri": "file://" + os.path.abspath(root) + "/"}}
        for result in run_["results"]:
            ours.append(result.pop("partialFingerprints")["primaryLocationLineHash"])
    stripped, rewritten = os.path.join(folder, "in.sarif"), os.path.join(folder, "out.sarif")
    with open(stripped, "w", encoding="utf-8") as file:
        json.dump(data, file)
    run(multitool, "rewrite", stripped, "--insert", "RollingHashPartialFingerprints",
        "--output", rewritten, "--log", "ForceOverwrite")
    theirs = [result["partialFingerprints"]["primaryLocationLineHash"]
              for run_ in load(rewritten)["runs"] for result in run_["results"]]
    return [] if ours == theirs else [f"line hashes differ: ours {ours}, theirs {theirs}"]


def main():
    multitool, log, root = sys.argv[1:]
    # npm may have been told to run no install scripts, and then nobody has made it executable.
    os.chmod(multitool, os.stat(multitool).st_mode | stat.S_IXUSR)
    with tempfile.TemporaryDirectory() as folder:
        problems = judge(multitool, log, folder) + compare_hashes(multitool, log, root, folder)
    print("\n".join(problems) or "good SARIF")
    return 1 if problems else 0


sys.exit(main())
