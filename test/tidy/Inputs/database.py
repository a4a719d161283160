"""Writes a compile database over every third rule's test: database.py SOURCE FOLDER RUNTIME_INCLUDE"""
import json
import pathlib
import sys

source, folder, include = map(pathlib.Path, sys.argv[1:])
rules = sorted((source / "rules").glob("*/*.json"))
tests = [source / "test/rules" / rule.parent.name / f"{rule.stem}.cpp" for rule in rules
         if rule.parent.name not in ("schema", "vocabulary")][::3]
tests += sorted((source / "examples/first-findings").glob("*.cpp"))
commands = [{"directory": str(folder), "file": str(test),
             "arguments": ["clang++", "-std=c++20", "-pthread", f"-I{include}", "-c", str(test)]}
            for test in tests if test.exists()]
(folder / "compile_commands.json").write_text(json.dumps(commands))
