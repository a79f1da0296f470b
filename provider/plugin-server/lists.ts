import type { QoderClient } from "../api/client";
import { QoderError } from "../api/errors";
import type { Query } from "../api/object-list";
import type { Listed } from "../api/schema";
import { type KindName, vaults } from "../kinds/table";
import { asking } from "../look-up/find";
import { identityOf, type ResourceKind } from "../resource/kind/kind";
import type { Properties } from "../resource/kind/program-values";
import { withParent } from "../resource/read/objects";
import { holdsSecret } from "../resource/state/hidden-texts";
import type { Served } from "./kinds";
import { bare } from "./marks";
import type { CallSettings } from "./settings";

/** An input of a list, as the schema of the plugin describes it. */
interface ListInput {
  readonly type: "string" | "boolean";
  readonly description: string;
  /** The filter of the API; absent for an input that the API has no query for. */
  readonly query?: string;
  /** The values that the filter takes; absent if it takes any. */
  readonly values?: readonly string[];
}
type ListInputs = Readonly<Record<string, ListInput>>;

const archived: ListInput = {
  type: "boolean",
  description: "Whether the list has archived objects too. Left out: live ones only.",
  query: "include_archived",
};
const filterOf = (query: string, description: string, values?: readonly string[]): ListInput =>
  values === undefined ? { type: "string", description, query } : { type: "string", description, query, values };

/** The inputs of the list of each kind: the filters of the API. */
export const listInputs: Readonly<Record<KindName, ListInputs>> = {
  Environment: { archived },
  Skill: {
    source: filterOf("source", "`custom`: the skills of the account; `qoder`: Qoder's catalogue. Left out: `custom`.", [
      "custom",
      "qoder",
    ]),
  },
  File: {},
  Agent: { archived },
  Vault: { archived },
  VaultCredential: {
    vaultId: { type: "string", description: "The vault (`vault_...`). Left out: all live vaults." },
    archived,
  },
  MemoryStore: { archived },
  Deployment: {
    agent: filterOf("agent_id", "The agent (`agent_...`) of the deployments. Left out: all."),
    status: filterOf("status", "Only deployments with this status: `active` or `paused`. Left out: both.", [
      "active",
      "paused",
    ]),
    archived,
  },
  DeploymentRun: { deploymentId: filterOf("deployment_id", "The deployment (`dep_...`) of the runs. Left out: all.") },
};

/** Qoder's catalogue of skills belongs to no account. */
const defaults: Readonly<Record<string, Properties>> = { Skill: { source: "custom" } };

interface Asked {
  readonly inputs: Properties;
  /** The most objects that the engine takes; 0 for all. */
  readonly limit: number;
  /** The most objects of one answer; 0 for all. */
  readonly pageSize: number;
  /** The last id of the answer before this one; empty for the first answer. */
  readonly after: string;
}

/**
 * Lists the objects of one kind in the account, the newest first, each with the id that `read` takes. `next` is the id after which
 * the next answer begins, if the engine takes more objects.
 */
export async function list(token: string, kinds: Readonly<Record<string, Served>>, asked: Asked, door: CallSettings) {
  const name = token.split(":").at(-1) ?? "";
  const [kind, inputs] = [kinds[name]?.kind, new Map(Object.entries(listInputs)).get(name)];
  if (kind === undefined || inputs === undefined) {
    throw new Error(`${token} cannot be listed: it is none of ${Object.keys(listInputs).join(", ")}`);
  }
  const given = { ...defaults[name], ...checkedInputs(token, inputs, bare(asked.inputs)) };
  const { limit, pageSize, after } = asked;
  const most = Math.min(limit || Number.POSITIVE_INFINITY, pageSize || Number.POSITIVE_INFINITY);
  const found: Listed[] = [];
  let [isPast, hasMore] = [after === "", false];
  const read = async (client: QoderClient): Promise<object> => {
    for await (const object of objectsOf(client, kind, given, inputs)) {
      hasMore = found.length === most;
      if (hasMore) {
        break;
      }
      found.push(...(isPast ? [object] : []));
      isPast ||= object.id === after;
    }
    if (!isPast) {
      throw new QoderError(`${after}, after which this page begins, is no longer in the list. List again`);
    }
    return found;
  };
  const { tell } = door.session.surroundings;
  await asking(
    kind,
    read,
    door.session.clients,
  )({
    label: `${token} list`,
    args: given,
    isSecret: holdsSecret(asked.inputs),
    configuration: door.configuration,
    tell: (text, isWarning) => tell({ severity: isWarning ? "warning" : "info", text, urn: undefined }),
  });
  const objects = found.map((object) => ({ id: object.id, name: identityOf(kind, object) ?? "" }));
  return { objects, next: hasMore && most !== limit ? objects.at(-1)?.id : undefined };
}

function checkedInputs(token: string, inputs: ListInputs, given: Properties): Properties {
  for (const [name, value] of Object.entries(given)) {
    const { type, values } = inputs[name] ?? {};
    if (values !== undefined && !values.includes(`${value}`)) {
      throw new Error(`${token} list: ${name} is ${JSON.stringify(value)}; write one of ${values.join(", ")}`);
    }
    if (type === undefined || typeof value !== type) {
      const known = Object.keys(inputs).join(", ") || "none";
      const reason = type === undefined ? `is not an input of the list; its inputs: ${known}` : `is not a ${type}`;
      throw new Error(`${token} list: ${name} ${reason}`);
    }
  }
  return given;
}

/** The objects for these inputs. A service may ignore a filter, so each object is compared too. */
async function* objectsOf(client: QoderClient, kind: ResourceKind, given: Properties, inputs: ListInputs) {
  const { archived: isWhole = false, status, source, vaultId } = given;
  const queries = Object.entries(given).flatMap(([name, value]) => {
    const { query } = inputs[name] ?? {};
    // The service may refuse the two filters together, as the comments of its SDKs say.
    const isRefused = name === "status" && isWhole === true;
    return query === undefined || value === false || isRefused ? [] : [[query, String(value)]];
  });
  const filter: Query = Object.fromEntries(queries);
  const isAsked = (object: Listed) =>
    (isWhole === true || object.archived_at == null) &&
    Object.entries({ status, source }).every(([name, value]) => value === undefined || object[name] === value);
  for await (const parent of kind.within === undefined ? [undefined] : vaultsOf(client, vaultId)) {
    const list = parent === undefined ? kind : { ...kind, parent: [vaults.collection, parent] as const };
    for await (const object of client.list(list, filter)) {
      if (isAsked(object)) {
        yield withParent(object, parent);
      }
    }
  }
}

async function* vaultsOf(client: QoderClient, vaultId: unknown): AsyncGenerator<string> {
  if (typeof vaultId === "string") {
    yield vaultId;
    return;
  }
  for await (const { id } of client.live(vaults)) {
    yield id;
  }
}
