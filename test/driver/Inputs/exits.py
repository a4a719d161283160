"""Runs a command and tells whether its exit code is the expected one: exits.py CODE COMMAND…"""
import subprocess
import sys

code = subprocess.call(sys.argv[2:])
if code != int(sys.argv[1]):
    sys.exit(f"expected exit code {sys.argv[1]}, got {code}: {sys.argv[2:]}")
