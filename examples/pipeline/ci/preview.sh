#!/usr/bin/env bash
# Previews what `up` would do. Leaves plan.json, which holds `up` to that, and preview.md, which a reviewer reads.
set -euo pipefail
cd "$(dirname "$0")/.."

# A plan of an earlier run must not outlive a preview that fails.
rm -f plan.json
status=0
pulumi preview --diff --save-plan plan.json --non-interactive --color never >preview.txt 2>&1 || status=$?
node ci/print.mjs <preview.txt
if [ "$status" -eq 0 ]; then
  ci/report.sh "The preview of this change" preview.txt >preview.md
else
  ci/report.sh "The preview of this change failed" preview.txt >preview.md
fi
exit "$status"
