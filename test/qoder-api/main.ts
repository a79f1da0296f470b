import { parseArgs } from "node:util";
import { z } from "zod";
import { Firing, fastClock } from "./firing";
import { type QoderApi, startQoderApi } from "./index";
import { logLine } from "./request-log";

const USAGE = `Serves a stand-in for the Qoder Cloud Agents API on this machine, and prints what a shell must export to use it.

  --port <number>     port to listen on, 0 for any free one (4010)
  --token <token>     bearer token that is accepted (pt-demo)
  --generation <1|2>  which of the published contracts to follow (2)
  --log               print each request in a line on standard error, without its secrets: time, method, path,
                      status, size of its body, and how long it took
  --fire              start the runs of active deployments by their schedules, in fast motion: the clock of the
                      service, of its times and of its tokens goes at --speed from now on
  --speed <number>    seconds of the service in a second, with --fire (60: a minute of a schedule in a second)
  --end <how>         how sessions end, 17 seconds of the service after they began to run: done, failed, mixed
                      (by turns), or never (done)
  --help              show this text
`;

/** The interval at which the stand-in starts and ends what is due. */
const TICK_MILLISECONDS = 100;

const optionsSchema = z.object({
  port: z.coerce.number().int().min(0).max(65_535),
  token: z.string().min(1),
  generation: z.enum(["1", "2"]).transform((text): 1 | 2 => (text === "1" ? 1 : 2)),
  log: z.boolean(),
  fire: z.boolean(),
  speed: z.coerce.number().positive(),
  end: z.enum(["done", "failed", "mixed", "never"]),
});
type Options = z.infer<typeof optionsSchema>;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "4010" },
      token: { type: "string", default: "pt-demo" },
      generation: { type: "string", default: "2" },
      log: { type: "boolean", default: false },
      fire: { type: "boolean", default: false },
      speed: { type: "string", default: "60" },
      end: { type: "string", default: "done" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  await serve(optionsSchema.parse(values));
}

async function serve({ port, token, generation, log, fire, speed, end }: Options): Promise<void> {
  const clock = fastClock(fire ? speed : 1);
  const say = (line: string) => {
    if (log) process.stderr.write(`${line}\n`);
  };
  const api = await startQoderApi({
    ...{ port, tokens: { [token]: "demo" }, switches: { generation }, clock },
    onAnswered: (record, tookMs) => say(logLine(record, tookMs)),
  });
  const firing = new Firing(api, clock, { schedules: fire, endings: end });
  const timer = setInterval(() => firing.tick().forEach(say), TICK_MILLISECONDS);
  tellExports(api, token);
  const stop = () => {
    clearInterval(timer);
    void api.close();
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

function tellExports(api: QoderApi, token: string): void {
  const agent = api.agents.create({ name: "demo-agent" });
  const environment = api.environments.create({ name: "demo-environment" });
  process.stdout.write(
    `${[
      `export QODER_BASE_URL=${api.url}`,
      `export QODER_PAT=${token}`,
      `export QODER_AGENT_ID=${agent.id}`,
      `export QODER_ENVIRONMENT_ID=${environment.id}`,
      "# In place of the token, the key of a service account, and the host that exchanges it for one:",
      `# export QODER_SA_KEY=${api.serviceAccounts.create().key} QODER_OPENAPI_BASE_URL=${api.exchangeHost}`,
    ].join("\n")}\n`,
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof z.ZodError ? z.prettifyError(error) : String(error)}\n`);
  process.exitCode = 1;
});
