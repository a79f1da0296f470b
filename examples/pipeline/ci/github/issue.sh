#!/usr/bin/env bash
# Opens an issue with a title and the text of a file, or adds to the one of this title that is still open:
# ci/github/issue.sh TITLE FILE
set -euo pipefail
cd "$(dirname "$0")/../.."

[ -f "$2" ] || ci/report.sh "The check did not start" /dev/null >"$2"
printf '\n%s\n' "The log: $GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID" >>"$2"

open=$(gh issue list --state open --search "in:title \"$1\"" --json number,title \
  --jq "[.[] | select(.title == \"$1\")][0].number // \"\"")
if [ -n "$open" ]; then
  gh issue comment "$open" --body-file "$2"
else
  gh issue create --title "$1" --body-file "$2"
fi
