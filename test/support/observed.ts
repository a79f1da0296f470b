import type { QoderApi } from "../qoder-api";

/** The requests since the last call: method, path and body. */
export function takeRequests(api: QoderApi): unknown[] {
  const lines = api.requests.map(({ method, path, body }) =>
    body === undefined ? [method, path] : [method, path, body],
  );
  api.clearRequests();
  return lines;
}

export function onlyLive(api: QoderApi) {
  const [deployment, ...others] = api.deployments.live();
  if (deployment === undefined || others.length > 0) {
    throw new Error(`expected one live deployment, found ${others.length + (deployment === undefined ? 0 : 1)}`);
  }
  return deployment;
}
