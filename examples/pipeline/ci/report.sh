#!/usr/bin/env bash
# Prints Markdown of a title and of the text in a file. Any text, for example a prompt, stays text: it cannot end
# its frame, mention people, become a link or act on a terminal.
set -euo pipefail

printf '### %s\n\n<pre>\n' "$1"
# GitHub takes 65536 characters. The rest is cut by lines, so that no character is cut in two.
node "$(dirname "$0")/print.mjs" <"$2" | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g' |
  awk '{ size += length($0) + 1 } size > 60000 { cut = 1 } !cut { print } END { if (cut) print "... The log has the rest." }'
printf '</pre>\n'
