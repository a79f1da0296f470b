import type { Properties } from "../support/provider";
import { kinds } from ".";
import { environment } from "./environment";
import type { KindRow } from "./kind-row";
import { vaultCredential } from "./vault-credential";

const bearer = { type: "static_bearer", mcpServerUrl: "https://mcp.example.com", token: "mcp-one" };
const variable = { type: "environment_variable", secretName: "API_KEY", secretValue: "value-one" };
const refresh = {
  clientId: "a",
  refreshToken: "one",
  tokenEndpoint: "https://login.example.com/token",
  tokenEndpointAuth: { type: "none" },
};
const oauth = { type: "mcp_oauth", mcpServerUrl: bearer.mcpServerUrl, accessToken: "access-one", refresh };

/** Each argument, and each member of one, whose change replaces an object. */
export const replacing: readonly { kind: KindRow; place: string; before: Properties; after: Properties }[] = [
  ...kinds.flatMap((kind) =>
    Object.entries(kind.replacing ?? {}).map(
      ([
        place,
        {
          value,
          others: [other],
        },
      ]) => ({
        kind,
        place,
        before: { [place]: value },
        after: { [place]: other },
      }),
    ),
  ),
  {
    kind: environment,
    place: "config.type",
    before: { config: { type: "cloud", networking: { type: "unrestricted" } } },
    after: { config: { type: "self_hosted" } },
  },
  ...(
    [
      ["auth.type", bearer, variable],
      ["auth.mcpServerUrl", bearer, { ...bearer, mcpServerUrl: "https://other.example.com" }],
      ["auth.secretName", variable, { ...variable, secretName: "OTHER_KEY" }],
      ["auth.refresh", oauth, { ...oauth, refresh: undefined }],
      ["auth.refresh.clientId", oauth, { ...oauth, refresh: { ...refresh, clientId: "b" } }],
      [
        "auth.refresh.tokenEndpoint",
        oauth,
        { ...oauth, refresh: { ...refresh, tokenEndpoint: "https://login.example.com/other" } },
      ],
      ["auth.refresh.resource", oauth, { ...oauth, refresh: { ...refresh, resource: "https://mcp.example.com" } }],
    ] as const
  ).map(([place, before, after]) => ({
    kind: vaultCredential,
    place,
    before: { auth: before },
    after: { auth: after },
  })),
];
