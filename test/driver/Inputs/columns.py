"""Checks that every region that should read WORD does so, by its columns: columns.py LOG FILE WORD"""
import json
import sys

log, source, word = sys.argv[1:]
with open(source, encoding="utf-8") as file:
    lines = [line.encode("utf-16-le") for line in file.read().split("\n")]
seen = 0


def visit(node):
    global seen
    if isinstance(node, list):
        for child in node:
            visit(child)
    elif isinstance(node, dict):
        snippet = node.get("snippet", {}).get("text", "")
        if "startColumn" in node and node["startLine"] == node["endLine"] and word in snippet:
            text = lines[node["startLine"] - 1][2 * node["startColumn"] - 2:2 * node["endColumn"] - 2]
            assert text.decode("utf-16-le") == snippet, (text, node)
            seen += 1
        for child in node.values():
            visit(child)


with open(log, encoding="utf-8") as file:
    visit(json.load(file))
assert seen, "no region reads " + word
