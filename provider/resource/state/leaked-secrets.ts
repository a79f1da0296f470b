/**
 * What secrets look like, by the rules of gitleaks 8 (config/gitleaks.toml). The lengths here are lower bounds, because providers change
 * theirs. The last two rows are the access token of Qoder ("Authentication") and the token in a .npmrc (npm docs, "npmrc").
 */
const patterns: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{30,}/g, "a GitHub token"],
  [/\bglpat-[\w-]{20,}/g, "a GitLab token"],
  [/\bsk-(?=[\w-]{20})(?=[\w-]{0,40}?[A-Za-z0-9]{16})[\w-]+/g, "an API key (sk-)"],
  [/\b[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,}/g, "a Stripe key"],
  [/\b(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}\b/g, "an AWS access key"],
  [/\bAIza[\w-]{35}/g, "a Google API key"],
  [/\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bxapp-\d-[A-Za-z0-9-]{10,}/g, "a Slack token"],
  [/hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9+/]{40,}/g, "a Slack webhook"],
  [/\bnpm_[A-Za-z0-9]{36}/g, "an npm token"],
  [/\bpypi-[\w-]{50,}/g, "a PyPI token"],
  [/\bhf_[A-Za-z]{34}/g, "a Hugging Face token"],
  // A line of base64 follows, which a text about keys does not have.
  [
    /-----BEGIN[ A-Z]{1,40}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[nr])*(?:[A-Za-z-]+: .*[\r\n]+)*[A-Za-z0-9+/=]{3,}(?:[\r\n]|\\[nr]|-----|$)/g,
    "a private key",
  ],
  [/\bpt-(?=[\w-]*\d)[A-Za-z0-9]{20,}/g, "a Qoder access token"],
  [/(?<=(?:^|[:\s])_(?:authToken|password|auth)[ \t]*=[ \t]*"?)[^\s"'${}<>]{8,}/gm, "a token for a registry"],
];

/** Words and characters in place of a secret in documentation: `sk-your-key`, `ghp_xxxxxxxx`. */
const placeholder = /x{8}|\*{4}|\.{3}|your[-_]|placeholder/i;

/** What secret the text appears to contain, such as "a GitHub token"; undefined if it appears to contain none. */
export function secretIn(text: string): string | undefined {
  return patterns.find(([pattern]) => (text.match(pattern) ?? []).some((found) => !placeholder.test(found)))?.[1];
}

/** Files whose only purpose is to hold secrets; not `.env.example` and not `id_rsa.pub`. */
const secretFile =
  /(?:^|\/)(?:\.env(?:\.(?!(?:.*\.)?(?:example|sample|template|dist|defaults?)$)[^/]*)?|id_(?:rsa|dsa|ecdsa|ed25519)|\.netrc|\.pgpass|\.git-credentials)$/i;

/** Why a file probably contains a secret, in words that follow its name; undefined if it appears to contain none. */
export function secretOfFile(path: string, bytes: Uint8Array): string | undefined {
  if (secretFile.test(path)) {
    return "is a file for secrets";
  }
  const what = bytes.includes(0) ? undefined : secretIn(Buffer.from(bytes).toString("latin1"));
  return what === undefined ? undefined : `contains what looks like ${what}`;
}
