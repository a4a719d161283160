#!/usr/bin/env bash
# complete.sh PREFIX LINE: what the installed completion offers at the end of LINE, one a line.
PATH=$1/bin:$PATH
# Outside of a completion bash has no options to set.
compopt() { :; }
source "$1/share/bash-completion/completions/heddle"
read -ra COMP_WORDS <<<"$2"
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_heddle
printf '%s\n' "${COMPREPLY[@]}"
