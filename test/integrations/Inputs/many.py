"""Makes a project of 20 units and 980 headers, with one bug in one header: many.py FOLDER"""
import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True)
commands = []
for unit in range(20):
    lines = []
    for number in range(49):
        name = f"header_{unit}_{number}"
        body = f"inline int {name}() {{ return {number}; }}\n"
        if (unit, number) == (7, 7):
            body = f"inline int many;\ninline int {name}() {{ return ++many; }}\n"
        (folder / f"{name}.h").write_text("#pragma once\n" + body)
        lines.append(f'#include "{name}.h"\n')
    lines.append("#include <thread>\n"
                 f"void run_{unit}() {{\n"
                 f"  std::thread first([] {{ header_{unit}_7(); }}), second([] {{ header_{unit}_7(); }});\n"
                 "  first.join();\n  second.join();\n}\n")
    (folder / f"unit_{unit}.cpp").write_text("".join(lines))
    commands.append({"directory": str(folder.absolute()), "file": f"unit_{unit}.cpp",
                     "arguments": ["c++", "-std=c++20", "-c", f"unit_{unit}.cpp"]})
(folder / "compile_commands.json").write_text(json.dumps(commands))
