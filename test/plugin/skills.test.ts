import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Ledger } from "../../provider/resource/engine/ledger";
import { file, fileOf } from "../kinds/file";
import { folderOf, skill, skillOf } from "../kinds/skill";
import { PluginCalls } from "../support/plugin-calls";
import { reviewFiles, skillMd } from "../support/skill-folder";
import { struct } from "../support/struct";
import { doors, type Properties, type SimulatedStack, textsOf, useDoor, World } from "../support/world";

const world = World.ofTests(skill);

const files = { ...reviewFiles, "SKILL.md": skillMd("daily") };
/** The files as the service keeps them. */
const contents = Object.fromEntries(Object.entries(files).map(([path, text]) => [path.replace("*", ""), text]));
const changed = { ...files, "scripts/run.sh*": "#!/bin/sh\necho twice\n" };

/** A skill of an earlier `up`, its path, and the path of its versions. */
async function existing(
  more: Properties = {},
): Promise<{ stack: SimulatedStack; id: string; path: string; versions: string }> {
  const stack = world.stack();
  await stack.up({ ...skillOf(files), ...more });
  const { id } = world.live;
  world.sent();
  const path = `/skills/${id}`;
  return { stack, id, path, versions: `${path}/versions` };
}

const heldBy = (id: string) =>
  Object.fromEntries(Object.entries(world.api.skills.files(id)).map(([path, content]) => [path, String(content)]));
const newest = (id: string) => String(world.api.skills.versions(id)[0]?.version);
const lookOf = (id: string) => [
  ["GET", `/skills/${id}`],
  ["GET", `/skills/${id}/versions/${newest(id)}/content`],
];

const source = () => ({
  __command: { source: { path: join(folderOf(skillOf(files)), "SKILL.md"), problems: [], remarks: [] } },
});
const sources = [
  ["a file of a skill", "scripts/run.sh", skill, () => skillOf(files), "scripts/run.sh"],
  ["a file", "the file", file, () => ({ ...fileOf(skillMd("daily")), content: undefined, ...source() }), ""],
] as const;
const ways = ["changed", "vanished"] as const;
test.each(sources.flatMap(([what, ...row]) => ways.map((way) => [what, way, ...row] as const)))(
  "%s that %s after the program had hashed it makes `up` fail without an upload",
  async (_, way, told, kind, argsOf, member) => {
    const isThere = way === "changed";
    world.reset({}, kind);
    const args: Properties = argsOf();
    const stack = world.stackOf(kind, world.command({ kind }));
    await stack.preview(args);
    const path = join(folderOf(args), member);
    if (isThere) {
      writeFileSync(path, "rm -rf /");
    } else {
      rmSync(path);
    }
    const what = isThere ? "changed after the program had read it" : "cannot be read any more";
    expect(await stack.up(args).then(() => [], textsOf)).toEqual([
      expect.stringContaining(`${told} ${what}, so nothing was sent; run the same command again`),
    ]);
    expect(world.sent()).toEqual([]);
  },
);

test("few uploads at a time hold files in memory, also after others have ended", async () => {
  const ledger = new Ledger();
  let [working, most] = [0, 0];
  const work = async () => {
    working += 1;
    most = Math.max(most, working);
    await new Promise(setImmediate);
    working -= 1;
  };
  for (const count of [3, 12]) {
    await Promise.all(Array.from({ length: count }, () => ledger.inTurn(work)));
  }
  expect(most).toBe(4);
});

test("getSkill by name takes the only skill whose newest version has the name, and names two with their times", async () => {
  const transform = (page: object) => ({ ...page, data: world.api.skills.all() });
  world.api.fault({ kind: "replace-body", method: "GET", path: "/skills", transform, times: Number.POSITIVE_INFINITY });
  const { id } = world.api.skills.create({ name: "daily" });
  world.api.skills.create({ name: "nightly" });
  const request = new messages.InvokeRequest().setTok("qoder:index:getSkill").setArgs(struct({ name: "daily" }));
  const plugin = new PluginCalls();
  const settings = struct({ pat: "pt-test", baseUrl: world.api.url });
  await plugin.answer("configure", new messages.ConfigureRequest().setArgs(settings));
  const found = await plugin.answer<messages.InvokeResponse>("invoke", request);
  expect(found.getReturn()?.toJavaScript()).toMatchObject({ id, name: "daily" });
  const { id: second } = world.api.skills.create({ name: "daily" });
  const named = [id, second].map((one) => `${one} (created ${world.api.skills.get(one).created_at})`);
  await expect(plugin.answer("invoke", request)).rejects.toMatchObject({
    details: `getSkill({ name: "daily" }): 2 skills have this name: ${named.join(", ")}.\nGive the id of one`,
  });
});

test("a preview of a changed skill names each file that is new, changed or gone, and one of an unchanged skill none", async () => {
  const { stack } = await existing();
  world.output.length = 0;
  await stack.preview(skillOf(files));
  expect(world.output).toEqual([]);
  const others = Object.fromEntries(Object.entries(changed).filter(([path]) => path !== "__init__.py"));
  await stack.preview(skillOf({ ...others, "notes.md": "new" }));
  expect(world.output).toEqual([
    expect.stringMatching(/QoderSkill .*: files: - __init__\.py, \+ notes\.md, ~ scripts\/run\.sh \[skill-files\]$/),
  ]);
});

describe.each(doors)("a preview with qoder:verify, by the %s door", (door) => {
  beforeEach(() => useDoor(door));

  /** What the preview of these files prints of the skill with the others, and how often it asks for the version. */
  async function previewed(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) {
    const { stack, id } = await world.existing(skill, skillOf({ "SKILL.md": skillMd("daily"), ...before }));
    const provider = world.command({ config: { "qoder:verify": "true" } });
    await world.later(stack, provider).preview(skillOf({ "SKILL.md": skillMd("daily"), ...after }));
    await provider.end();
    const [, version] = lookOf(id);
    return { output: world.output, asked: world.sent().filter((sent) => String(sent) === String(version)).length };
  }

  test("shows the changed lines of each text file, and asks once", async () => {
    const { output, asked } = await previewed(
      { "a.md": "one\ntwo\nthree\n", "gone.md": "old\n", "same.md": "same" },
      { "a.md": "one\n2\nthree\nfour\n", "new.md": "new\n", "same.md": "same" },
    );
    const subject = 'QoderSkill "daily"';
    expect(output.map((line) => line.replace(/ \(.*?\)(?=:)/, ""))).toEqual([
      `${subject}: files: ~ a.md, - gone.md, + new.md [skill-files]`,
      `${subject}: a.md: the changed lines [skill-files]\n  - two\n  + 2\n  + four`,
      `${subject}: gone.md: the changed lines [skill-files]\n  - old`,
      `${subject}: new.md: the changed lines [skill-files]\n  + new`,
    ]);
    expect(asked).toBe(1);
  });

  test("shows at most 20 lines of a file, and none of a binary file", async () => {
    const { output } = await previewed(
      { "a.md": "", "b.bin": "\0one" },
      { "a.md": Array.from({ length: 25 }, (_, line) => `line ${line}`).join("\n"), "b.bin": "\0two" },
    );
    expect(output).toHaveLength(2);
    expect(output[1]?.split("\n")).toHaveLength(22);
    expect(output[1]).toMatch(/\n {2}\+ line 19\n {2}and 5 more lines$/);
  });

  test("shows no line of a file with a secret, before or after", async () => {
    const token = `ghp_${"a1B2".repeat(9)}`;
    const { output } = await previewed({ "a.md": `use ${token}`, ".env": "A=1" }, { "a.md": "use it", ".env": "A=2" });
    expect(output.join("\n")).not.toContain(token);
    expect(output.filter((line) => line.includes("its lines are not shown"))).toHaveLength(2);
    expect(output.join("\n")).not.toMatch(/A=|[+-] use it/);
  });

  test("says why the lines are missing if the service does not show the version", async () => {
    world.api.fault({ kind: "status", method: "GET", path: /content$/, status: 404, times: 99 });
    const { output } = await previewed({ "a.md": "one" }, { "a.md": "two" });
    expect(output.join("\n")).toMatch(/files: their changed lines are not shown: GET \/skills\/.* 404/);
  });
});

test.each(["reset-before", "reset-after"] as const)(
  "after a lost answer to a new version (%s) `up` looks, uploads what the service does not hold, and ends with one new version",
  async (kind) => {
    const { stack, id, path, versions } = await existing();
    world.api.fault({ kind, method: "POST", path: versions });
    await stack.up(skillOf(changed));
    expect(world.api.skills.versions(id)).toHaveLength(2);
    expect(heldBy(id)["scripts/run.sh"]).toContain("twice");
    const post = ["POST", versions, expect.anything()];
    expect(world.sent()).toEqual([post, ...(kind === "reset-after" ? lookOf(id) : [["GET", path], post])]);
    await stack.findsNoDifference(skillOf(changed));
  },
);

test.each(["reset-before", "reset-after"] as const)(
  "after an `up` that is killed at the upload of a version (%s), the next one sends the same request under the same key",
  async (kind) => {
    const { stack, id, versions } = await existing();
    const upload = ["POST", versions, expect.anything()];
    world.api.fault({ kind, method: "POST", path: versions });
    await expect(world.ending(stack).up(skillOf(changed))).rejects.toThrow("the process has ended");
    expect(world.api.skills.versions(id)).toHaveLength(kind === "reset-after" ? 2 : 1);
    await stack.up(skillOf(changed));
    expect(new Set(world.api.requests.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
    expect(world.sent()).toEqual([upload, upload]);
    await stack.findsNoDifference(skillOf(changed));
    world.sent();
    await stack.up(skillOf(files));
    expect(world.sent()).toEqual([upload]);
  },
);

test.each(["reset-before", "reset-after"] as const)(
  "after a lost answer to a create (%s) `up` reads the list, and the stack ends with one skill",
  async (kind) => {
    world.api.skills.create({ name: "daily", display_title: "daily" });
    world.passTime(60_000);
    world.api.fault({ kind, method: "POST", path: "/skills" });
    const stack = world.stack();
    const failed = await stack.up(skillOf(files)).then(() => undefined, String);
    if (kind === "reset-after") {
      expect(failed).toContain(`It may have made ${world.api.skills.all().at(-1)?.id}, created`);
      await stack.up(skillOf(files));
    }
    expect(world.api.skills.all()).toHaveLength(2);
    expect(heldBy(stack.state?.id ?? "")).toHaveProperty(["scripts/run.sh"]);
    await stack.findsNoDifference(skillOf(files));
  },
);

test("if two skills could be the one whose answer was lost, `up` takes neither, and the error names both", async () => {
  world.reset({ idempotencyKeysElsewhere: "ignore" });
  const other = { name: "daily", display_title: "daily", files: contents };
  world.api.fault({ kind: "reset-after", method: "POST", path: "/skills" });
  const stack = world.stack();
  world.api.skills.create(other);
  world.api.skills.create(other);
  const [text] = await stack.up(skillOf(files)).then(() => [], textsOf);
  const ids = world.api.skills.all().map(({ id }) => id);
  expect(ids.filter((id) => text?.includes(id)).length).toBeGreaterThanOrEqual(2);
  expect(world.sent()).toEqual([
    ["POST", "/skills", expect.objectContaining({ files: expect.anything() })],
    ["GET", "/skills"],
  ]);
});

test("a version that somebody else uploaded stays in the list of versions, a refresh shows it, and `up` adds one", async () => {
  const { stack, id, versions } = await existing();
  world.api.skills.addVersion(id, contents);
  expect(await stack.refresh()).toBe("update");
  world.sent();
  await stack.up(skillOf(files));
  expect(world.sent()).toEqual([["POST", versions, expect.anything()]]);
  expect(world.api.skills.versions(id)).toHaveLength(3);
  await stack.findsNoDifference(skillOf(files));
});

test.each([
  ["all versions", [files], 1],
  ["the newest version", [files, changed], 2],
])("`up` uploads a version again if somebody deleted %s", async (_, uploads, expected) => {
  const { stack, id } = await existing();
  for (const args of uploads.slice(1)) {
    await stack.up(skillOf(args));
  }
  const args = skillOf(uploads.at(-1) ?? files);
  for (let times = 0; times < 2; times += 1) {
    world.api.skills.removeVersion(id, newest(id));
    expect(await stack.refresh()).toBe("update");
    await stack.up(args);
    expect(world.api.skills.versions(id)).toHaveLength(expected);
    expect(stack.state?.outputs["latestVersion"]).toBe(newest(id));
    expect(await stack.preview(args)).toBe("same");
  }
});

test("an adoption uploads a new version only if the skill has other files", async () => {
  const { id } = world.api.skills.create({ name: "daily", files: contents });
  const stack = world.stack();
  await stack.up({ ...skillOf(files), adopt: id });
  expect(world.sent()).toEqual(lookOf(id));
  await stack.findsNoDifference(skillOf(files));
  const other = world.stack();
  world.api.skills.create({ name: "daily", id: "skill_other" });
  // A package that cannot be unpacked counts as other files.
  const body = { status: 200, contentType: "application/zip", body: "<html>" };
  world.api.fault({ kind: "status", method: "GET", path: /content$/, ...body, times: 9 });
  await other.up({ ...skillOf(files), adopt: "skill_other" });
  expect(world.api.skills.versions("skill_other")).toHaveLength(2);
});

test("a preview shows an upload with the names and sizes of its files", async () => {
  const { stack, id } = await existing();
  const { __command, ...args } = skillOf(changed);
  world.output.length = 0;
  await stack.preview({ ...args, __command: { ...Object(__command), isPreview: true, showRequests: true } });
  expect(world.output.join("\n")).toContain(
    `POST /skills/${id}/versions as a form {"files":"daily.zip: daily/SKILL.md (69 bytes), daily/__init__.py (0 bytes), daily/scripts/run.sh (21 bytes)"}`,
  );
  expect(world.sent()).toEqual([]);
});

test("an upload above 1 MB prints its size", async () => {
  const noise = randomBytes(1_500_000);
  await world.stack().up(skillOf({ ...files, "data.bin": noise }));
  expect(world.output).toEqual([expect.stringMatching(/^QoderSkill "daily": POST \/skills: uploads 1\.\d MB$/)]);
  expect(heldBy(world.live.id)).toHaveProperty(["data.bin"]);
});
