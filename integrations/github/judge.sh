#!/usr/bin/env bash
# Step of action.yml: fails the job for what run.sh saw, and says why.
set -euo pipefail
case $HEDDLE_CODE in
  0) ;;
  1)
    if [[ $HEDDLE_FAIL_ON_FINDINGS == true ]]; then
      echo "::error::Heddle has findings."
      exit 1
    fi
    ;;
  3)
    echo "::error::Heddle could not analyse some files; what it found in the others is reported."
    exit 1
    ;;
  *)
    echo "::error::Heddle did not run, exit code $HEDDLE_CODE; see the step before."
    exit 1
    ;;
esac
