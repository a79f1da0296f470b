#!/usr/bin/env bash
# Fails if Qoder no longer holds what the program says, and leaves drift.md, which says what differs. It changes neither.
set -euo pipefail
cd "$(dirname "$0")/.."

status=0
pulumi preview --refresh --expect-no-changes --diff --non-interactive --color never >drift.txt 2>&1 || status=$?
cat drift.txt
ci/report.sh "What Qoder holds is not what the program says, or the check itself failed" drift.txt >drift.md
exit "$status"
