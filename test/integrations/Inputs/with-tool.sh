#!/usr/bin/env bash
# with-tool.sh FOLDER COMMAND…: runs COMMAND with the heddle of FOLDER first in the PATH, and with
# pre-commit's and npm's own files below the current test's folder.
export PATH=$1:$PATH PRE_COMMIT_HOME=$TEST_HOME/pre-commit npm_config_cache=$TEST_HOME/npm
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.org
unset GIT_DIR GIT_INDEX_FILE PRE_COMMIT_FROM_REF PRE_COMMIT_TO_REF
shift
exec "$@"
