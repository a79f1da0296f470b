#!/usr/bin/env bash
# Applies the program: `ci/up.sh plan.json` does what the plan says and refuses all else, `ci/up.sh` does what is new by now.
set -euo pipefail
if [ $# -gt 0 ] && [ ! -f "$1" ]; then
  # Pulumi would say so as well, but may leave a process behind.
  echo "There is no plan $1: ci/preview.sh saves one if its preview succeeds" >&2
  exit 1
fi
plan=${1:+$(realpath "$1")}
cd "$(dirname "$0")/.."

pulumi up --yes --diff --non-interactive --color never ${plan:+--plan "$plan"} 2>&1 | node ci/print.mjs
