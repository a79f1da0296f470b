import { isNotFound, reasonOf } from "../api/errors";
import { warning } from "../api/remark";
import type { OwnRequest } from "../resource/kind/kind";
import { type BaseReply, creationTime } from "../resource/kind/outputs";
import type { Service } from "../resource/kind/uploads";
import { untilVisible } from "../resource/read/not-visible-yet";
import { settle } from "../resource/write/settle";
import { holdsAfterUp } from "./holds";
import { pauseOf } from "./paused";
import { type Deployment, deploymentSchema } from "./reply";

/** "Pause a deployment": the status changes by requests of its own. */
export const pauseRequest: OwnRequest<{ readonly paused: boolean }> = {
  argument: "paused",
  // "Create a deployment": a new deployment is active.
  whenCreated: { paused: false },
  action({ arguments: applied, outputs }, { paused: wanted }, isAgain = false) {
    const by = pauseOf(outputs);
    // If a program adds `paused`, that alone must not change a pause by the service. A pause by hand becomes the program's: see `held`.
    const before = applied.paused ?? (wanted === true ? by === "by the service" : by === "by hand");
    if (wanted === undefined || (wanted === before && !isAgain)) {
      return undefined;
    }
    return wanted ? "pause" : "unpause";
  },
  async send(service, id, action, { createdAt }) {
    const missing = (reply: Deployment) => notDone(action, reply);
    const { done, isOwn } = await settle(service.client, () => service.act(id, action, missing), {
      async look(client, failed) {
        const shown = service.within(client);
        return isNotFound(failed)
          ? untilVisible(client, failed, () => shown.find(id), creationTime(createdAt))
          : shown.get(id);
      },
      isDone: (now): now is BaseReply => now !== undefined && now.archived_at == null && missing(now) === undefined,
      // The deployment was so new that the request did not see it.
      mayRepeat: (now, failed) => now !== undefined && isNotFound(failed),
      whether: `the ${action} of ${id} was done`,
    });
    return held(service, action, done, isOwn);
  },
};

/** The reason why the reply does not show the wanted status; undefined if it shows the status. */
export function notDone(action: string, { status }: Deployment): string | undefined {
  const wanted = action === "pause" ? "paused" : "active";
  return status === wanted ? undefined : `it shows the status ${JSON.stringify(status ?? null)} instead of ${wanted}`;
}

/** Writes or removes the hold of the program. A hold that is not written is no failure of the pause itself. */
async function held(service: Service, action: string, now: BaseReply, isOwn: boolean): Promise<BaseReply> {
  const { client } = service;
  const metadata = holdsAfterUp(action, deploymentSchema.parse(now), isOwn, client.serviceNow() ?? client.now());
  return metadata === undefined
    ? now
    : service.update(now.id, { metadata }).catch(async (error: unknown) => {
        const text = "did not take the mark by which `pulumi-qoder resume` knows whether a program stops it";
        await client.remark(warning(`${text}: ${reasonOf(error)}`));
        return now;
      });
}
