import { z } from "zod";
import { serverAddress, wholeValue } from "../resource/kind/field";
import { fromWireCase, strangeShape } from "../resource/kind/wire-case";

const example = '[{ name: "tracker", url: "https://mcp.example.com" }]';
const server = z.strictObject({
  type: z.literal("url").optional(),
  name: z.string().min(1).max(255),
  url: serverAddress(),
});
const recorded = z.looseObject({ type: z.string().optional(), name: z.string(), url: z.string() });
const shownServers = z.array(z.looseObject({ name: z.string(), url: z.string() }));
type ShownServer = z.infer<typeof shownServers>[number];

type McpServer = z.infer<typeof recorded>;

/** The newest pages call this type "url"; older pages and other clients call it "http". */
const plainTypes: readonly unknown[] = [undefined, "url", "http"];

/** Refuses a second entry with the same name. `taken`: what the message says of the name. */
export function uniqueNames(taken: string) {
  return (entries: readonly { readonly name: string }[], context: z.core.$RefinementCtx): void => {
    for (const [index, { name }] of entries.entries()) {
      if (entries.findIndex((other) => other.name === name) < index) {
        context.addIssue({ code: "custom", path: [index, "name"], message: `"${name}" ${taken}` });
      }
    }
  };
}

export const mcpServersField = {
  schema: z
    .array(server, { error: `write ${example}` })
    .max(20)
    .superRefine(uniqueNames("names another server already")),
  ...wholeValue({
    wire: "mcp_servers",
    leftOut: "cleared",
    recorded: z.array(recorded),
    reply: shownServers.nullish(),
    cleared: [],
    empty: [],
    normal: (servers) =>
      servers.map(({ type, ...rest }) => ({ ...rest, type: plainTypes.includes(type) ? "url" : type })),
    toWire: (servers) => servers.map(({ name, url }) => ({ type: "url", name, url })),
    fromWire({ mcp_servers: shown }) {
      const live = shownServers.safeParse(shown).data ?? [];
      return live.length === 0 ? undefined : live.flatMap((one) => asWritten(one) ?? []);
    },
    import: {
      undescribable: ({ mcp_servers: shown }) =>
        shownServers.safeParse(shown).data?.flatMap((one) => typeProblem(one) ?? [])[0],
    },
  }),
};

function asWritten(live: ShownServer): McpServer | undefined {
  const server = recorded.safeParse(fromWireCase(live)).data;
  const { type, ...untyped } = server ?? {};
  return plainTypes.includes(type) ? recorded.safeParse(untyped).data : server;
}

function typeProblem({ type, name }: ShownServer): string | undefined {
  return type == null || typeof type === "string" ? undefined : `the server "${name}" ${strangeShape}`;
}
