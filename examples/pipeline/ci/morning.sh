#!/usr/bin/env bash
# Tells what ran in the last 24 hours. Exits with 1 if a deployment is not healthy, with 2 if something could not be asked, and
# leaves morning.md.
set -euo pipefail
cd "$(dirname "$0")/.."

status=0
# With `--no`, npx takes the package of this project or fails; it fetches none of that name.
npx --no pulumi-qoder -- status --stack --since 24h >morning.txt 2>&1 || status=$?
cat morning.txt
case "$status" in
  0) title="Every deployment is healthy" ;;
  1) title="A deployment is not healthy" ;;
  *) title="The state of the deployments could not be told" ;;
esac
ci/report.sh "$title" morning.txt >morning.md
exit "$status"
