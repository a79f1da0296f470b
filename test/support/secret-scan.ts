import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The secrets that no file, output or log may hold, by their owners. */
export const secrets = {
  pat: "pt-secret-30c1aa",
  github: "ghp_secret_1f9e77",
  git: "gl_secret_88ab31",
  label: "label-secret-5512",
  variable: "variable-secret-9034",
  mcp: "mcp-secret-77d0e1",
  refresh: "refresh-secret-41b9",
};

export function filesBelow(folder: string): { readonly name: string; readonly text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ name: entry.name, text: readFileSync(join(entry.parentPath, entry.name), "latin1") }));
}

export function holdersOf(texts: readonly { readonly name: string; readonly text: string }[]): string[] {
  return texts.flatMap(({ name, text }) =>
    Object.entries(secrets)
      .filter(([, secret]) => text.includes(secret))
      .map(([secretName]) => `${secretName} in ${name}`),
  );
}
