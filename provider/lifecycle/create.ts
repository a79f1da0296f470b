import { setTimeout as sleep } from "node:timers/promises";
import type { CreatedDeployment, QoderClient } from "../api/client";
import { QoderApiError, QoderConnectionError, QoderError, QoderReplyError } from "../api/errors";
import type { Deployment, JsonObject, ListedDeployment } from "../api/schema";
import { withoutToken } from "../arguments/resources";
import type { Arguments } from "../fields";
import { createBody } from "../patch";
import { ownedArguments, toldArguments } from "../state";
import { adopt } from "./adopt";
import { absent } from "./gone";
import { idempotencyKey, noveltyOf } from "./idempotency";
import type { KnownDeployments } from "./known-deployments";

/** How often a declaration may be destroyed and created again while the service remembers the keys (24 hours). */
const mostLives = 50;
const triesAfterLostAnswer = 3;
const triesToSee = 3;
const firstWaitMs = 500;

export interface Obtained {
  readonly deployment: Deployment;
  /** The arguments that it holds already. */
  readonly held: Partial<Arguments>;
}

/**
 * Creates the deployment, or finds the one that an interrupted earlier try of the same declaration created. One request
 * when nothing goes wrong. What is in `known` cannot be new.
 */
export async function create(
  client: QoderClient,
  wanted: Partial<Arguments>,
  origin: string,
  known: KnownDeployments,
): Promise<Obtained> {
  const adopted = wanted.adopt === undefined ? undefined : await adopt(client, wanted.adopt, origin, known);
  if (adopted !== undefined) {
    // Which tokens it holds nobody can tell, so ours are not among what it holds.
    const { resources = [], ...others } = wanted;
    return { deployment: adopted, held: toldArguments(adopted, { ...others, resources: resources.map(withoutToken) }) };
  }
  const body = createBody(wanted);
  for (let life = 0; life < mostLives; life += 1) {
    const obtained = await createOrFind(client, wanted, body, idempotencyKey(origin, body, life), known);
    if (obtained !== undefined) {
      return obtained;
    }
  }
  throw new QoderError(
    `this declaration was created and archived ${mostLives} times within a day; the service still remembers each of them. Change its description, or wait`,
  );
}

/** What the key leads to; undefined when the key belongs to one that was archived meanwhile. */
async function createOrFind(
  client: QoderClient,
  wanted: Partial<Arguments>,
  body: JsonObject,
  key: string,
  known: KnownDeployments,
): Promise<Obtained | undefined> {
  const { deployment, date, roundTripMs, remembered } = await createOnce(client, body, key);
  if (known.holder(deployment.id) !== undefined || known.isReleased(deployment.id)) {
    // Another resource of the stack was declared like this one before, and manages it; or it was destroyed just now.
    return undefined;
  }
  const novelty = remembered ? "repeated" : noveltyOf(deployment, date, roundTripMs);
  if (novelty === "new") {
    return { deployment, held: asCreated(wanted) };
  }
  // The answer shows the deployment as it was created; whether it still stands, only a read tells.
  const now = await look(client, deployment.id);
  if (now === undefined) {
    return novelty === "unproven" ? { deployment, held: asCreated(wanted) } : undefined;
  }
  // Under another name it may belong to a resource that was renamed since.
  const isOurs = now.archived_at == null && (novelty === "unproven" || (now.name ?? wanted.name) === wanted.name);
  if (!isOurs) {
    return undefined;
  }
  known.takeOver(now.id);
  return { deployment: now, held: ownedArguments(now, wanted) };
}

// "Create a deployment": a new one is active.
function asCreated(wanted: Partial<Arguments>): Partial<Arguments> {
  return { ...wanted, paused: false };
}

/** "Errors": shortly after a create the API may still answer 404. */
async function look(client: QoderClient, id: string): Promise<Deployment | undefined> {
  for (let tries = 1; ; tries += 1) {
    const found = await client.getDeployment(id).catch(absent);
    if (found !== undefined || tries >= triesToSee) {
      return found;
    }
    await sleep(firstWaitMs * 2 ** (tries - 1));
  }
}

interface Created extends CreatedDeployment {
  /** The service proved that it knew the key before. */
  readonly remembered: boolean;
}

async function createOnce(client: QoderClient, body: JsonObject, key: string): Promise<Created> {
  let remembered = false;
  for (let tries = 1; ; tries += 1) {
    try {
      return { ...(await client.createDeployment(body, key)), remembered };
    } catch (error) {
      if (isNameConflict(error)) {
        throw await nameConflict(client, body, error);
      }
      if (!mayHaveActed(error) || tries >= triesAfterLostAnswer) {
        throw error;
      }
      await sleep(firstWaitMs * 2 ** (tries - 1));
      remembered = await assureRepeatable(client, body, key, error);
    }
  }
}

function isNameConflict(error: unknown): error is QoderApiError {
  return error instanceof QoderApiError && error.status === 409;
}

function mayHaveActed(error: unknown): error is QoderError {
  if (error instanceof QoderConnectionError) {
    return error.sent;
  }
  if (error instanceof QoderApiError) {
    return error.status === 408 || (error.status >= 500 && error.type !== "feature_not_available");
  }
  return error instanceof QoderReplyError;
}

/**
 * Returns when sending the create once more cannot make a second deployment: there is none of that name yet (false), or
 * the service proves that it remembers the key (true). Otherwise says what to do.
 */
async function assureRepeatable(
  client: QoderClient,
  body: JsonObject,
  key: string,
  lost: QoderError,
): Promise<boolean> {
  const found = await liveByName(client, body).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new QoderError(
      `${lost.message}. Whether it created the deployment is open, as looking for it failed too: ${reason}. Run the same command again, it goes on from what is there`,
    );
  });
  if (found === undefined) {
    return false;
  }
  if (await remembersKey(client, key)) {
    return true;
  }
  throw new QoderError(
    `${lost.message}. A deployment of this name stands, created ${found.created_at}: if it is this one, set adopt: "${found.id}" and run \`pulumi up\` again; if it is another's, choose another name`,
  );
}

// "Conventions: idempotency": a key that is used again with another body is refused with 409. An empty body can create
// nothing (400), so the question is free of effects.
async function remembersKey(client: QoderClient, key: string): Promise<boolean> {
  try {
    await client.createDeployment({}, key);
  } catch (error) {
    return error instanceof QoderApiError && error.status === 409;
  }
  return false;
}

async function nameConflict(client: QoderClient, body: JsonObject, refused: QoderApiError): Promise<QoderError> {
  const found = await liveByName(client, body).catch(() => undefined);
  return found === undefined
    ? refused
    : new QoderError(
        `${refused.message}. The name is taken by ${found.id}, created ${found.created_at}: if another stack or person manages that one, choose another name, such as name: \`${found.name}-\${pulumi.getStack()}\`; to manage it here and nowhere else, set adopt: "${found.id}"; if it is this resource under another Pulumi name, give it aliases: [{ name: "the old one" }]`,
      );
}

async function liveByName(client: QoderClient, body: JsonObject): Promise<ListedDeployment | undefined> {
  for await (const deployment of client.listDeployments()) {
    if (deployment.name === body["name"] && deployment.archived_at == null) {
      return deployment;
    }
  }
  return undefined;
}
