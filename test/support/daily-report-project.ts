import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const repository = resolve(__dirname, "..", "..");

/**
 * Copies the repository's own project into the folder: Pulumi writes the configuration of a stack beside Pulumi.yaml, and tests
 * must leave no files in the repository.
 */
export function projectIn(folder: string): string {
  const project = join(folder, "project");
  mkdirSync(project);
  const main = /^main: (.+)$/m;
  const text = readFileSync(join(repository, "Pulumi.yaml"), "utf8");
  const absolute = text.replace(main, (_, file: string) => `main: ${JSON.stringify(join(repository, file))}`);
  writeFileSync(join(project, "Pulumi.yaml"), absolute);
  return project;
}
