"""Runs a command with its stdout going to a file: into.py FILE COMMAND…"""
import subprocess
import sys

with open(sys.argv[1], "wb") as target:
    sys.exit(subprocess.call(sys.argv[2:], stdout=target))
