export const help = `Usage: npx pulumi-qoder probe [--with-run] [--yes] [--workspace ID] [--out FILE]

Asks the real service what the documentation of the API leaves open (docs/assumptions.md), and writes a report that anybody may
read: for each question the answer of the service, and what this package does then. The report contains no id and no token.

The probe sends GETs first. Then it lists the objects that it will create, and asks: two agents, two environments, a paused deployment without
a schedule, two vaults, and one more of each that the service creates twice. All names begin with qoder-probe-. At the end, also after
Ctrl-C or an error, the probe archives these objects, and deletes the vaults. The API cannot delete archived objects.

  --with-run        also starts a run, which costs credits: the model of the lowest price answers one word. The deployment has a budget of 3
                    credits; where the service ignores idempotency keys, two runs start
  --yes             does not ask
  --workspace ID    the workspace to work in; left out: the token's default
  --out FILE        where the report goes; left out: qoder-probe-<date>.md in this folder
  -h, --help        this text

The token is read from QODER_ACCESS_TOKEN or QODER_PAT, or got for the service account key in QODER_SA_KEY; the base URL from
QODER_BASE_URL or QODER_MANAGED_BASE_URL, or else it is https://api.qoder.com/api/v1/cloud.

Exit status: 0 the probe is complete and none of its objects is alive, whatever the service answered; 1 the probe ended early, an object of
it may be alive, or the report could not be written; 2 nothing was tried: the command line is wrong, there is no token, or the service
refused it.
`;

/** The plan that a person confirms. */
export function plan(name: string, withRun: boolean): string {
  const run = withRun
    ? "It starts a run (two where the service ignores idempotency keys) with the model of the lowest price, which answers one word; that costs\nabout 1 to 3 credits a run, and the deployment gets a budget of 3 credits.\n"
    : "Nothing of it runs, so it costs no credits.\n";
  return `The probe is going to make, each with a name that begins with ${name}:
  two agents, two environments, a paused deployment without a schedule, and two vaults with one made-up value
  one more of these where the service makes one twice
${run}In the end it archives the agents, environments and deployments for ever, and deletes the vaults.
`;
}
