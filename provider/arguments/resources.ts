import { z } from "zod";
import { fromWireCase, toWireCase } from "../wire-case";
import { same, wholeValue } from "./field";
import { withoutServerOwned } from "./server-owned";

const text = z.string().min(1);
const checkout = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("branch"), name: text }),
  z.strictObject({ type: z.literal("commit"), sha: text }),
]);
const mountPath = text.optional();
const example = '{ type: "file", fileId: "file_..." }';
const resourceKinds = [
  z.strictObject({
    type: z.literal("github_repository"),
    url: text,
    authorizationToken: text.optional(),
    checkout: checkout.optional(),
    mountPath,
  }),
  z.strictObject({
    type: z.literal("git_repository"),
    url: text,
    password: text.optional(),
    checkout: checkout.optional(),
    mountPath,
  }),
  z.strictObject({ type: z.literal("file"), fileId: text, mountPath }),
  z.strictObject({
    type: z.literal("memory_store"),
    memoryStoreId: text,
    access: z.enum(["read_write", "read_only"]).optional(),
    instructions: z.string().max(4096).optional(),
  }),
] as const;
const resource = z.discriminatedUnion("type", resourceKinds, { error: `write ${example}` });

/** A resource of any kind, also one that the API learned after this version. */
export type ResourceValue = { readonly type: string; readonly [member: string]: unknown };

/** Accepted and never returned: what a repository is cloned with. */
const writeOnlyMembers = ["authorizationToken", "password"] as const;

/** What a program leaves out, the service leaves out: its appearance is somebody's doing. */
const neverFilledIn: readonly string[] = ["checkout", "instructions"];

const recorded = z.array(z.looseObject({ type: z.string() }));

export const resourcesField = wholeValue<readonly ResourceValue[]>({
  wire: "resources",
  leftOut: "cleared",
  schema: z.array(resource, { error: `write [${example}]` }).max(500),
  recorded,
  cleared: [],
  empty: [],
  normal: (resources) => resources.map(toWireCase),
  toWire: (resources) => resources.map(toWireCase),
  fromWire(deployment, asked) {
    const live = recorded.parse(fromWireCase(deployment.resources ?? [])).map(withoutServerOwned);
    return live.length === 0 ? undefined : live.map((value, index) => asAsked(value, index, asked ?? []));
  },
  // Which tokens the service holds nobody can tell.
  shown: (resources) => resources.map(withoutToken),
  meaning: {
    leftOut: "none",
    removed: "`[]`",
    sameWhen:
      "same list; what the service fills in (`mountPath`, `access`) is no difference, a token is compared with the one last sent. All tokens travel with any change",
  },
});

function withoutToken(resource: ResourceValue): ResourceValue {
  const { authorizationToken: _token, password: _password, ...rest } = resource;
  return { ...rest, type: resource.type };
}

/**
 * The live resource in the terms of the asked one that names the same thing: without the members that the service
 * filled in, and with the token that only we know.
 */
function asAsked(live: ResourceValue, index: number, asked: readonly ResourceValue[]): ResourceValue {
  const namesTheSame = (candidate: ResourceValue | undefined) =>
    candidate !== undefined && same(identity(candidate), identity(live));
  const samePlace = asked[index];
  const twin = namesTheSame(samePlace) ? samePlace : asked.find(namesTheSame);
  if (twin === undefined) {
    return live;
  }
  const told = Object.entries(live).filter(([name]) => twin[name] !== undefined || neverFilledIn.includes(name));
  const kept = writeOnlyMembers.filter((name) => twin[name] !== undefined).map((name) => [name, twin[name]]);
  return { ...Object.fromEntries(told), ...Object.fromEntries(kept), type: live.type };
}

function identity(value: ResourceValue): unknown {
  return [value.type, value["url"] ?? value["fileId"] ?? value["memoryStoreId"]];
}
