import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { useImportWorld } from "./import-world";

const world = useImportWorld();

/** Colours, a window title, right-to-left text, a line end, and a colour tag of the Pulumi CLI. */
const hostile = "a\u001b[31m\u009b31m\u0007\u007f\u202eb\u2066c\u2028d<{%reset%}>";
const raw = /(?!\n)[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]|<\{%/u;

test("the terminal shows the name of a left-out deployment escaped", async () => {
  const id = world.create("odd");
  world.api.deployments.overwrite(id, { name: hostile, resources: [{ type: hostile }] });
  const { stderr } = await world.printed(id);
  expect(stderr).not.toMatch(raw);
  expect(stderr).toContain('"a\\u001b[31m\\u009b31m\\u0007\\u007f\\u202eb\\u2066c\\u2028d<{\\u0025reset\\u0025}>"');
});

test("the terminal shows an id and a reason with control characters escaped, without extra lines", async () => {
  const id = world.create("odd");
  world.api.deployments.overwrite(id, { archived_at: `${hostile}\r\nSkipped: dep_1` });
  const transform = (reply: object) => ({ ...reply, id: `dep_1${hostile}` });
  world.api.fault({ kind: "replace-body", method: "GET", transform });
  const { stderr } = await world.printed(id);
  expect(stderr).not.toMatch(raw);
  expect(stderr.match(/^Skipped/gm)).toHaveLength(1);
});

test("the terminal shows the server's error message without control characters", async () => {
  const body = { error: { type: "invalid_request_error", message: hostile } };
  world.api.fault({ kind: "status", status: 400, body });
  const { stderr } = await world.printed("--all");
  expect(stderr).toContain("400 invalid_request_error: a [31m");
  expect(stderr).not.toMatch(raw);
});

test("the printed files show names escaped, with the same meaning", async () => {
  world.create(hostile, { description: hostile });
  const { stdout } = await world.printed("--all", "--kind", "deployment");
  expect(stdout).not.toMatch(raw);
  const [, file = ""] = stdout.split("// ---------- import.json ----------\n");
  expect(JSON.parse(file).resources[0].inputs).toMatchObject({ name: hostile, description: hostile });
});

test("a pipe that closes after the first lines of an import gets no stack trace, and the command exits with 0", async () => {
  for (let count = 0; count < 300; count += 1) {
    world.create(`report ${count}`);
  }
  const command = resolve(__dirname, "../../../dist/command/main.js");
  const env = { ...process.env, ...world.environment };
  const child = spawn(process.execPath, [command, "import", "--all", "--kind", "deployment"], { env });
  let complaints = "";
  child.stderr.on("data", (text) => {
    complaints += text;
  });
  child.stdout.once("data", () => child.stdout.destroy());
  const [status] = await once(child, "close");
  expect(complaints).toContain("Printed 300 deployments");
  expect(complaints).not.toContain("EPIPE");
  expect(status).toBe(0);
});
