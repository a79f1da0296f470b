import { type Fields, type Lab, useLab } from "./lab";

/** Bodies of creates, whose secrets no reply may show, and as `SHOWN_…` the replies to them. */
export const SERVER = "https://example.com/mcp-stream";
export const METADATA = { metadata: { team: "docs" } };
export const BEARER = { type: "static_bearer", mcp_server_url: SERVER, token: "s3cret-token" };
export const SHOWN_REFRESH = {
  client_id: "oauth-client-id",
  token_endpoint: "https://auth.example.com/oauth/token",
  token_endpoint_auth: { type: "client_secret_basic" },
  resource: "https://mcp.example.com/mcp",
  scope: "mcp.read mcp.write",
};
export const REFRESH = {
  ...SHOWN_REFRESH,
  refresh_token: "s3cret-refresh",
  token_endpoint_auth: { type: "client_secret_basic", client_secret: "s3cret-client" },
};
export const SHOWN_OAUTH = { type: "mcp_oauth", mcp_server_url: SERVER, expires_at: "2026-08-16T08:00:00Z" };
export const OAUTH = { ...SHOWN_OAUTH, access_token: "s3cret-access" };
export const FULL_OAUTH = { ...OAUTH, refresh: REFRESH };
export const VARIABLE = { type: "environment_variable", secret_name: "API_KEY", secret_value: "s3cret-value" };
export const HOSTS = { networking: { type: "limited", allowed_hosts: ["b.example.com", "a.example.com"] } };
export const PLACES = { injection_location: { header: true, body: false } };

/** A new stand-in with an empty vault for each test of the file. */
export class CredentialLab {
  vault = "";

  constructor(readonly lab: Lab) {}

  path(id?: string): string {
    return `/vaults/${this.vault}/credentials${id === undefined ? "" : `/${id}`}`;
  }

  create(auth: Fields, fields: Fields = {}) {
    return this.lab.post(this.path(), { auth, ...fields });
  }

  /** Creates a credential and returns its id. */
  async made(auth: Fields, fields?: Fields): Promise<string> {
    const answer = await this.create(auth, fields);
    expect(answer).toMatchObject({ status: 200 });
    return String(answer.body.id);
  }

  update(id: string, body: Fields) {
    return this.lab.post(this.path(id), body);
  }
}

export function useCredentialLab(): CredentialLab {
  const inside = new CredentialLab(useLab());
  beforeEach(() => {
    inside.vault = inside.lab.api.vaults.create().id;
  });
  return inside;
}
