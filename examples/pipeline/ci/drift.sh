#!/usr/bin/env bash
# Fails with 2 if Qoder no longer holds what the program says, and leaves drift.md, which says what differs. It changes neither.
set -euo pipefail
cd "$(dirname "$0")/.."

status=0
# With `--no`, npx takes the package of this project or fails; it fetches none of that name.
npx --no pulumi-qoder -- drift --stack >drift.txt 2>&1 || status=$?
node ci/print.mjs <drift.txt
case "$status" in
  0) title="Qoder holds what the program says" ;;
  2) title="Qoder and the program differ" ;;
  *) title="The check for drift failed" ;;
esac
ci/report.sh "$title" drift.txt >drift.md
exit "$status"
