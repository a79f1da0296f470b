import { z } from "zod";
import { wholeValue } from "../resource/fields/field";
import { withoutServerOwned } from "../resource/fields/server-owned";
import { fromWireCase, toWireCase } from "../resource/fields/wire-case";
import type { DeploymentField } from "./field";
import { secretMembers } from "./secret-members";

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

/** Members that the service never fills in by itself. Where one appears that the program did not give, somebody set it. */
const neverFilledIn: readonly string[] = ["checkout", "instructions"];

const recorded = z.array(z.looseObject({ type: z.string() }));

export const resourcesField: DeploymentField<readonly ResourceValue[]> = wholeValue({
  wire: "resources",
  secretMembers: secretMembers.resources,
  leftOut: "cleared",
  schema: z.array(resource, { error: `write [${example}]` }).max(500),
  recorded,
  cleared: [],
  empty: [],
  normal: (resources) => resources.map((one) => toWireCase(one)),
  toWire: (resources) => resources.map((one) => toWireCase(one)),
  fromWire(deployment, asked) {
    const live = recorded.parse(fromWireCase(deployment.resources ?? [])).map(withoutServerOwned);
    return live.length === 0 ? undefined : inTermsOf(asked ?? [], live);
  },
  chosen: (resources) => resources.map(withoutDefaultMountPath),
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
  const rest = Object.entries(resource).filter(([name]) => !secretMembers.resources.some((one) => one === name));
  return { ...Object.fromEntries(rest), type: resource.type };
}

/**
 * The live resource in the terms of the asked one that names the same thing: without the members that the service
 * filled in, and with the token that only we know.
 */
function asAsked(live: ResourceValue, twin: ResourceValue | undefined): ResourceValue {
  if (twin === undefined) {
    return live;
  }
  const told = Object.entries(live).filter(([name]) => twin[name] !== undefined || neverFilledIn.includes(name));
  const kept = secretMembers.resources.filter((name) => twin[name] !== undefined).map((name) => [name, twin[name]]);
  return { ...Object.fromEntries(told), ...Object.fromEntries(kept), type: live.type };
}

// By a map, as a reply may hold hundreds of thousands. Of several that name the same thing, the one at the same place counts.
function inTermsOf(asked: readonly ResourceValue[], live: readonly ResourceValue[]): ResourceValue[] {
  const firstOf = new Map([...asked].reverse().map((value) => [identity(value), value]));
  return live.map((value, index) => {
    const samePlace = asked[index];
    const isTwin = samePlace !== undefined && identity(samePlace) === identity(value);
    return asAsked(value, isTwin ? samePlace : firstOf.get(identity(value)));
  });
}

function identity(value: ResourceValue): string {
  return JSON.stringify([value.type, value["url"] ?? value["fileId"] ?? value["memoryStoreId"]]);
}

function withoutDefaultMountPath(resource: ResourceValue): ResourceValue {
  const { mountPath, ...shorter } = resource;
  return mountPath === defaultMountPath(resource) ? shorter : resource;
}

// Type definitions of the API's TypeScript client, `mount_path` of each kind of resource.
function defaultMountPath({ type, fileId, url }: ResourceValue): string | undefined {
  if (type === "file" && typeof fileId === "string") {
    return `/mnt/session/uploads/${fileId}`;
  }
  if ((type === "github_repository" || type === "git_repository") && typeof url === "string") {
    const repository = url.replace(/\/+$/, "").split("/").pop() ?? "";
    return `/workspace/${repository.replace(/\.git$/, "")}`;
  }
  return undefined;
}
