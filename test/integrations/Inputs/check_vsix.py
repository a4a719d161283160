"""check_vsix.py VSIX SOURCE: is the package what it is said to be?

It has the program and the papers and nothing else, the project's version, and a setting for each
that the server reads."""
import json
import re
import sys
import zipfile
from pathlib import Path

package = zipfile.ZipFile(sys.argv[1])
source = Path(sys.argv[2])
problems = []


def expect(what, found, wanted):
    if found != wanted:
        problems.append(f"{what}: {found}, not {wanted}")


files = {name.removeprefix("extension/") for name in package.namelist() if name.startswith("extension/")}
expect("files", files, {
    "CHANGELOG.md", "LICENSE.txt", "README.md", "dist/LICENSES.txt", "dist/extension.js",
    "images/heddle.png", "package.json"})

manifest = json.loads(package.read("extension/package.json"))
version = re.search(r"project\(heddle VERSION ([\d.]+)", (source / "CMakeLists.txt").read_text())[1]
expect("version", manifest["version"], version)
if f"## {version}\n" not in package.read("extension/CHANGELOG.md").decode():
    problems.append(f"the changelog does not tell of {version}")
oldest = re.search(r"oldestVersion = \[(\d+), (\d+), (\d+)\]",
                   (source / "integrations/vscode/src/Program.ts").read_text()).groups()
readme = package.read("extension/README.md").decode()
if f"`heddle`, {'.'.join(oldest)} or newer" not in readme:
    problems.append(f"the readme does not ask for {'.'.join(oldest)}")

settings = manifest["contributes"]["configuration"]["properties"]
server = re.findall(r'Key == "(\w+)"', (source / "driver/lsp/Settings.cpp").read_text())
if not server:
    problems.append("the server has no settings")
expect("settings", set(settings), {f"heddle.{name}" for name in [*server, "path", "trace.server"]})
for name, setting in settings.items():
    types = {"string": str, "array": list, "integer": int}
    if not isinstance(setting["default"], types[setting["type"]]):
        problems.append(f"{name}: the default is no {setting['type']}")
    if f"`{name}`" not in readme:
        problems.append(f"{name} is not in the readme")

licenses = package.read("extension/dist/LICENSES.txt").decode()
for name in ["vscode-languageclient", "vscode-jsonrpc"]:
    if not re.search(rf"^{name} [\d.]+ \(MIT\)\n\n.*Copyright", licenses, re.M | re.S):
        problems.append(f"the licence of {name} is missing")

for problem in problems:
    print(problem)
sys.exit(bool(problems))
