import type { QoderApi } from "../qoder-api";

type Ending = Parameters<QoderApi["sessions"]["end"]>[1];

/** Ends the session of each run, or of so many, as soon as the run is there. */
export function endAtStart(
  api: QoderApi,
  ending: (session: string) => Ending = () => ({}),
  { path = /\/run$/, times = Number.POSITIVE_INFINITY }: { path?: string | RegExp; times?: number } = {},
): void {
  api.fault({
    ...{ kind: "replace-body", method: "POST", path, times },
    transform(run) {
      const session = String(run["session_id"]);
      api.sessions.end(session, ending(session));
      return run;
    },
  });
}

/** Ends each working session when `up` reads it. */
export function endWhenRead(api: QoderApi, ending: (deploymentName: string) => Ending): void {
  api.fault({
    kind: "replace-body",
    method: "GET",
    path: /^\/sessions\/sess_\w+$/,
    times: Number.POSITIVE_INFINITY,
    transform(session) {
      const { id, status, deployment_id } = session;
      const name = api.deployments.all().find((one) => one.id === deployment_id)?.name ?? "";
      return status === "running" ? api.sessions.end(String(id), ending(name)) : session;
    },
  });
}
