#!/usr/bin/env bash
# Checks the extension in VS Code for the browser. See README.md.
#
#   run.sh [BUILD FOLDER]
set -euo pipefail
cd "$(dirname "$0")"
build=$(realpath "${1:-../../../build}")
pictures=$build/vscode-check
vscode=node_modules/code-server/lib/vscode

for needed in chromium g++ make node npm; do
  if ! command -v "$needed" >/dev/null; then
    echo "run.sh: $needed is missing: apt-get install chromium g++ make nodejs npm" >&2
    exit 2
  fi
done

# The native parts are built against the headers that came with node: nothing but npm's packages is
# fetched. What is left out is for terminals and logins that nobody needs here.
if [[ ! -d $vscode/node_modules.asar ]]; then
  export npm_config_nodedir=${npm_config_nodedir:-$(realpath "$(dirname "$(command -v node)")/..")}
  npm ci --ignore-scripts --no-audit --no-fund
  npm rebuild argon2
  npm install --prefix $vscode --omit=dev --ignore-scripts --no-audit --no-fund
  npm rebuild --prefix $vscode @vscode/spdlog native-watchdog
  npm install --prefix $vscode/extensions --omit=dev --ignore-scripts --no-audit --no-fund
  ln -sfn node_modules $vscode/node_modules.asar
fi

mkdir -p "$pictures"
[[ -d ../node_modules ]] || npm ci --ignore-scripts --prefix ..
npm run --silent package --prefix .. -- --out "$pictures/heddle.vsix"
node check.mjs --heddle "$build/bin/heddle" --extension "$pictures/heddle.vsix" --pictures "$pictures"
