#!/usr/bin/env bash
# Fails if Qoder no longer holds what the program says, and leaves drift.md, which says what differs. It changes neither.
set -euo pipefail
cd "$(dirname "$0")/.."

status=0
pulumi preview --refresh --expect-no-changes --json --non-interactive --color never >drift.json 2>drift.err || status=$?
case "$status" in
  0) title="Qoder holds what the program says" ;;
  # With this the CLI says that there were changes where none was expected.
  7) title="Qoder does not hold what the program says" ;;
  *) title="The check for drift failed" ;;
esac
if [ "$status" -eq 0 ]; then
  printf '### %s\n' "$title" | tee drift.md
else
  node ci/differences.mjs drift.json drift.err | tee drift.txt
  ci/report.sh "$title" drift.txt >drift.md
fi
exit "$status"
