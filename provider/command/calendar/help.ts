export const help = `Usage: npx pulumi-qoder calendar (ID [ID ...] | --all | --agent ID | --stack [NAME] | --preview FILE)
                                  [--days N] [--timezone ZONE] [--svg FILE] [--json]

Shows when deployments run: the hours of each day as shades, the minutes in which most start with their names, hours that the
clocks skip or show twice, and what a month costs. Sends GET requests only: nothing is changed at Qoder.

  ID ...            the deployments with these ids (dep_...)
  --all             every live deployment that the token sees
  --agent ID        every live deployment of this agent (agent_...)
  --stack [NAME]    the deployments of this Pulumi stack, or of the selected one, each in the account that \`pulumi up\` acts
                    in; runs \`pulumi stack export\` in the present folder
  --preview FILE    the deployments of a program, also before its first \`pulumi up\`; FILE is what \`pulumi preview --json\` printed, and -
                    the standard input. Sends no request, and needs no token. The CLI leaves out unchanged resources; add
                    --show-sames: \`pulumi preview --json --show-sames | npx pulumi-qoder calendar --preview -\`
  --days N          how many days, 1 to 366; today is the first, from now on. Left out: 7
  --timezone ZONE   the zone of the days and hours, such as Asia/Shanghai; left out: that of this machine
  --svg FILE        write the calendar as a picture too, for a README or a wiki; replaces FILE, whose name ends in .svg
  --json            print one JSON object instead
  --workspace ID    the workspace to read in; left out: the token's default
  --timeout SECONDS the time for the whole command; left out: 5 minutes for each deployment, and for each page of a list.
                    One request has 60 seconds; a failed one is tried again a few times
  -h, --help        this text

The token is read from QODER_ACCESS_TOKEN or QODER_PAT, or got for the service account key in QODER_SA_KEY; the base URL from QODER_BASE_URL or
QODER_MANAGED_BASE_URL, or else it is https://api.qoder.com/api/v1/cloud.

The command computes the runs from the schedules. A paused deployment and one without a schedule are not in the calendar.
A schedule fires when the local time of its zone matches: never at a time that the clocks skip, twice at a time that they
repeat. The documentation of the service does not say what it does at those times.

The cost of a month is of the next 30 days: for each deployment the median of the credits of its last 10 runs, times its runs in
that time. Runs that are not over, or whose credits the service does not show, do not count. The limit is \`budget\` times runs, as
if the budget of a deployment counts for each run, which the API does not say.

--json prints one object:
  { from, to, timezone, runs: [{ id, name, at }], busiest: [{ at, names }], days: [{ date, runs }], credits: { expected, ceiling } }
  from, to    from now until the end of the last day; times are RFC 3339 in UTC
  runs        in the order of their times; id is null for a deployment before its first \`pulumi up\`
  busiest     the five minutes in which most start, and two at least; one stands for all in which the same deployments start
  days        date is that in the time zone, 2026-11-26
  credits     of the next 30 days; expected is null where no credits of past runs are known, ceiling where a deployment has
              no budget

Exit status: 0 every selected deployment is in the calendar, 1 one could not be read, 2 the command line is wrong.
`;
