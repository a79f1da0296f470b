#!/usr/bin/env bash
# Writes preview.md as a comment on the pull request, in the place of the one that an earlier run wrote: ci/github/comment.sh NUMBER
set -euo pipefail
cd "$(dirname "$0")/../.."

marker="<!-- preview of $PULUMI_STACK -->"
[ -f preview.md ] || ci/report.sh "The preview did not start; the log of the workflow says why" /dev/null >preview.md
printf '%s\n%s\n' "$marker" "$(cat preview.md)" >preview.comment.md

earlier=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$1/comments" \
  --jq ".[] | select(.user.login == \"github-actions[bot]\" and (.body | startswith(\"$marker\"))) | .id")
if [ -n "$earlier" ]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/${earlier##*$'\n'}" --field body=@preview.comment.md
else
  gh pr comment "$1" --body-file preview.comment.md
fi
