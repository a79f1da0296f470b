#!/usr/bin/env bash
# Fetches plan.json, as preview.yaml saved it for the pull request that brought this commit to main.
set -euo pipefail
cd "$(dirname "$0")/../.."

without="Look at a preview, and start this workflow by hand: then it applies without a plan."
head=$(gh api "repos/$GITHUB_REPOSITORY/commits/$GITHUB_SHA/pulls" --jq '[.[] | select(.merged_at)][0].head.sha // ""')
if [ -z "$head" ]; then
  echo "No pull request brought $GITHUB_SHA to main, so there is no plan. $without" >&2
  exit 1
fi
run=$(gh run list --workflow preview.yaml --commit "$head" --status success --limit 1 --json databaseId --jq '.[0].databaseId // ""')
if [ -z "$run" ]; then
  echo "No preview of $head ended well, so there is no plan. $without" >&2
  exit 1
fi
rm -f plan.json
gh run download "$run" --name plan --dir .
