import { parseArgs } from "node:util";
import { z } from "zod";
import { startQoderApi } from "./index";

const USAGE = `Serves a stand-in for the Qoder Cloud Agents API on this machine, and prints what a shell must export to use it.

  --port <number>     port to listen on, 0 for any free one (4010)
  --token <token>     bearer token that is accepted (pt-demo)
  --generation <1|2>  which of the published contracts to follow (2)
  --help              show this text
`;

const optionsSchema = z.object({
  port: z.coerce.number().int().min(0).max(65_535),
  token: z.string().min(1),
  generation: z.enum(["1", "2"]).transform((text): 1 | 2 => (text === "1" ? 1 : 2)),
});

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "4010" },
      token: { type: "string", default: "pt-demo" },
      generation: { type: "string", default: "2" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const { port, token, generation } = optionsSchema.parse(values);
  const api = await startQoderApi({ port, tokens: { [token]: "demo" }, switches: { generation } });
  const agent = api.agents.create({ name: "demo-agent" });
  const environment = api.environments.create({ name: "demo-environment" });
  process.stdout.write(
    `${[
      `export QODER_BASE_URL=${api.url}`,
      `export QODER_ACCESS_TOKEN=${token}`,
      `export QODER_AGENT_ID=${agent.id}`,
      `export QODER_ENVIRONMENT_ID=${environment.id}`,
      "# In place of the token, the key of a service account, and the host that exchanges it for one:",
      `# export QODER_SA_KEY=${api.serviceAccounts.create().key} QODER_OPENAPI_BASE_URL=${api.exchangeHost}`,
    ].join("\n")}\n`,
  );
  process.once("SIGINT", () => void api.close());
  process.once("SIGTERM", () => void api.close());
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof z.ZodError ? z.prettifyError(error) : String(error)}\n`);
  process.exitCode = 1;
});
