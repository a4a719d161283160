"""Runs a command in a new folder outside the build tree, with a copy of FILE in it, and ends with the
command's exit code: elsewhere.py FILE COMMAND…
"""
import shutil
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    shutil.copy(sys.argv[1], folder)
    sys.exit(subprocess.call(sys.argv[2:], cwd=folder))
