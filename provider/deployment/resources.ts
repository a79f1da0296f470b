import { z } from "zod";
import { deployments, files, memoryStores } from "../kinds/table";
import { namedId } from "../resource/kind/common-fields";
import { type PlanRemark, planWarning } from "../resource/kind/diagnostics";
import { checkedText, idReference, type OutputsOf, wholeValue } from "../resource/kind/field";
import type { ProgramChange } from "../resource/kind/kind";
import { containsUnknown, mapMembers, membersOf, same } from "../resource/kind/program-values";
import { fromWireCase, toWireCase } from "../resource/kind/wire-case";
import { secretIn } from "../resource/state/leaked-secrets";
import { withoutComputed } from "./computed";

const text = z.string().min(1);
const checkout = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("branch"), name: text }),
  z.strictObject({ type: z.literal("commit"), sha: text }),
]);
/** "Create a deployment": the service clones over HTTPS, with the token or the password. */
const repositoryUrl = checkedText((given) => {
  const [, host, path] = /^(?:ssh:\/\/)?[\w.-]+@([\w.-]+)(?::\d+\/|[:/])(?!\/\/)([^@\s]*)$/.exec(given) ?? [];
  return host === undefined
    ? undefined
    : `is an address for SSH, which the service has no key for; write "https://${host}/${path}"`;
}, text);
const mountPath = text.optional();
const example = '{ type: "file", fileId: "file_..." }';
const resourceKinds = [
  z.strictObject({
    type: z.literal("github_repository"),
    url: repositoryUrl,
    authorizationToken: text.optional(),
    checkout: checkout.optional(),
    mountPath,
  }),
  z.strictObject({
    type: z.literal("git_repository"),
    url: repositoryUrl,
    password: text.optional(),
    checkout: checkout.optional(),
    mountPath,
  }),
  z.strictObject({ type: z.literal("file"), fileId: namedId(files), mountPath }),
  z.strictObject({
    type: z.literal("memory_store"),
    memoryStoreId: namedId(memoryStores),
    access: z.enum(["read_write", "read_only"]).optional(),
    instructions: z.string().max(4096).optional(),
  }),
] as const;
const resource = z.discriminatedUnion("type", resourceKinds, { error: `write ${example}` });

/** A resource of any kind, including kinds that are newer than this version. */
export type ResourceValue = { readonly type: string; readonly [member: string]: unknown };

const recorded = z.array(z.looseObject({ type: z.string() }));
const shownElements = z.array(z.unknown());

export const resourcesField = {
  schema: z.array(resource, { error: `write [${example}]` }).max(500),
  ...wholeValue({
    wire: "resources",
    secretMembers: deployments.secretMembers.resources,
    leftOut: "cleared",
    recorded,
    cleared: [],
    empty: [],
    normal: (resources) => resources.map((one) => toWireCase(one)),
    resolved: (resources) => resources.map(withMountPath),
    toWire: (resources) => resources.map((one) => toWireCase(one)),
    fromWire({ resources }) {
      // No documented reply shows a token. If a reply does, the state must not record the token.
      const own = shownElements.parse(resources ?? []).map((one) => withoutComputed("element", one));
      const live = recorded.parse(fromWireCase(own)).map(withoutToken);
      return live.length === 0 ? undefined : live;
    },
    import: {
      chosen: (resources) => resources.map(withoutDefaultMountPath),
      referring: (resources, outputsOf) => resources.map((one) => referring(one, outputsOf)),
    },
    // The service never shows which tokens it holds.
    shown: (resources) => resources.map(withoutToken),
  }),
};

function withoutToken(resource: ResourceValue): ResourceValue {
  const rest = Object.entries(resource).filter(
    ([name]) => !deployments.secretMembers.resources.some((one) => one === name),
  );
  return { ...Object.fromEntries(rest), type: resource.type };
}

// A repository needs no reference; the imported program has a comment on its token.
function referring(resource: ResourceValue, outputsOf: OutputsOf): unknown {
  const { type, memoryStoreId: id } = resource;
  if (typeof id === "string") {
    return { ...resource, memoryStoreId: idReference(id, outputsOf) };
  }
  return type === "file" ? withFileReferences(resource, outputsOf) : resource;
}

// Type definitions of the API's TypeScript client: "Defaults to ..." for each mount path.
function withMountPath(resource: ResourceValue): ResourceValue {
  const mountPath = resource["mountPath"] ?? defaultMountPath(resource);
  return mountPath === undefined ? resource : { ...resource, mountPath };
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

type ResourcesChange = ProgramChange<{ readonly resources: readonly ResourceValue[] }>;

/** Warns of a token in the address of a repository, and of a password without the user name that the service needs with it. */
export function repositoryRemarks({ before, after, inputs }: ResourcesChange): PlanRemark[] {
  const { resources = [] } = after;
  return same(before.resources, after.resources) || containsUnknown(inputs["resources"])
    ? []
    : resources.flatMap((one, index) => {
        const problem = addressProblem(one);
        return problem === undefined ? [] : [planWarning("repository", `resources[${index}].url: ${problem}`)];
      });
}

function addressProblem({ type, url, password: given }: ResourceValue): string | undefined {
  if (typeof url !== "string" || !URL.canParse(url)) {
    return undefined;
  }
  const { host, pathname, username, password } = new URL(url);
  const isGeneric = type === "git_repository";
  if (password !== "" || secretIn(username) !== undefined || (!isGeneric && username !== "")) {
    const member = isGeneric ? "password" : "authorizationToken";
    return `contains a token or a password, which everybody who reads the deployment sees; move it from the address to ${member}`;
  }
  return isGeneric && given !== undefined && username === ""
    ? `has no user name, which the password needs; write "https://USER@${host}${pathname}"`
    : undefined;
}

/** Warns of several memory stores. "Memory stores": the sandbox shows the entries of all stores in one folder. */
export function storeRemarks({ before, after, inputs }: ResourcesChange): PlanRemark[] {
  const stores = after.resources?.filter(({ type }) => type === "memory_store") ?? [];
  return stores.length < 2 || same(before.resources, after.resources) || containsUnknown(inputs["resources"])
    ? []
    : [
        planWarning(
          "memory-stores",
          `a run sees the entries of all ${stores.length} memory stores in one folder: give each store its own paths`,
        ),
      ];
}

/** Replaces the ids of files that the program declares by references to their resources, at any depth. */
export function withFileReferences(value: unknown, outputsOf: OutputsOf): unknown {
  const { type, fileId } = membersOf(value);
  return type === "file" && typeof fileId === "string"
    ? { ...membersOf(value), fileId: idReference(fileId, outputsOf) }
    : mapMembers(value, (member) => withFileReferences(member, outputsOf));
}
