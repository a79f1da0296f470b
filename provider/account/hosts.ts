import { QoderAccountError } from "../api/errors";

export const defaultBaseUrl = "https://api.qoder.com/api/v1/cloud";
/** "Conventions: overview": all paths of the API begin with it. */
const apiPath = new URL(defaultBaseUrl).pathname;
const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Returns a valid URL unchanged, and throws for any other text. For messages `what` is the name of the setting and `usual`
 * its default.
 */
export function checkedUrl(text: string, what: string, usual: string): string {
  if (!URL.canParse(text)) {
    // The text before an @ may contain a password.
    const shown = text.includes("@") ? "" : ` "${text}"`;
    throw new QoderAccountError(`${what}${shown} is not a URL; the default is ${usual}`);
  }
  const url = new URL(text);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new QoderAccountError(`${what} must hold neither a user, a query nor a fragment`);
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback.test(url.hostname))) {
    throw new QoderAccountError(`${what} ${url.origin} is not https; the token would travel in the clear`);
  }
  return text;
}

/** The probable reason why a server does not know the paths of the API; undefined if the base URL has the usual path. */
export function missingPath(baseUrl: string): string | undefined {
  return new URL(baseUrl).pathname.includes(apiPath)
    ? undefined
    : `Let qoder:baseUrl end with ${apiPath}: ${baseUrl} lacks this path`;
}

/** The hosts of each edition. "Authentication": a key is valid in one edition only. */
const editions = [
  { name: "global", api: "api.qoder.com", exchange: "openapi.qoder.sh" },
  { name: "China", api: "api.qoder.com.cn", exchange: "openapi.qoder.com.cn" },
] as const;

export const exchangeVariable = "QODER_OPENAPI_BASE_URL";

/**
 * The URL at which the key of a service account is exchanged: in the edition of the API, so that the other edition never
 * receives the key.
 */
export function exchangeUrl(baseUrl: string, given: string | undefined): string {
  const { hostname, origin } = new URL(baseUrl);
  const edition = editions.find(({ api, exchange }) => hostname === api || hostname === exchange);
  const named = edition === undefined ? undefined : `https://${edition.exchange}`;
  // An emulator of the API on this machine also answers the exchange.
  const usual = named ?? (loopback.test(hostname) ? origin : undefined);
  if (given === undefined && usual === undefined) {
    throw new QoderAccountError(
      `the base URL ${origin} does not say where to exchange the key of a service account: set ${exchangeVariable} to ${editions.map(({ name, exchange }) => `https://${exchange} (${name} edition)`).join(" or ")}`,
    );
  }
  const chosen = new URL(checkedUrl(given ?? usual ?? "", exchangeVariable, `https://${editions[0].exchange}`));
  const other = editions.find(({ api, exchange }) => chosen.hostname === api || chosen.hostname === exchange);
  if (edition !== undefined && other !== undefined && other !== edition) {
    throw new QoderAccountError(
      `${exchangeVariable} (${other.name}) and the base URL ${origin} (${edition.name}) belong to different editions, and a key is valid in one. Unset ${exchangeVariable}, or set qoder:baseUrl`,
    );
  }
  return `${chosen.href.replace(/\/+$/, "")}/api/v1`;
}
