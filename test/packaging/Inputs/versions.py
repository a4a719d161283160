"""Compares every repeated version with that of project(heddle VERSION …): versions.py ROOT"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
# In each file, every place that matches has to have the version.
PLACES = {
    "runtime/CMakeLists.txt": r"project\(heddle_runtime VERSION (\S+)",
    "package.json": r'^  "version": "(.*)"',
    "integrations/npm/package.json": r'^  "version": "(.*)"',
    ".pre-commit-hooks.yaml": r"heddle@([0-9][^']*)'",
    "integrations/gitlab/heddle.gitlab-ci.yml": r"HEDDLE_VERSION: '(.*)'",
    "integrations/reviewdog/heddle.yml": r"heddle@([0-9]\S*)",
    "docs/integrations/pre-commit.md": r"rev: v(\S+)",
    "docs/integrations/github.md": r"heddle@v([0-9]\S*)",
    "docs/integrations/packages.md": r"heddle[_-]([0-9.]+\d)(?:-1_amd64|\.tgz)",
}

version = re.search(r"^project\(heddle VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text(), re.M).group(1)
problems = []
for name, pattern in PLACES.items():
    found = re.findall(pattern, (ROOT / name).read_text(), re.M)
    if not found or set(found) != {version}:
        problems.append(f"{name}: {found or 'no version'}, and the project is {version}")
print("\n".join(problems) or f"all say {version}")
sys.exit(bool(problems))
