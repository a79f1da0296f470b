import { createHash } from "node:crypto";
import { z } from "zod";
import { ApiError, unauthorized } from "./errors";
import { parseBody } from "./parse";
import type { Service } from "./service";
import type { JsonObject } from "./wire";

/** "Authentication": the exchange is on a host of its own, not below the API. */
export const EXCHANGE_PATH = "/api/v1/serviceToken/exchange";

const LONGEST_LIFE_SECONDS = 43_200;
const DEFAULT_LIFE_SECONDS = 3_600;
const SECOND_MILLISECONDS = 1_000;

/** The scope that a token needs for this API. */
const MANAGED_SCOPE = "qca.access";

const exchangeSchema = z.strictObject({
  grant_type: z.literal("client_credentials"),
  audience: z.literal("qoder"),
  scope: z.string().min(1, "must not be empty"),
  ttl_seconds: z.int().min(1).max(LONGEST_LIFE_SECONDS).default(DEFAULT_LIFE_SECONDS),
});

export interface ServiceAccount {
  readonly id: string;
  readonly key: string;
  /** The account whose objects the service account may use. */
  readonly account: string;
}

interface ServiceToken {
  readonly serviceAccount: ServiceAccount;
  readonly scopes: readonly string[];
  readonly endsAt: number;
}

/** The service accounts, which only the console creates, and their tokens. */
export class ServiceAccounts {
  readonly #all = new Map<string, ServiceAccount & { isRevoked: boolean }>();
  readonly #tokens = new Map<string, ServiceToken>();

  constructor(private readonly service: Service) {}

  create(account: string, key?: string): ServiceAccount {
    const id = this.service.makeId("sa");
    const made = { id, key: key ?? `sk-${id}`, account };
    this.#all.set(id, { ...made, isRevoked: false });
    return made;
  }

  revoke(id: string): void {
    this.#require(id).isRevoked = true;
  }

  endTokens(id: string): void {
    this.#require(id);
    for (const [text, token] of this.#tokens) if (token.serviceAccount.id === id) this.#tokens.delete(text);
  }

  /** "Authentication": the key is in the place of a token. The answer has `expires_in` and `expires_at`. */
  exchange(key: string | undefined, body: unknown): JsonObject {
    const { switches, clock } = this.service;
    const serviceAccount = [...this.#all.values()].find((one) => one.key === key && !one.isRevoked);
    if (serviceAccount === undefined) throw unauthorized();
    const { scope, ttl_seconds } = parseBody(exchangeSchema, body, switches);
    const now = clock().getTime();
    const endsAt = now + ttl_seconds * SECOND_MILLISECONDS;
    const access_token = this.#jwt(serviceAccount, { scope, iat: seconds(now), exp: seconds(endsAt) });
    this.#tokens.set(access_token, { serviceAccount, scopes: scope.split(" "), endsAt });
    return {
      access_token,
      token_type: "Bearer",
      expires_in: ttl_seconds,
      expires_at: new Date(endsAt).toISOString(),
    };
  }

  /** The account of the token; undefined for an unknown or expired token. */
  accountOf(text: string): string | undefined {
    const token = this.#tokens.get(text);
    if (token === undefined || token.endsAt <= this.service.clock().getTime()) return undefined;
    return token.serviceAccount.account;
  }

  /** "Errors": the service answers 403 if the scope of a token does not include the operation. */
  refuseForeignScope(text: string): void {
    const scopes = this.#tokens.get(text)?.scopes ?? [MANAGED_SCOPE];
    if (!scopes.includes(MANAGED_SCOPE)) throw new ApiError(403, `The token lacks the scope ${MANAGED_SCOPE}.`);
  }

  #jwt({ id }: ServiceAccount, claims: JsonObject): string {
    const parts = [
      { alg: "RS256", typ: "JWT" },
      { sub: id, jti: this.service.makeId("sat"), ...claims },
    ];
    const unsigned = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    return `${unsigned}.${createHash("sha256").update(unsigned).digest("base64url")}`;
  }

  #require(id: string): ServiceAccount & { isRevoked: boolean } {
    const found = this.#all.get(id);
    if (found === undefined) throw new Error(`there is no ${id}`);
    return found;
  }
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / SECOND_MILLISECONDS);
}
