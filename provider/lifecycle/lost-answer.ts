import type { CreatedDeployment, QoderClient } from "../api/client";
import {
  isServerFailure,
  QoderApiError,
  QoderConnectionError,
  QoderError,
  QoderReplyError,
  reasonOf,
} from "../api/errors";
import type { JsonObject, ListedDeployment } from "../api/schema";

const mostTries = 3;
const firstWaitMs = 500;

interface Created extends CreatedDeployment {
  /** The service proved that it knew the key before. */
  readonly remembered: boolean;
}

/** Sends the create, and where an answer is lost once more, but only if that cannot make a second deployment. */
export async function createDespiteLostAnswers(client: QoderClient, body: JsonObject, key: string): Promise<Created> {
  let remembered = false;
  let lost: QoderError | undefined;
  for (let tries = 1; ; tries += 1) {
    try {
      return { ...(await client.createDeployment(body, key)), remembered };
    } catch (error) {
      if (isConflict(error)) {
        throw await explained(client, body, error, lost);
      }
      if (!mayHaveActed(error) || tries >= mostTries) {
        throw error;
      }
      lost = error;
      await client.pause(firstWaitMs * 2 ** (tries - 1));
      remembered = await assureRepeatable(client, body, key, error);
    }
  }
}

function isConflict(error: unknown): error is QoderApiError {
  return error instanceof QoderApiError && error.status === 409;
}

function mayHaveActed(error: unknown): error is QoderError {
  if (error instanceof QoderConnectionError) {
    return error.sent;
  }
  if (error instanceof QoderApiError) {
    return isServerFailure(error);
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
    throw new QoderError(
      `${lost.message}. Whether it created the deployment is open, as looking for it failed too: ${reasonOf(error)}. Run the same command again, it goes on from what is there`,
    );
  });
  if (found === undefined) {
    return false;
  }
  if (await remembersKey(client, key)) {
    return true;
  }
  throw perhapsCreated(lost, found);
}

function perhapsCreated(lost: QoderError, found: ListedDeployment): QoderError {
  return new QoderError(
    `${lost.message}. A deployment of this name stands, ${identified(found)}: if it is this one, set adopt: "${found.id}" and run \`pulumi up\` again; if it is another's, choose another name`,
  );
}

function identified({ id, created_at: createdAt }: ListedDeployment): string {
  return createdAt == null ? id : `${id}, created ${createdAt}`;
}

// "Conventions: idempotency": a key that is used again with another body is refused with 409. An empty body can create
// nothing (400), so the question is free of effects.
async function remembersKey(client: QoderClient, key: string): Promise<boolean> {
  try {
    await client.createDeployment({}, key);
  } catch (error) {
    return isConflict(error);
  }
  return false;
}

/** A conflict may have other reasons than the name: it is explained by a deployment that has the name, if there is one. */
async function explained(
  client: QoderClient,
  body: JsonObject,
  refused: QoderApiError,
  lost: QoderError | undefined,
): Promise<QoderError> {
  const isOfName = refused.param === undefined || refused.param === "name";
  const found = isOfName ? await liveByName(client, body).catch(() => undefined) : undefined;
  if (found === undefined) {
    return refused;
  }
  return lost === undefined
    ? new QoderError(
        `${refused.message}. The name is taken by ${identified(found)}: if another stack or person manages that one, choose another name, such as name: \`${found.name}-\${pulumi.getStack()}\`; to manage it here and nowhere else, set adopt: "${found.id}"; if it is this resource under another Pulumi name, give it aliases: [{ name: "the old one" }]`,
      )
    : perhapsCreated(lost, found);
}

async function liveByName(client: QoderClient, body: JsonObject): Promise<ListedDeployment | undefined> {
  for await (const deployment of client.listDeployments()) {
    if (deployment.name === body["name"] && deployment.archived_at == null) {
      return deployment;
    }
  }
  return undefined;
}
