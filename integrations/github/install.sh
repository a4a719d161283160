#!/usr/bin/env bash
# Step of action.yml: tells in the output `heddle` which one to run, and installs it unless $HEDDLE names
# one. The version is that of the action's own checkout.
set -euo pipefail
if [[ -z ${HEDDLE-} ]]; then
  package=$GITHUB_ACTION_PATH/integrations/npm/package.json
  version=$(sed -n 's/^ *"version": "\(.*\)",$/\1/p' "$package")
  npm install --silent --no-fund --no-audit --global --prefix "$RUNNER_TEMP/heddle" "heddle@$version"
  HEDDLE=$RUNNER_TEMP/heddle/bin/heddle
fi
"$HEDDLE" --version
echo "heddle=$HEDDLE" >>"$GITHUB_OUTPUT"
