import { isObject } from "./parse";
import { wholeSeconds } from "./timestamps";
import type { JsonObject, VaultCredential } from "./wire";

/** The result of a validation. */
export type Verdict = "valid" | "invalid" | "unknown";

const HOUR_MILLISECONDS = 60 * 60 * 1000;

/**
 * "Validate a credential": `mcp_probe` is the failed step, and `refresh` the following exchange of the refresh token. The
 * service renews an expired token if the credential has a refresh token; `renewal` has the new members.
 */
export function credentialValidation(
  { id, vault_id, auth }: VaultCredential,
  now: Date,
  expected: Verdict | undefined,
): { answer: JsonObject; renewal: JsonObject } {
  const hasRefreshToken = isObject(auth["refresh"]) && auth["refresh"]["refresh_token"] !== undefined;
  const isOver = Date.parse(String(auth["expires_at"])) <= now.getTime();
  const status = expected ?? (isOver && !hasRefreshToken ? "invalid" : "valid");
  const isRenewed = status === "valid" && isOver && hasRefreshToken;
  const answer = {
    credential_id: id,
    vault_id,
    type: "vault_credential_validation",
    status,
    validated_at: wholeSeconds(now),
    has_refresh_token: hasRefreshToken,
    refresh: isRenewed ? { status: "succeeded", http_response: json(200, {}) } : failedRefresh(status, hasRefreshToken),
    mcp_probe: failedProbe(status),
  };
  const renewal = {
    access_token: `renewed at ${now.toISOString()}`,
    expires_at: wholeSeconds(new Date(now.getTime() + HOUR_MILLISECONDS)),
  };
  return { answer, renewal: isRenewed ? renewal : {} };
}

function failedRefresh(status: Verdict, hasRefreshToken: boolean): JsonObject | null {
  if (status !== "invalid") return null;
  if (!hasRefreshToken) return { status: "no_refresh_token", http_response: null };
  return { status: "failed", http_response: json(400, { error: "invalid_grant" }) };
}

function failedProbe(status: Verdict): JsonObject | null {
  if (status === "valid") return null;
  const http_response = status === "invalid" ? json(401, { error: "invalid_token" }) : json(503, {});
  return { method: "initialize", http_response };
}

function json(status_code: number, body: JsonObject): JsonObject {
  return { status_code, content_type: "application/json", body: JSON.stringify(body), body_truncated: false };
}
