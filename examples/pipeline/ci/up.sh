#!/usr/bin/env bash
# Applies the program: `ci/up.sh plan.json` does what the plan says and refuses all else, `ci/up.sh` does what is new by now.
set -euo pipefail
plan=${1:+$(realpath "$1")}
cd "$(dirname "$0")/.."

pulumi up --yes --diff --non-interactive --color never ${plan:+--plan "$plan"}
