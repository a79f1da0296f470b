import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../support/engine-world";

/** A folder of its own, because another demo may run on this machine. */
const temporary = mkdtempSync(join(tmpdir(), "pulumi-qoder-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

function startDemo() {
  const { FORCE_COLOR: _, ...inherited } = process.env;
  const environment = { ...inherited, TMPDIR: temporary, TEMP: temporary, TMP: temporary };
  const child = spawn(process.execPath, [join(repository, "tools", "first-run.cjs"), "demo"], {
    cwd: repository,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const seen: { text: string; resolve: () => void }[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const { text: wanted, resolve } of seen) {
        if (output.includes(wanted)) {
          resolve();
        }
      }
    });
  }
  const shows = (text: string) => new Promise<void>((resolve) => seen.push({ text, resolve }));
  return { child, shows, ended: once(child, "exit"), output: () => output };
}

const leftovers = () => [
  ...readdirSync(temporary).filter((name) => name.startsWith("pulumi-qoder-demo-")),
  ...readdirSync(repository).filter((name) => name.startsWith("Pulumi.")),
];

/** The requests of each step without ids and bodies of creates, sorted because a step sends several at once. */
function requestsByStep(output: string): string[][] {
  const [, ...steps] = output.split(/^── \d\/\d ──/m);
  return steps.map((step) =>
    [...step.matchAll(/^→ (.*)$/gm)]
      .map(([, line = ""]) => line.replace(/(dep|agent|env|skill)_\w+/g, "ID").replace(/^(POST \/\w+) .*/, "$1"))
      .filter((line) => line !== "no request")
      .sort(),
  );
}

test("the demo runs the example from preview to archive with the CLI, the language host and Pulumi.yaml", async () => {
  const before = leftovers();
  const demo = startDemo();
  expect(await demo.ended).toEqual([0, null]);
  const output = demo.output();
  expect(output).toContain('~ name    : "daily-report" => "daily-report-v2"');
  expect(output).toContain('~ expression: "0 9 * * *" => "30 9 * * 1-5"');
  expect(requestsByStep(output)).toEqual([
    [],
    ["POST /agents", "POST /deployments", "POST /environments", "POST /skills"],
    [],
    [
      'POST /deployments/ID {"name":"daily-report-v2","schedule":{"type":"cron","expression":"30 9 * * 1-5","timezone":"Asia/Shanghai"}}',
    ],
    [
      'POST /agents/ID {"system":"You write short status reports, in English.","version":1}',
      'POST /deployments/ID {"agent":{"id":"ID","type":"agent","version":2}}',
    ],
    ["GET /agents/ID", "GET /deployments/ID", "GET /environments/ID", "GET /skills/ID"],
    [],
    [
      "DELETE /skills/ID",
      "GET /agents",
      "GET /deployments",
      "POST /agents/ID/archive",
      "POST /deployments/ID/archive",
      "POST /environments/ID/archive",
    ],
  ]);
  expect(output).toMatch(/archived as daily-report-v2_archived_\d+/);
  expect(leftovers()).toEqual(before);
  expect(before).toContain("Pulumi.yaml");
});

test("Ctrl-C in the middle of the demo ends it, and leaves no file behind", async () => {
  const before = leftovers();
  const demo = startDemo();
  await demo.shows("── 2/8 ──");
  demo.child.kill("SIGINT");
  const [code, signal] = await demo.ended;
  expect(code === 0 && signal === null).toBe(false);
  expect(demo.output()).not.toContain("── 4/8 ──");
  expect(leftovers()).toEqual(before);
});
