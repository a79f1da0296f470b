import { existsSync } from "node:fs";
import { planned } from "../../../command/import/what-to-import";
import { token, useImportWorld } from "./import-world";
import { deployment } from "./objects";

const world = useImportWorld();

/** What the service does in place of its answer to this path. */
type Answer = Omit<Parameters<typeof world.api.fault>[0], "path" | "method">;

function answers(path: string | RegExp, answer: Answer, skip = 0): void {
  world.api.fault({ times: 40, skip, ...answer, method: "GET", path });
}

function refuses(path: string, status: number, skip = 0): void {
  answers(path, { kind: "status", status, body: { error: { type: "api_error", message: "No." } } }, skip);
}

const endless = (path: string) =>
  answers(path, { kind: "replace-body", transform: (page) => ({ ...page, has_more: true, next_page: null }) });

/** From the first request for this path on, the time limit of 2 s is over. */
function slow(path: string | RegExp, ...selection: string[]): string[] {
  const transform = (reply: object) => {
    world.clock.pass(2_000);
    return reply;
  };
  answers(path, { kind: "replace-body", transform, times: 1 });
  return [...selection, "--timeout", "2s"];
}

const megabytes = (count: number) => [{ type: "user.message", content: "x".repeat(count * 1024 * 1024) }];
const bearer = { type: "static_bearer", mcp_server_url: "https://mcp.example.com", token: "tok-9f2c" };
const overTime =
  "got no answer: the time limit of 2 s for the whole operation was reached. Run the same command again with more time \\(--timeout TIME, such as 10m\\)";
const unlisted = (noun: string, form: string, reason: string) =>
  `^Not all ${noun}s were read: ${reason}. Those that were read are imported; give the others by their ids \\(${form}\\)\n`;
const nothing = "There is nothing to import: .* No file was written\n";
const noEnd = "was answered with 200, but has_more is true, .*";

/** Two vaults with a credential each. */
function credentials(arrange: (first: string) => void): string[] {
  const vaults = ["first", "second"].map((name) => world.vault(name));
  vaults.map((id) => world.credential(id, bearer));
  arrange(vaults[0] ?? "");
  return ["--all", "--kind", "vault,credential"];
}
const [ofFirst, ofSecond] = ["credential of first", "credential of second"];

interface Row {
  /** Creates the objects, changes the answers, and returns the selection. */
  readonly arrange: () => readonly string[];
  /** Standard error, with names in place of ids. */
  readonly says: string;
  /** The names of the imported objects. */
  readonly imports: readonly string[];
}

const rows: Readonly<Record<string, Row>> = {
  "an id that the token cannot see, an archived deployment, and one that this version cannot express": {
    arrange() {
      const [kept, old, odd] = ["kept", "old", "odd"].map((name) => world.create(name));
      world.api.deployments.archive(old ?? "");
      world.api.deployments.overwrite(odd ?? "", { resources: [{ type: "volume", volume_id: "vol_1" }] });
      return [kept ?? "", old ?? "", odd ?? "", "dep_none"];
    },
    says: '^Skipped: old "old_archived_\\d+"\n {2}was archived at 20.* and cannot be restored\nSkipped: dep_none\n {2}this token sees no such deployment;.*\nSkipped: odd "odd"\n {2}resources\\[0\\].type: is not one of github_repository.*\n$',
    imports: ["kept"],
  },
  ...Object.fromEntries(
    (["agent", "environment"] as const).map((noun): [string, Row] => [
      `an archived ${noun} that is given by its id`,
      {
        arrange() {
          const id = world.create("old", {}, noun);
          world.api[`${noun}s`].archive(id);
          return [id];
        },
        says: `^Skipped: old ".*"\n {2}was archived at 20.* and cannot be restored\n${nothing}`,
        imports: [],
      },
    ]),
  ),
  "an archived vault, an archived credential and an unknown one": {
    arrange() {
      const [kept, gone] = [world.vault("kept"), world.vault("gone")];
      const archived = world.credential(kept, bearer, "archived");
      world.api.vaults.archive(gone);
      world.api.credentials.archive(archived.split("/")[1] ?? "");
      return [kept, gone, archived, `${kept}/vcred_none`];
    },
    says: '^Skipped: gone "gone"\n {2}was archived at 20.*\nSkipped: archived "mcp.example.com"\n {2}was archived at 20.*\nSkipped: kept/vcred_none\n {2}this token sees no such vault credential;',
    imports: ["kept"],
  },
  "a credential of an unknown type": {
    arrange() {
      const tracker = world.vault("tracker");
      world.credential(tracker, { type: "passkey", key: "x" }, "odd");
      world.credential(tracker, bearer, "known");
      return ["--all", "--kind", "vault,credential"];
    },
    says: "^Skipped: odd.*\n {2}auth.type: is not one of static_bearer, mcp_oauth, environment_variable",
    imports: ["tracker", "known"],
  },
  "a selection without an object": {
    arrange: () => ["--all", "--kind", "deployment"],
    says: `^${nothing}`,
    imports: [],
  },
  "an unknown agent of --agent": {
    arrange() {
      world.create("daily");
      return ["--agent", "agent_none", "--kind", "agent,deployment"];
    },
    says: `^Skipped: agent_none\n {2}this token sees no such agent.*\n${nothing}`,
    imports: [],
  },
  "a later page of a list that is refused": {
    arrange() {
      Array.from({ length: 101 }, (_, index) => world.create(`e${index}`, {}, "environment"));
      refuses("/environments", 400, 1);
      return ["--all"];
    },
    says: "^Read 25 [^]*Not all environments were read: GET /environments was answered with 400 [^\n]*\n$",
    imports: Array.from({ length: 100 }, (_, index) => `e${index + 1}`),
  },
  "all lists, if all are refused": {
    arrange() {
      answers(/./, { kind: "status", status: 403, body: "No." });
      return ["--all"];
    },
    says: "^pulumi-qoder import failed: GET /environments was answered with 403: No .* Check that the token [^\n]*\n$",
    imports: [],
  },
  "everything, if the token is refused, because every list would refuse it": {
    arrange() {
      world.create("daily");
      refuses("/vaults", 401);
      return ["--all"];
    },
    says: "^pulumi-qoder import failed: GET /vaults was answered with 401 ",
    imports: [],
  },
  ...Object.fromEntries(
    [403, 500].map((status): [string, Row] => [
      `an object that is given by its id and answered with ${status}`,
      {
        arrange() {
          const [refused, kept] = [world.create("refused"), world.create("kept")];
          refuses(`/deployments/${refused}`, status);
          return [refused, kept];
        },
        says: `^Skipped: refused\n {2}GET /deployments/refused was answered with ${status} .*\n$`,
        imports: ["kept"],
      },
    ]),
  ),
  "a list whose answer is no list": {
    arrange() {
      world.create("cloud", {}, "environment");
      answers("/skills", { kind: "status", status: 200, body: "<html>" });
      return ["--all"];
    },
    says: "^Not all skills were read: GET /skills was answered with 200, but its body is not JSON: ",
    imports: ["cloud"],
  },
  "the rest of a list whose pages repeat": {
    arrange() {
      ["first", "second"].map((name) => world.create(name));
      let newest: object | undefined;
      const transform = (page: Readonly<Record<string, unknown>>) => {
        newest ??= { ...page, has_more: true, next_page: page["last_id"] };
        return newest;
      };
      answers("/deployments", { kind: "replace-body", transform });
      return ["--all", "--kind", "deployment"];
    },
    says: `${unlisted("deployment", "dep_...", "GET /deployments was answered with 200, but has_more is true, and the page leads to no other objects")}$`,
    imports: ["first", "second"],
  },
  "an empty list without an end": {
    arrange() {
      endless("/deployments");
      return ["--all", "--kind", "deployment"];
    },
    says: `failed: GET /deployments ${noEnd}`,
    imports: [],
  },
  "the credentials of one vault, if their list has no end": {
    arrange: () => credentials((first) => endless(`/vaults/${first}/credentials`)),
    says: `${unlisted("vault credential", "vault_.../vcred_...", `GET /vaults/first/credentials ${noEnd}`)}$`,
    imports: ["first", "second", ofFirst, ofSecond],
  },
  "vaults and their credentials, if the list of vaults has no end": {
    arrange: () => credentials(() => endless("/vaults")),
    says: `${unlisted("vault", "vault_...", `GET /vaults ${noEnd}`)}Not all vault credentials were read: GET /vaults ${noEnd}\n$`,
    imports: ["first", "second", ofFirst, ofSecond],
  },
  "the credentials of a vault that was deleted meanwhile": {
    arrange: () => credentials((first) => refuses(`/vaults/${first}/credentials`, 404)),
    says: "^Not all vault credentials were read: GET .* was answered with 404",
    imports: ["first", "second", ofSecond],
  },
  "all from an object on that is too large for one reply, in a list": {
    arrange() {
      const [, large] = ["first", "large", "last"].map((name) => world.create(name));
      world.api.deployments.overwrite(large ?? "", { initial_events: megabytes(9) });
      return ["--all", "--kind", "deployment"];
    },
    says: "^Not all .* its body has more than 8 MB",
    imports: ["last"],
  },
  "an object that is too large for one reply, by its id": {
    arrange() {
      const ids = ["first", "large", "last"].map((name) => world.create(name));
      world.api.deployments.overwrite(ids[1] ?? "", { initial_events: megabytes(9) });
      return ids;
    },
    says: "^Skipped: large\n {2}.* its body has more than 8 MB",
    imports: ["first", "last"],
  },
  "a kind whose list was not answered in time": {
    arrange() {
      world.createOne();
      return slow("/deployments", "--all");
    },
    says: `${unlisted("deployment", "dep_...", `GET /deployments ${overTime}`)}$`,
    imports: ["cloud", "reporter"],
  },
  "the ids that were not answered in time": {
    arrange() {
      const ids = ["quick", "slow", "last"].map((name) => world.create(name));
      return slow(`/deployments/${ids[1]}`, ...ids);
    },
    says: `^Skipped: slow\n {2}GET /deployments/slow ${overTime}\nSkipped: last\n {2}GET /deployments/slow ${overTime}\n$`,
    imports: ["quick"],
  },
  "everything, if nothing was read in time": {
    arrange() {
      world.create("daily");
      return slow(/./, "--all");
    },
    says: `^pulumi-qoder import failed: GET /environments ${overTime}\n$`,
    imports: [],
  },
};

test.each(Object.entries(rows))(
  "the command names %s, imports the others and exits with 1",
  async (_, { arrange, says, imports }) => {
    const { status, stderr } = await world.into(...arrange());
    expect(world.inWords(stderr)).toMatch(new RegExp(says));
    expect(existsSync(world.out) ? world.importedIds().map((id) => world.inWords(id)) : []).toEqual(imports);
    expect(status).toBe(1);
  },
);

test.each([
  ["environments", "environment", 400],
  ["skills", "skill", 501],
  ["files", "file", 404],
  ["agents", "agent", 403],
  ["vaults", "vault", 503],
  ["memory_stores", "memory store", 429],
  ["deployments", "deployment", 500],
] as const)(
  "if the list of %s is refused, the command imports the other kinds and says with which --kind it skips the list of the %s (%d)",
  async (collection, noun, answered) => {
    world.createEach();
    refuses(`/${collection}`, answered);
    const { status, stderr } = await world.into("--all");
    const kinds = ["environment", "skill", "file", "agent", "vault", "credential", "memory-store", "deployment"];
    const left = collection === "vaults" ? ["vault", "credential"] : [noun.replace(" ", "-")];
    expect(stderr).toMatch(
      new RegExp(
        `^Not all ${noun}s were read: GET /${collection} was answered with ${answered} .*\n[^]*To leave out what cannot be read, run the command with --kind ${kinds.filter((kind) => !left.includes(kind)).join(",")}\n$`,
      ),
    );
    expect(stderr.includes("Not all vault credentials were read: GET /vaults")).toBe(collection === "vaults");
    const others = ["environments", "skills", "files", "agents", "vaults", "memory_stores", "deployments"];
    expect(world.importedIds().map((id) => world.inWords(id))).toEqual(others.filter((one) => one !== collection));
    expect(status).toBe(1);
  },
);

test("if the list of agents is refused, the deployments keep the ids of their agents and the versions that run", async () => {
  const { agent } = world.createOne();
  world.api.agents.bumpVersion(agent);
  refuses("/agents", 403);
  await world.into("--all", "--kind", "agent,environment,deployment");
  expect(world.program()).toContain(`  agent: { id: "${agent}", version: 1 },\n  environmentId: cloud.id,\n`);
});

test("a deployment that is on two pages is imported once", async () => {
  const ids = ["first", "second"].map((name) => world.create(name));
  const newest = { has_more: true, last_id: ids[1] ?? "", next_page: null };
  answers("/deployments", { kind: "replace-body", transform: (page) => ({ ...page, ...newest }), times: 1 });
  expect(await world.into("--all", "--kind", "deployment")).toMatchObject({ status: 0, stderr: "" });
  expect(world.importedIds()).toEqual(ids);
});

test("the command reads smaller pages if the deployments of a page are too large for one reply", async () => {
  const ids = ["first", "second", "third"].map((name) => world.create(name, { initial_events: megabytes(3) }));
  expect(await world.into("--all", "--kind", "deployment")).toMatchObject({ status: 0, stderr: "" });
  expect(world.importedIds()).toEqual(ids);
  expect(world.api.requests.map(({ query }) => query["limit"])).toEqual(["100", "10", "1", "1", "1"]);
});

test("the error hides the token if the answer repeats it", async () => {
  answers(/./, { kind: "status", status: 200, contentType: "text/plain", body: `authorization: Bearer ${token}` });
  const { status, stderr } = await world.printed("--all");
  expect(status).toBe(1);
  expect(stderr).toContain("its body is not JSON: authorization: Bearer [secret]");
  expect(stderr).not.toContain(token);
});

test.each<[Readonly<Record<string, unknown>>, string]>([
  [
    { resources: [{ type: "volume", volume_id: "vol_1" }] },
    "resources[0].type: is not one of github_repository, git_repository, file, memory_store",
  ],
  [{ environment_variables: "QODER_HOME=/x" }, "is reserved by Qoder"],
  [{ initial_events: undefined }, "initialEvents: is missing"],
  [{ agent: undefined }, "agent: is missing"],
  [
    {
      initial_events: [{ type: "user.message", content: [{ type: "text", text: "a", cache_control: { type: "x" } }] }],
    },
    "initialEvents[0].content[0].cacheControl: is not known here; known are type, text",
  ],
])("a deployment with %j is left out with the place and the reason, and leaves its name to others", (more, reason) => {
  const { taken, leftOut } = planned([deployment({ id: "dep_1", ...more }), deployment({ id: "dep_2" })]);
  expect(leftOut).toMatchObject([{ id: "dep_1", reasons: [expect.stringContaining(reason)] }]);
  expect(taken.map(({ object: { id }, names }) => [id, names.resource])).toEqual([["dep_2", "daily"]]);
});
