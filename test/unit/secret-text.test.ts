import { secretIn, secretOfFile } from "../../provider/resource/state/leaked-secrets";

const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
const pem = (kind: string, line = "MIIEpAIBAAKCAQEA") => `-----BEGIN ${kind}-----\n${line}\n-----END ${kind}-----\n`;

test.each<[string, string]>([
  [`ghp_${letters}`, "a GitHub token"],
  [`https://x:ghs_${letters}@github.com/org/repo`, "a GitHub token"],
  ["glpat-abcdefghij0123456789", "a GitLab token"],
  [`sk-${letters}`, "an API key (sk-)"],
  [`OPENAI_API_KEY=sk-proj-${letters}`, "an API key (sk-)"],
  ["sk_live_0123456789abcdef", "a Stripe key"],
  ["AKIAIOSFODNN7EXAMPLE", "an AWS access key"],
  [`AIza${letters.slice(0, 35)}`, "a Google API key"],
  ["xoxb-123456789012-123456789012-abcdefABCDEF", "a Slack token"],
  [`npm_${letters}`, "an npm token"],
  [`hf_${"aBcDe".repeat(7).slice(1)}`, "a Hugging Face token"],
  [pem("PRIVATE KEY"), "a private key"],
  [pem("OPENSSH PRIVATE KEY").replaceAll("\n", "\\n"), "a private key"],
  [pem("PGP PRIVATE KEY BLOCK", "Version: 1\n\nlQdGBF"), "a private key"],
  ["pt-0123456789abcdef0123", "a Qoder access token"],
  ["//registry.npmjs.org/:_authToken=0123-4567-89ab", "a token for a registry"],
  ['always-auth=true\n_auth = "dXNlcjpwYXNz"', "a token for a registry"],
])("a text with %j contains what looks like %s", (text, what) => {
  expect(secretIn(text)).toBe(what);
});

test.each([
  "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
  "sk-your-openai-api-key-goes-here-0000",
  "sk-estimator-doc-link sk-toggleable__label-arrow",
  "desk-abcdefghijklmnopqrstuvwxyz",
  "refuse a diff with `-----BEGIN RSA PRIVATE KEY-----` in it",
  "-----BEGIN PRIVATE KEY-----\nis how such a file begins.",
  "-----BEGIN CERTIFICATE-----\nMIIEpAIBAAKCAQEA\n-----END CERTIFICATE-----\n",
  `//registry.npmjs.org/:_authToken=\${NPM_TOKEN}`,
  "file_01a21d90ee3071ab807836e0cfc7181a agent_01a21d90ee3071ab807836e0cfc7181a",
  "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  "hf_hub_download",
])("a text with %j contains no secret", (text) => {
  expect(secretIn(text)).toBeUndefined();
});

test("a text of a megabyte that begins many secrets and ends none is examined", () => {
  for (const part of ["sk-", "-----BEGIN PRIVATE KEY-----\n", "a: b\n", "xoxb-", "_auth = ", "a1-"]) {
    expect(() => secretIn(part.repeat(Math.ceil(1_000_000 / part.length)))).not.toThrow();
  }
});

const empty = Buffer.from("");
test.each([".env", "a/.env", ".env.local", "deploy/.env.production", "id_rsa", ".ssh/id_ed25519", ".netrc", "a/.ENV"])(
  "the file %s is a file for secrets whatever it contains",
  (path) => {
    expect(secretOfFile(path, empty)).toBe("is a file for secrets");
  },
);

test.each([".env.example", "id_rsa.pub", ".envrc", "cert.pem", ".npmrc"])(
  "the empty file %s is no file for secrets",
  (path) => {
    expect(secretOfFile(path, empty)).toBeUndefined();
  },
);

test("a file is read as text unless it has a NUL byte", () => {
  expect(secretOfFile("key.pem", Buffer.from(pem("PRIVATE KEY")))).toBe("contains what looks like a private key");
  expect(secretOfFile("notes.md", Buffer.from(`ä ghp_${letters}`))).toBe("contains what looks like a GitHub token");
  expect(secretOfFile("a.bin", Buffer.from(`\0ghp_${letters}`))).toBeUndefined();
});
