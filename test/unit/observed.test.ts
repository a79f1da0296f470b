import { z } from "zod";
import { QoderClient } from "../../provider/api/client";
import { QoderApiError } from "../../provider/api/errors";
import { eventPageSchema, sessionSchema } from "../../provider/deployment-run/result";
import { agents } from "../../provider/kinds/table";
import { AccountReader } from "../../provider/resource/read/account-reader";
import { Objects } from "../../provider/resource/read/objects";
import { versionIn } from "../../provider/skill/reply";
import { vaultCredentialKind } from "../../provider/vault-credential/kind";
import { kinds } from "../kinds";
import { type Observed, observations } from "../support/observed";
import { SkippingClock } from "../support/skipping-clock";
import { closedAfterEach, json, startServer, text } from "./local-server";

const closed = closedAfterEach();

/** A client of a service that gives this reply, and after a page of a list an empty one. */
async function clientOf({ status = 200, headers, body }: Observed) {
  const first = typeof body === "string" ? text(body, status, headers) : json(body, status, headers);
  const server = await startServer((request, response, count) => {
    const answer = count === 1 || status >= 400 ? first : json({ data: [], has_more: false });
    answer(request, response, count);
  });
  return closed(QoderClient.connect(closed(server).account, new SkippingClock()));
}

const requestOf = ({ request: { method, path } }: Observed) => {
  const [place = "", query = ""] = path.split("?");
  return {
    ...{ method, path: place.split("/").slice(1), repeat: "never" as const },
    query: Object.fromEntries(new URLSearchParams(query)),
  };
};

const answerOnly = z.looseObject({ id: z.string() });
const skillVersion = z.unknown().refine((body) => versionIn(body) !== undefined, "no version of a skill");

/** The schema by which the product reads the object. */
function schemaOf({ id, type }: z.infer<typeof objectSchema>): z.ZodType {
  const kind = kinds.find(({ idPrefix }) => id.startsWith(idPrefix))?.kind.reply;
  const schema = type === "session" ? sessionSchema : type === "skill_version" ? skillVersion : kind;
  if (schema === undefined) {
    throw new Error(`the product reads no ${type}`);
  }
  return schema;
}

const objectSchema = z.looseObject({ id: z.string(), type: z.string() });

type Read = (client: QoderClient, observed: Observed) => Promise<unknown>;

const readList: Read = async (client, observed) => {
  const path = requestOf(observed).path;
  const collection = path.at(-1) ?? "";
  const parent = path.length > 1 ? { parent: [path[0] ?? "", path[1] ?? ""] as const } : {};
  const read: unknown[] = [];
  for await (const entry of client.list({ noun: "object", idPrefix: "", collection, ...parent })) {
    const { data } = objectSchema.safeParse(entry);
    read.push(await client.parsed(data === undefined ? answerOnly : schemaOf(data), entry, requestOf(observed)));
  }
  return read;
};

/** What the product reads with. The first row counts whose expression matches the request. */
const readers: readonly (readonly [request: RegExp, read: Read])[] = [
  [/^DELETE |\/cancel$/, (client, observed) => client.read(requestOf(observed), answerOnly)],
  [/\/events$/, (client, observed) => client.read(requestOf(observed), eventPageSchema)],
  [/^GET \/models$/, (client) => new AccountReader(undefined).catalogue(client, { ...agents, collection: "models" })],
  [/\/mcp_oauth_validate$/, validated],
  [/^GET (\/[a-z_]+(\?.*)?|.*\/versions)$/, readList],
  [/./, async (client, observed) => client.read(requestOf(observed), schemaOf(objectSchema.parse(observed.body)))],
];

/** The warning about a credential that its MCP server refuses. */
async function validated(client: QoderClient, { request }: Observed): Promise<unknown> {
  const [, , vault, , credential] = request.path.split("/");
  const told: string[] = [];
  const hearing = client.within({ milliseconds: 10_000, tell: ({ text: said }) => void told.push(said) });
  const auth = { type: "static_bearer", mcpServerUrl: "https://mcp.example.com", token: "t" } as const;
  const service = new Objects(hearing, vaultCredentialKind);
  await vaultCredentialKind.afterWrite?.(service, `${vault}/${credential}`, { auth, validate: true });
  expect(told).toEqual([expect.stringContaining("which answered 401: invalid")]);
  return told;
}

const isError = ({ status = 200 }: Observed) => status >= 400;

test.each(observations.filter((observed) => !isError(observed)))(
  "the product reads each member of $name that it uses",
  async (observed) => {
    const { method, path } = observed.request;
    const [, read] = readers.find(([request]) => request.test(`${method} ${path}`)) ?? [];
    // The client hears no remark, so an unreadable member is an error.
    await expect(read?.(await clientOf(observed), observed)).resolves.toBeDefined();
  },
);

const saidSchema = z.union([
  z.string(),
  z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
  z.object({ message: z.string() }).transform(({ message }) => message),
]);

test.each(observations.filter(isError))("the error of $name says what the service said", async (observed) => {
  const client = await clientOf(observed);
  const error: unknown = await client.send(requestOf(observed)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(QoderApiError);
  expect(error).toMatchObject({
    status: observed.status,
    serverMessage: expect.stringContaining(saidSchema.parse(observed.body)),
  });
});
