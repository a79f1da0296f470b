export const help = `Usage: npx pulumi-qoder pause (dep_... [dep_...] | --all | --agent ID | --stack [NAME]) [--cancel] [--dry-run] [--yes]

Pauses deployments, so that none of them starts until \`pulumi-qoder resume RECEIPT\`. Lists its changes first, and asks.

  dep_...           the deployments with these ids
  --all             every live deployment that the token sees
  --agent ID        every live deployment of this agent (agent_...)
  --stack [NAME]    the deployments of this Pulumi stack, or of the selected one, each in the account that \`pulumi up\` acts
                    in; runs \`pulumi stack export\` in the present folder
  --cancel          also cancel the sessions of these deployments that run, that the service tries again, or that wait for
                    somebody since at most 7 days; then look again, for a start that came before the pause
  --dry-run         list the changes, and make none
  --yes             do not ask
  --workspace ID    the workspace to work in; left out: the token's default
  --timeout SECONDS the time for the whole command; left out: 5 minutes for each deployment, and for each page of a list.
                    One request has 60 seconds; a failed one is tried again a few times
  -h, --help        this text

The token is read from QODER_ACCESS_TOKEN or QODER_PAT, or got for the service account key in QODER_SA_KEY; the base URL from QODER_BASE_URL or
QODER_MANAGED_BASE_URL, or else it is https://api.qoder.com/api/v1/cloud.

A pause keeps a deployment from starting and ends no session: without --cancel, running sessions go on. A cancel ends the turn of a session;
a later message makes the session go on. If the service does not end a session that waits for somebody, the command names that session.
Sessions that no deployment started are listed and left alone.

The receipt, qoder-pause-<time>.json in the present folder, is written before the first change and records each change. Only its owner
can read it; it contains ids and names, and no token. If the command was interrupted, the same command goes on with the same
receipt, in the same folder. The receipt also names deployments that were paused before; \`resume\` never starts those.

Exit status: 0 every deployment is as asked, 1 one is not: stderr names it, 2 the command line is wrong, or there is no terminal to ask in.
`;
