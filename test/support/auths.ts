/** What the credentials of a vault hold, as the API takes it: a token, a variable, and the consent of a person, which Qoder renews. */
export const bearer = { type: "static_bearer", mcp_server_url: "https://mcp.example.com", token: "tok-9f2c" };
export const variable = { type: "environment_variable", secret_name: "GITHUB_TOKEN", secret_value: "ghp-9f2c" };
export const consent = {
  type: "mcp_oauth",
  mcp_server_url: "https://mcp.calendar.example/v1",
  access_token: "at-9f2c",
  expires_at: "2026-11-25T00:00:00Z",
  refresh: {
    client_id: "client",
    refresh_token: "rt-9f2c",
    token_endpoint: "https://auth.calendar.example/token",
    token_endpoint_auth: { type: "client_secret_post", client_secret: "cs-9f2c" },
  },
};
