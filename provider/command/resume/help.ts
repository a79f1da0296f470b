export const help = `Usage: npx pulumi-qoder resume RECEIPT [--dry-run] [--yes]

Starts again what \`pulumi-qoder pause\` paused, by its receipt: exactly those deployments, and of these the ones whose pause nobody
has touched since. Lists what it will do, and asks.

  RECEIPT           the file qoder-pause-<time>.json
  --dry-run         list what would be done, and change nothing
  --yes             do not ask
  --timeout SECONDS the time for the whole command; left out: 5 minutes for each deployment.
                    One request has 60 seconds; a failed one is tried again a few times
  -h, --help        this text

The token is read from QODER_ACCESS_TOKEN or QODER_PAT, or got for the service account key in QODER_SA_KEY; the base URL from QODER_BASE_URL or
QODER_MANAGED_BASE_URL, or else it is https://api.qoder.com/api/v1/cloud. For a receipt of \`pause --stack\` they come from that stack, as
\`pulumi up\` takes them: run it in the folder of its project. A deployment is started where it was paused, and nowhere else.

Left alone, and named with the reason:
  - what somebody has started since, also if it was paused again: then the time of its last change differs from the one in the
    receipt, while what is declared of it is the same, or it has run since. A \`pulumi up\` that changed something else is no reason
  - what the service has paused since, and what is archived
What was paused before the pause stays so. Runs that were due meanwhile are not made up for, and sessions that were cancelled stay so.

The receipt says of each what was done. Where the command was interrupted, the same command goes on.

Exit status: 0 all is as asked, 1 it is not: stderr says what, 2 the command line is wrong, or there is no terminal to ask in.
`;
