import type { QoderApi } from "../qoder-api";

/** The requests since the last call: method, path and body. */
export function takeRequests(api: QoderApi): unknown[] {
  const lines = api.requests.map(({ method, path, body }) =>
    body === undefined ? [method, path] : [method, path, body],
  );
  api.clearRequests();
  return lines;
}
