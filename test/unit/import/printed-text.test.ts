import { useImportWorld } from "./import-world";

const world = useImportWorld();

/** Colours, a window title, right-to-left text, a line end, and a colour tag of the Pulumi CLI. */
const hostile = "a\u001b[31m\u009b31m\u0007\u007f\u202eb\u2066c\u2028d<{%reset%}>";
const raw = /(?!\n)[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]|<\{%/u;

test.each<[string, (id: string) => unknown, string]>([
  [
    "the name of a left-out deployment",
    (id) => world.api.deployments.overwrite(id, { name: hostile, resources: [{ type: hostile }] }),
    '"a\\u001b[31m\\u009b31m\\u0007\\u007f\\u202eb\\u2066c\\u2028d<{\\u0025reset\\u0025}>"',
  ],
  [
    "an id and a reason",
    (id) => {
      world.api.deployments.overwrite(id, { archived_at: `${hostile}\r\nSkipped: dep_1` });
      const transform = (reply: object) => ({ ...reply, id: `dep_1${hostile}` });
      world.api.fault({ kind: "replace-body", method: "GET", transform });
    },
    "Skipped: ",
  ],
  [
    "the server's error message",
    () => {
      const body = { error: { type: "invalid_request_error", message: hostile } };
      world.api.fault({ kind: "status", status: 400, body });
    },
    "400 invalid_request_error: a [31m",
  ],
])("the terminal shows %s without control characters and extra lines", async (_, arrange, text) => {
  const id = world.create("odd");
  arrange(id);
  const { stderr } = await world.printed(id);
  expect(stderr).not.toMatch(raw);
  expect(stderr).toContain(text);
  expect(stderr.match(/^Skipped/gm)).toHaveLength(1);
});

test("without --out the command names the option that writes files, and prints both with escaped names of the same meaning", async () => {
  world.create(hostile, { description: hostile, metadata: { [hostile]: hostile } });
  const { stdout, stderr } = await world.printed("--all", "--kind", "deployment");
  expect(stdout).not.toMatch(raw);
  expect(stderr).toBe("Printed 1 deployment. Add --out FOLDER to have the two files written\n");
  const [, file = ""] = stdout.split("// ---------- import.json ----------\n");
  expect(JSON.parse(file).resources[0].inputs).toMatchObject({ name: hostile, description: hostile });
});
