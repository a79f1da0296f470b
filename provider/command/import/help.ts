export const help = `Usage: npx pulumi-qoder import (ID [ID ...] | --all | --agent ID) [--kind KIND] [--out FOLDER]

Takes existing Qoder agents, environments and deployments over into Pulumi. Reads them and writes two things: the TypeScript
program that declares them, and the file for \`pulumi import\` that tells Pulumi they exist. Sends GET requests only: nothing is
changed at Qoder.

  ID ...            the agents, environments and deployments with these ids (agent_..., env_..., dep_...)
  --all             all that are live and that the token sees
  --agent ID        every live deployment of this agent (agent_...); with --kind agent,deployment the agent as well
  --kind KIND       of --all or --agent only these: agent, environment, deployment; several with commas, or given again.
                    \`--all --kind deployment\` leaves agents and environments to others
  --out FOLDER      write FOLDER/deployments.ts and FOLDER/import.json, for their owner alone as they hold environment
                    variables; without it both are printed
  --force           replace these two files if they exist
  --workspace ID    the workspace to read in; left out: the token's default
  --timeout SECONDS the time for the whole command; left out: 5 minutes for each object, and for each page of a list.
                    One request has 60 seconds; a failed one is tried again a few times
  -h, --help        this text

The token is read from QODER_ACCESS_TOKEN or QODER_PAT; the base URL from QODER_BASE_URL or QODER_MANAGED_BASE_URL, or else
it is https://api.qoder.com/api/v1/cloud.

How they are declared:
  - What equals the service's default is left out. All metadata keys, and a pause by hand, belong to the program from then on.
  - What is taken over together refers to each other: \`environmentId: cloud.id\`. A deployment that runs the newest version
    of its agent has \`agent: reporter\`, and moves with the agent in one \`pulumi up\` from then on; so does a team
    (\`multiagent\`) with its members. Every other one stays at its version: \`agent: { id: reporter.id, version: 3 }\`. Of agents
    that name each other in a circle, one is named by its id.
  - An agent that is not taken over is pinned to the version that runs now, so what runs stays as it is. Raise \`version\` to
    move on, or take it out to leave the version to others: that changes nothing by itself.
  - Tokens of repositories are never given back by the API, and the network of some environments is not shown. The program has
    a comment where each belongs.
  - Archived objects, and those with something this version of pulumi-qoder does not know, are left out and named.

Exit status: 0 everything was taken over, 1 something failed or was not, 2 the command line is wrong.
`;
