#!/usr/bin/env bash
# Makes a repository of the current folder, with the configuration in $TEST_HOME, and runs pre-commit on
# all of it, staged.
git init -q -b main . && cp "$TEST_HOME/config.yaml" .pre-commit-config.yaml && git add . && pre-commit run
