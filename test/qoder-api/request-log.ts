import type { RecordedRequest } from "./exchange";
import { CONTENT_PATH } from "./files";
import { isObject } from "./parse";

/** The secret members of bodies. */
const SECRET_MEMBERS = [
  ...["access_token", "authorization_token", "client_secret", "environment_variables", "password"],
  ...["refresh_token", "secret_value", "token"],
];
const SECRET_PARAMETER = /token|secret|password|authorization|key/i;
const CUT = "***";

/** One request in one line: time, method, path, status, size of the body, and duration. */
export function logLine(record: RecordedRequest, tookMs: number): string {
  const { method, at, size, status } = record;
  const answer = status === undefined ? "cut" : String(status);
  const line = `${at.toISOString()} ${method} ${target(record)} ${answer} ${size} B ${Math.round(tookMs)} ms`;
  return escaped(secretsOf(record).reduce((text, secret) => text.replaceAll(secret, CUT), line));
}

/** The line without characters that act on a terminal: paths and queries are whatever a client sends. */
function escaped(line: string): string {
  return line.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, encodeURIComponent);
}

function target({ path, query }: RecordedRequest): string {
  // The link to a content is a secret: it needs no token.
  const shown = path.startsWith(CONTENT_PATH) ? `${CONTENT_PATH}${CUT}` : path;
  const parameters = Object.entries(query).map(
    ([name, value]) => `${name}=${SECRET_PARAMETER.test(name) ? CUT : value}`,
  );
  return parameters.length === 0 ? shown : `${shown}?${parameters.join("&")}`;
}

/** The secrets of a request, plain and encoded: a client may put them into a path or query by mistake. */
function secretsOf({ token, headers, body }: RecordedRequest): string[] {
  const secrets = [token, headers["authorization"], headers["x-api-key"], ...secretMembers(body)];
  const texts = secrets.flatMap((secret) => (secret ? [secret, encodeURIComponent(secret)] : []));
  return texts.sort((one, other) => other.length - one.length);
}

function secretMembers(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(secretMembers);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    SECRET_MEMBERS.includes(name) && typeof member === "string" ? [member] : secretMembers(member),
  );
}
