import { accessSync, constants, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const pipeline = resolve(__dirname, "..", "..", "examples", "pipeline");

function workflowsOf(project: string) {
  const folder = join(project, ".github", "workflows");
  return readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")] as const);
}
const workflows = workflowsOf(resolve(__dirname, "..", ".."));
const copied = workflowsOf(pipeline);

test.each([...workflows, ...copied])("%s pins each action by a commit, with the version in a comment", (_, text) => {
  const used = [...text.matchAll(/uses: (.*)/g)].map(([, action]) => action);
  expect(used.length).toBeGreaterThan(0);
  for (const action of used) {
    expect(action).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  }
});

test.each(workflows)("%s has read permission only, unless a job says otherwise", (_, text) => {
  expect(text).toContain("\npermissions:\n  contents: read\n\n");
});

test("all workflows use the same version of an action", () => {
  const used = [...workflows, ...copied].flatMap(([, text]) => [...text.matchAll(/uses: ([\w/-]+)@(.*)/g)]);
  const versions = new Map(used.map(([, action, version]) => [action, version]));
  expect(used.map(([, action, version]) => [action, version])).toEqual(
    used.map(([, action]) => [action, versions.get(action)]),
  );
});

test("a release publishes the package and its stand-in, each with its provenance", () => {
  const published = workflows.flatMap(([, text]) => [...text.matchAll(/run: (npm publish.*)/g)].map(([, one]) => one));
  expect(published).toEqual([
    "npm publish --provenance --access public",
    "npm publish ./stand-in --provenance --access public",
  ]);
});

test.each(copied)(
  "%s of the example runs existing scripts, and has read permission only, unless a job says otherwise",
  (_, text) => {
    const commands = [...text.matchAll(/\brun: (\S+)/g)].map(([, command = ""]) => command);
    const scripts = new Set(commands.filter((command) => command !== "npm"));
    expect(scripts.size).toBeGreaterThan(0);
    for (const script of scripts) {
      accessSync(join(pipeline, script), constants.X_OK);
      expect(readFileSync(join(pipeline, script), "utf8")).toMatch(/^#!.*bash\n(#.*\n)+set -euo pipefail\n/);
    }
    expect(text).toContain("\npermissions:\n  contents: read\n\n");
  },
);
