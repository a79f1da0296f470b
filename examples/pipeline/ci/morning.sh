#!/usr/bin/env bash
# Says what is wrong since the last report, of which morning.until keeps the end, or since 24 hours ago, and what the failed runs did last. Exits with 1 if a deployment is not healthy or if 80 % of a limit
# is used, with 3 if more than a limit is expected, with 2 if nothing bad is known and something could not be asked, and leaves morning.md.
# Usage: ci/morning.sh [COMMAND ...]: COMMAND delivers morning.md unless all is well. The next report begins here only if it succeeds.
set -euo pipefail
cd "$(dirname "$0")/.."

# With `--no`, npx takes the package of this project or fails; it fetches none of that name.
qoder() { npx --no pulumi-qoder -- "$@"; }

since=$(head -n 1 morning.until 2>/dev/null || true)
rm -f morning.next
if [ -n "$since" ]; then cp morning.until morning.next; fi
status=0
qoder status --stack --since 24h --series morning.next --strict --json >morning.json 2>morning.err || status=$?
spent=0
qoder limits --stack >morning.limits 2>morning.limits.err || spent=$?
{
  if [ -n "$since" ]; then printf 'Since the last report: %s\n' "$since"; fi
  node ci/morning.mjs morning.json morning.failed
  cat morning.err
  # One log for each reason: where many deployments fail for one, their logs say the same.
  while IFS= read -r id; do
    printf '\nThe last failed run of %s:\n' "$id"
    qoder logs --stack --failed -- "$id" 2>&1 </dev/null | tail -n 20 || true
  done <morning.failed
  if [ "$spent" -eq 1 ] || [ "$spent" -eq 3 ]; then
    [ "$spent" -eq 1 ] && what='80 % or more of a limit is used' || what='More than a limit is expected'
    printf '\n%s:\n' "$what"
    cat morning.limits
  fi
  # A command that was killed says nothing. What both commands say is here once.
  if [ "$status" -gt 2 ]; then printf 'status ended with %s\n' "$status"; fi
  if [ "$spent" -gt 3 ]; then printf 'limits ended with %s\n' "$spent"; fi
  if [ "$spent" -ne 0 ]; then grep -vxFf morning.err morning.limits.err || true; fi
} >morning.txt
node ci/print.mjs <morning.txt
case "$status $spent" in
  "0 0") code=0 title="No deployment has a known problem" ;;
  # What is known to be bad is said whatever is unknown beside it.
  "1 "*) code=1 title="A deployment is not healthy" ;;
  *" 1") code=1 title="A limit is nearly used up" ;;
  *" 3") code=3 title="More than a limit is expected" ;;
  # Another status, also that of a command that was killed: something is not known.
  "0 "*) code=2 title="The limits could not be compared" ;;
  *) code=2 title="The status of the deployments could not be read" ;;
esac
ci/report.sh "$title" morning.txt >morning.md
if [ -n "${HEARTBEAT_URL:-}" ]; then
  [ "$code" -eq 0 ] && url=$HEARTBEAT_URL || url=${HEARTBEAT_URL%/}/fail
  # The title alone: the report may be confidential. The monitor notices a call that fails.
  curl -fsS -m 10 --retry 3 -o /dev/null --data-raw "$title" "$url" || echo "The heartbeat could not be sent" >&2
fi
if [ "$code" -ne 0 ] && [ "$#" -gt 0 ] && ! "$@"; then
  echo "The report was not delivered, so the next one begins where this one does" >&2
  exit "$code"
fi
if [ -f morning.next ]; then mv morning.next morning.until; fi
exit "$code"
