#!/usr/bin/env bash
# Step of action.yml: runs heddle and succeeds whatever it says, so that the report is uploaded. Its exit
# code is the output `code`, for judge.sh.
set -uo pipefail
sarif=$RUNNER_TEMP/heddle.sarif
rm -f "$sarif"
arguments=(-p "$HEDDLE_DATABASE" --output=text "--output=sarif:$sarif")
[[ -n ${HEDDLE_CHANGED-} ]] && arguments+=("--changed=$HEDDLE_CHANGED")
while IFS= read -r line; do
  [[ -n $line ]] && arguments+=("$line")
done <<<"${HEDDLE_ARGUMENTS-}"

"$HEDDLE" "${arguments[@]}"
code=$?
# The exit code tells first of files that could not be analysed. What is suppressed is no finding.
results=0 suppressed=0
if [[ -f $sarif ]]; then
  results=$(grep -c '"ruleId":' "$sarif")
  suppressed=$(grep -c '"kind": "inSource"' "$sarif")
fi
{
  echo "code=$code"
  echo "findings=$(((results > suppressed)) && echo true || echo false)"
  # There is no report if the arguments were wrong.
  [[ -f $sarif ]] && echo "sarif=$sarif"
} >>"$GITHUB_OUTPUT"
exit 0
