export const help = `Usage: npx pulumi-qoder resume RECEIPT [--dry-run] [--yes]

Starts again the deployments that \`pulumi-qoder pause\` paused, from its receipt: only those, and of these only the ones whose pause nobody
has touched since. Lists its changes first, and asks.

  RECEIPT           the file qoder-pause-<time>.json
  --dry-run         list the changes, and make none
  --yes             do not ask
  --timeout SECONDS the time for the whole command; left out: 5 minutes for each deployment.
                    One request has 60 seconds; a failed one is tried again a few times
  -h, --help        this text

The token is read from QODER_ACCESS_TOKEN or QODER_PAT, or got for the service account key in QODER_SA_KEY; the base URL from QODER_BASE_URL or
QODER_MANAGED_BASE_URL, or else it is https://api.qoder.com/api/v1/cloud. For a receipt of \`pause --stack\` they come from that stack, as
\`pulumi up\` takes them: run it in the folder of its project. A deployment is started where it was paused, and nowhere else.

The command does not start, and names with the reason:
  - a deployment that somebody has started since, even if it was paused again: then the time of its last change differs from the one in the
    receipt while its declared content is the same, or it has run since. A \`pulumi up\` that changed other arguments is no reason
  - a deployment that the service has paused since, or that is archived
A deployment that was paused before the receipt stays paused. Runs that were due meanwhile do not start, and cancelled sessions stay cancelled.

The receipt records each start. If the command was interrupted, the same command goes on.

Exit status: 0 every deployment is as asked, 1 one is not: stderr names it, 2 the command line is wrong, or there is no terminal to ask in.
`;
