import type { QoderClient } from "../api/client";
import { QoderApiError, QoderError } from "../api/errors";
import { deploymentKind } from "../deployment/kind";
import { servicePause } from "../deployment/paused";
import { type Deployment, deploymentSchema } from "../deployment/reply";
import { findWhenSettled } from "../resource/gone";
import { type Answer, Objects } from "../resource/objects";
import { toldOutputs } from "../resource/outputs";

interface Shown extends Pick<Answer, "date"> {
  readonly deployment: Deployment;
}

/** The deployment that is to run, as the service shows it now. One that would start nothing is refused. */
export async function activeDeployment(client: QoderClient, id: string): Promise<Shown> {
  const { object, date } = await shownDeployment(client, id);
  const deployment = deploymentSchema.parse(object);
  const { archived_at: archivedAt, status } = deployment;
  if (archivedAt != null) {
    throw new QoderError(
      `${id} was archived at ${archivedAt}, which is for ever, and an archived deployment starts no run; give deploymentId the id of another one`,
    );
  }
  if (status !== "paused") {
    return { deployment, date };
  }
  const reason = servicePause(toldOutputs(deploymentKind, deployment));
  throw new QoderError(
    reason === undefined
      ? `${id} is paused, and a paused deployment starts no run; unpause it (paused: false, or at Qoder), then run \`pulumi up\` again`
      : `the service paused ${id} ${reason}, and a paused deployment starts no run; mend what the reason names and unpause it at Qoder, then run \`pulumi up\` again`,
  );
}

async function shownDeployment(client: QoderClient, id: string): Promise<Answer> {
  const deployments = new Objects(client, deploymentKind);
  try {
    return await deployments.ask(id);
  } catch (error) {
    if (!(error instanceof QoderApiError && error.isNotFound)) {
      throw error;
    }
  }
  // The same `up` may have created it a moment ago.
  if ((await findWhenSettled(deployments, id, undefined)) === undefined) {
    throw new QoderError(
      `there is no deployment ${id} that this token can see; check deploymentId, the account and the workspace`,
    );
  }
  return deployments.ask(id);
}
