import type { CommandClient } from "../../command/client";
import { agentKind } from "../../provider/agent/kind";
import { hourMs } from "../../provider/api/clock";
import { QoderError } from "../../provider/api/errors";
import type { Collection } from "../../provider/api/object-list";
import { type ObjectStatus, objectStatusOf } from "../../provider/api/object-status";
import { deploymentKind } from "../../provider/deployment/kind";
import { sessionPages } from "../../provider/deployment-run/sessions";
import { environmentKind } from "../../provider/environment/kind";
import { fileKind } from "../../provider/file/kind";
import { skillKind } from "../../provider/skill/kind";
import { vaultKind } from "../../provider/vault/kind";
import type { Lab } from "./lab";

/** Deployments come first, because they need the other objects. */
const kinds: readonly Collection[] = [deploymentKind, agentKind, environmentKind, vaultKind, skillKind, fileKind];
/** The kinds that have no archive, and vaults, whose end also deletes their credentials. */
const deleted: readonly Collection[] = [vaultKind, skillKind, fileKind];

/** Several tries, because a new object may be invisible for a while and a session needs time to end. */
const mostTries = 20;
const betweenTriesMs = 1_000;
/** An object that is older than the probe by this much cannot belong to it, however much the clocks differ. */
const mostClockDifferenceMs = hourMs;

/**
 * Archives or deletes all objects of this probe, including objects whose answer was lost. Returns a text for each object that
 * may still be alive.
 */
export async function putAway(client: CommandClient, lab: Lab): Promise<string[]> {
  const alive: string[] = [];
  for (const kind of kinds) {
    const ids = new Set<string>();
    const problem = await addListed(client, kind, lab, ids);
    const prefix = `${kind.collection}/`;
    const made = [...lab.made].filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
    for (const id of made) {
      // The answer to a create may have shown the object of somebody else.
      const isShown = ids.has(id) || (await untilDone(client, () => addOwn(client, kind, id, lab, ids)));
      if (!isShown) {
        alive.push(`${kind.noun} ${id}`);
      }
    }
    for (const id of ids) {
      const isEnded = await end(client, kind, id).catch(unlessUnexpected);
      if (!isEnded) {
        alive.push(`${kind.noun} ${id}`);
      }
    }
    if (problem !== undefined) {
      alive.push(`perhaps more ${kind.collection} with a name that begins with ${lab.name}: ${problem}`);
    }
  }
  return alive;
}

/** False for any refusal or lost answer of the service; throws unexpected errors. */
function unlessUnexpected(error: unknown): false {
  if (error instanceof QoderError) {
    return false;
  }
  throw error;
}

/** Adds the listed objects with the name of this probe. Returns the reason if the list could not be read. */
async function addListed(
  client: CommandClient,
  kind: Collection,
  lab: Lab,
  ids: Set<string>,
): Promise<string | undefined> {
  try {
    for await (const listed of client.forList().live(kind)) {
      if (lab.hasMade(listed, listed.id)) {
        ids.add(listed.id);
      }
      if (Date.parse(listed.created_at ?? "") < lab.startedAt - mostClockDifferenceMs) {
        break;
      }
    }
    return undefined;
  } catch (error) {
    if (error instanceof QoderError) {
      return error.message;
    }
    throw error;
  }
}

/** Adds the object if the service shows it with the name of this probe. */
async function addOwn(client: CommandClient, kind: Collection, id: string, lab: Lab, ids: Set<string>): Promise<true> {
  const path = [kind.collection, id];
  const { body } = await client.forObject().send({ method: "GET", path, repeat: "safe" });
  if (lab.hasMade(body, id)) {
    ids.add(id);
  }
  return true;
}

async function end(client: CommandClient, kind: Collection, id: string): Promise<boolean> {
  const path = [kind.collection, id];
  const areOver = kind !== deploymentKind || (await endSessions(client, id).catch(unlessUnexpected));
  const isEnded = await (deleted.includes(kind)
    ? untilDone(client, async () => (await sent(client, "DELETE", path)) || shows(client, path, "absent"))
    : untilDone(client, () => archived(client, path)));
  return areOver && isEnded;
}

/** Ends the sessions of the deployment; the list gives those of no other. */
async function endSessions(client: CommandClient, deployment: string): Promise<boolean> {
  let areOver = true;
  for await (const { id } of client.forList().live(sessionPages, { deployment_id: deployment })) {
    await sent(client, "POST", ["sessions", id, "cancel"]);
    areOver = (await untilDone(client, () => archived(client, ["sessions", id]))) && areOver;
  }
  return areOver;
}

/** A refused archive failed, unless the object is already archived. */
async function archived(client: CommandClient, path: readonly string[]): Promise<boolean> {
  await sent(client, "POST", [...path, "archive"]);
  return shows(client, path, "archived");
}

/** True if the service shows the object so; a lost answer shows nothing. */
async function shows(client: CommandClient, path: readonly string[], is: ObjectStatus["is"]): Promise<boolean> {
  const request = { method: "GET", path, repeat: "safe" } as const;
  return (await objectStatusOf(client.forObject(), request, path.at(-1) ?? "")).is === is;
}

/** Sends the request and returns whether the service accepted it. */
async function sent(client: CommandClient, method: "POST" | "DELETE", path: readonly string[]): Promise<boolean> {
  try {
    await client.forObject().send({ method, path, repeat: "safe" });
    return true;
  } catch (error) {
    return unlessUnexpected(error);
  }
}

async function untilDone(client: CommandClient, attempt: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    if (await attempt().catch(unlessUnexpected)) {
      return true;
    }
    await client.forObject().pause(betweenTriesMs);
  }
  return false;
}
