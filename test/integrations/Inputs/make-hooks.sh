#!/usr/bin/env bash
# make-hooks.sh SOURCE [HOOK [VERSION]]: in the current folder, a repository with the hooks of SOURCE, as
# pre-commit would clone it; in $TEST_HOME/config.yaml, a configuration that uses HOOK.
set -eu
cp "$1"/.pre-commit-hooks.yaml "$1"/package.json "$1"/LICENSE .
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.org
git init -q -b main . && git add . && git commit -qm hooks
cat >"$TEST_HOME/config.yaml" <<EOF
repos:
  - repo: $PWD
    rev: $(git rev-parse HEAD)
    hooks:
      - id: ${2:-heddle}
EOF
