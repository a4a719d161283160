"""Writes a compile database to stdout, a command per file: database.py FOLDER FILE… [-- COMPILER FLAGS…]

FOLDER is where the sources lie and where the compiler runs.
"""
import json
import os
import sys

arguments = sys.argv[1:]
split = arguments.index("--") if "--" in arguments else len(arguments)
compiler = arguments[split + 1:] or ["c++"]
folder = os.path.abspath(arguments[0])
commands = []
for number, name in enumerate(arguments[1:split]):
    commands.append({"directory": folder, "file": name,
                     "arguments": [*compiler, "-o", f"{number}.o", "-MMD", "-MF", f"{number}.d",
                                   "-c", name]})
json.dump(commands, sys.stdout, indent=2)
