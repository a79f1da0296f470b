import type { QoderClient } from "../api/client";
import { QoderError } from "../api/errors";
import type { Deployment, JsonObject } from "../api/schema";
import { withoutToken } from "../arguments/resources";
import type { Arguments } from "../fields";
import { createBody } from "../patch";
import { ownedArguments, toldArguments } from "../state";
import { adopt } from "./adopt";
import { ageOf, idempotencyKey, noveltyOf } from "./idempotency";
import type { Holder, KnownDeployments } from "./known-deployments";
import { createDespiteLostAnswers } from "./lost-answer";

/** How often a declaration may be destroyed and created again while the service remembers the keys (24 hours). */
const mostLives = 50;
const triesToSee = 3;
const firstWaitMs = 500;
/** So long a new deployment may be hidden, and not be taken for one that was removed. */
const youthMs = 5_000;

/** What is to be created. */
export interface Declaration {
  readonly wanted: Partial<Arguments>;
  /** The seed of the key, see `hiddenInputs`. */
  readonly origin: string;
  readonly self: Holder;
  /** The state knows the resource already. */
  readonly isReplacement: boolean;
}

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
  { wanted, origin, self, isReplacement }: Declaration,
  known: KnownDeployments,
): Promise<Obtained> {
  const adopted =
    wanted.adopt === undefined ? undefined : await adopt(client, wanted.adopt, self, isReplacement, known);
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
  const { deployment, date, roundTripMs, remembered } = await createDespiteLostAnswers(client, body, key);
  if (known.holder(deployment.id) !== undefined || known.isReleased(deployment.id)) {
    // Another resource of the stack was declared like this one before, and manages it; or it was destroyed just now.
    return undefined;
  }
  const novelty = remembered ? "repeated" : noveltyOf(deployment, date, roundTripMs);
  if (novelty === "new") {
    return { deployment, held: asCreated(wanted) };
  }
  // The answer shows the deployment as it was created; whether it still stands, only a read tells.
  const now = await look(client, deployment.id, ageOf(deployment, date) ?? Number.POSITIVE_INFINITY);
  if (now === undefined) {
    return novelty === "unproven" ? { deployment, held: asCreated(wanted) } : undefined;
  }
  if (now.archived_at != null) {
    return undefined;
  }
  const createdAs = deployment.name ?? wanted.name;
  if ((now.name ?? createdAs) === createdAs) {
    return { deployment: now, held: ownedArguments(now, wanted) };
  }
  // Under another name than it was created with, it belongs to a resource that was renamed since.
  if (novelty === "unproven") {
    throw new QoderError(
      `the answer to the create names ${now.id}, which is called "${now.name}" now, and does not tell whether that one is new. If nothing manages it, set adopt: "${now.id}"; otherwise give this one another description`,
    );
  }
  return undefined;
}

// "Create a deployment": a new one is active.
function asCreated(wanted: Partial<Arguments>): Partial<Arguments> {
  return { ...wanted, paused: false };
}

/** "Errors": shortly after a create the API may still answer 404. */
async function look(client: QoderClient, id: string, ageMs: number): Promise<Deployment | undefined> {
  const start = performance.now();
  for (let tries = 1; ; tries += 1) {
    const found = await client.findDeployment(id);
    const isYoung = ageMs + performance.now() - start < youthMs;
    if (found !== undefined || (tries >= triesToSee && !isYoung)) {
      return found;
    }
    await client.pause(firstWaitMs * 2 ** Math.min(tries - 1, 2));
  }
}
