import type { DeploymentAnswer, QoderClient } from "../api/client";
import { QoderError } from "../api/errors";
import type { Deployment } from "../api/schema";
import type { Arguments } from "../fields";
import { createBody } from "../patch";
import { ownedArguments, shownArguments } from "../state";
import { adopt } from "./adopt";
import { ageOf, creationTime, durationText, isAsYoungAs, isProvenNew } from "./age";
import { findWhenSettled } from "./gone";
import { idempotencyKey } from "./idempotency";
import type { Holder, KnownDeployments } from "./known-deployments";
import { createDespiteLostAnswers } from "./lost-answer";
import { PartialFailure } from "./partial-failure";

/** How often a declaration may be destroyed and created again while the service remembers the keys (24 hours). */
const mostLives = 50;
/** So long an interrupted `up` may lie back. What an older answer tells of may belong to another stack by now. */
const longestInterruptionMs = 60 * 60 * 1_000;

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
 * Creates the deployment, or goes on with the one that an interrupted earlier try of the same declaration created. One request
 * when nothing goes wrong, and a read where the answer may repeat an earlier one. What is in `known` cannot be new.
 */
export async function create(
  client: QoderClient,
  { wanted, origin, self, isReplacement }: Declaration,
  known: KnownDeployments,
): Promise<Obtained> {
  const adopted =
    wanted.adopt === undefined ? undefined : await adopt(client, wanted.adopt, self, isReplacement, known);
  if (adopted !== undefined) {
    return { deployment: adopted, held: shownArguments(adopted, wanted) };
  }
  const start = client.now();
  const body = createBody(wanted);
  for (let life = 0; life < mostLives; life += 1) {
    const created = await createDespiteLostAnswers(
      client,
      body,
      idempotencyKey(origin, body, life, client.workspaceId),
    );
    if ("found" in created) {
      return { deployment: created.found, held: ownedArguments(created.found, wanted) };
    }
    const { answer } = created;
    const { id } = answer.deployment;
    if (known.holder(id) !== undefined || known.isReleased(id)) {
      // Another resource of the stack was declared like this one before, and manages it; or it was destroyed just now.
      continue;
    }
    if (isProvenNew(answer, client.now())) {
      return { deployment: answer.deployment, held: asCreated(wanted) };
    }
    const standing = await lookAt(client, answer, wanted, start);
    if (standing !== undefined) {
      await tellOrRefuse(client, answer, start);
      return { deployment: standing, held: ownedArguments(standing, wanted) };
    }
  }
  throw new QoderError(
    `this declaration was created and archived ${mostLives} times within a day; the service still remembers each of them. Change its description, or wait`,
  );
}

// "Create a deployment": a new one is active.
function asCreated(wanted: Partial<Arguments>): Partial<Arguments> {
  return { ...wanted, paused: false };
}

/**
 * The answer may show a deployment as it was created long ago; whether it still stands, only a read tells. Undefined when it
 * does not, or has another name by now: then it belongs to a resource that was renamed since.
 */
async function lookAt(
  client: QoderClient,
  answer: DeploymentAnswer,
  wanted: Partial<Arguments>,
  start: number,
): Promise<Deployment | undefined> {
  const { id, name: createdAs = wanted.name, created_at: createdAt } = answer.deployment;
  const now = await find(client, id, creationTime(id, createdAt)).catch((error: unknown) => {
    // It was created, by this request or an earlier one: the state must know.
    throw new PartialFailure(answer.deployment, error, asCreated(wanted));
  });
  const age = ageOf(answer, client.now());
  const mayBeNew = age === undefined || isAsYoungAs(age, client.now() - start);
  if (now === undefined && mayBeNew) {
    return answer.deployment;
  }
  if (now === undefined || now.archived_at != null) {
    return undefined;
  }
  if ((now.name ?? createdAs) === createdAs) {
    return now;
  }
  if (mayBeNew) {
    throw new QoderError(
      `the answer to the create names ${id}, which is called "${now.name}" now, and does not tell whether that one is new. If nothing manages it, set adopt: "${id}"; otherwise give this one another description`,
    );
  }
  return undefined;
}

async function find(client: QoderClient, id: string, createdAt: number | undefined): Promise<Deployment | undefined> {
  return (await client.findDeployment(id)) ?? (await findWhenSettled(client, id, createdAt));
}

async function tellOrRefuse(client: QoderClient, answer: DeploymentAnswer, start: number): Promise<void> {
  const { id } = answer.deployment;
  const age = ageOf(answer, client.now());
  if (age !== undefined && age > longestInterruptionMs) {
    throw new QoderError(
      `the service answered the create with ${id}, which it created ${durationText(age)} ago for a declaration like this one, perhaps in another stack. If nothing else manages it, set adopt: "${id}"; otherwise give this one another name or description`,
    );
  }
  if (!isAsYoungAs(age, client.now() - start)) {
    const time = age === undefined ? "" : `, created ${durationText(age)} ago`;
    await client.remark(`goes on with ${id}${time} by an earlier up of this declaration`);
  }
}
