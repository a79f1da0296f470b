import { planned } from "../../../command/import/what-to-import";
import { bearer } from "../../support/auths";
import { useImportWorld } from "./import-world";
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

/** Creates the objects, changes the answers and returns the selection; standard error in words; the names of the imported objects. */
type Row = readonly [title: string, arrange: () => readonly string[], says: string, imports: readonly string[]];

const ofDeployments = ["--all", "--kind", "deployment"];
const archived = (id: string) => `Skipped: ${id}\n {2}was archived at 20.* and cannot be restored\n`;
const unseen = (id: string, noun: string) => `Skipped: ${id}\n {2}this token sees no such ${noun}`;

const rows: readonly Row[] = [
  [
    "an id that the token cannot see, an archived deployment, and one that this version cannot express",
    () => {
      const { kept, old, odd } = world.createAll("kept", "old", "odd");
      world.api.deployments.archive(old);
      world.api.deployments.overwrite(odd, { resources: [{ type: "volume", volume_id: "vol_1" }] });
      return [kept, old, odd, "dep_none"];
    },
    `^${archived('old "old_archived_\\d+"')}${unseen("dep_none", "deployment")};.*\nSkipped: odd "odd"\n {2}resources\\[0\\].type: is not one of github_repository.*\n$`,
    ["kept"],
  ],
  [
    "an archived environment and agent that are given by their ids",
    () =>
      (["environment", "agent"] as const).map((noun) => {
        const id = world.create("old", {}, noun);
        world.api[`${noun}s`].archive(id);
        return id;
      }),
    `^${archived('old ".*"').repeat(2)}${nothing}`,
    [],
  ],
  [
    "an archived vault, an archived credential and an unknown one",
    () => {
      const [kept, gone] = [world.vault("kept"), world.vault("gone")];
      const credential = world.credential(kept, bearer, "archived");
      world.api.vaults.archive(gone);
      world.api.credentials.archive(credential.split("/")[1] ?? "");
      return [kept, gone, credential, `${kept}/vcred_none`];
    },
    `^${archived('gone "gone"')}${archived('archived "mcp.example.com"')}${unseen("kept/vcred_none", "vault credential")};`,
    ["kept"],
  ],
  [
    "a credential of an unknown type",
    () => {
      const tracker = world.vault("tracker");
      world.credential(tracker, { type: "passkey", key: "x" }, "odd");
      world.credential(tracker, bearer, "known");
      return ["--all", "--kind", "vault,credential"];
    },
    "^Skipped: odd.*\n {2}auth.type: is not one of static_bearer, mcp_oauth, environment_variable",
    ["tracker", "known"],
  ],
  ["a selection without an object", () => ofDeployments, `^${nothing}`, []],
  [
    "an unknown agent of --agent",
    () => {
      world.create("daily");
      return ["--agent", "agent_none", "--kind", "agent,deployment"];
    },
    `^${unseen("agent_none", "agent")}.*\n${nothing}`,
    [],
  ],
  [
    "a later page of a list that is refused",
    () => {
      Array.from({ length: 101 }, (_, index) => world.create(`e${index}`, {}, "environment"));
      refuses("/environments", 400, 1);
      return ["--all"];
    },
    "^Read 25 [^]*Not all environments were read: GET /environments was answered with 400 [^\n]*\n$",
    Array.from({ length: 100 }, (_, index) => `e${index + 1}`),
  ],
  [
    "all lists, if all are refused",
    () => {
      answers(/./, { kind: "status", status: 403, body: "No." });
      return ["--all"];
    },
    "^pulumi-qoder import failed: GET /environments was answered with 403: No .* Check that the token [^\n]*\n$",
    [],
  ],
  [
    "everything, if the token is refused, because every list would refuse it",
    () => {
      world.create("daily");
      refuses("/vaults", 401);
      return ["--all"];
    },
    "^pulumi-qoder import failed: GET /vaults was answered with 401 ",
    [],
  ],
  ...[403, 500].map(
    (status): Row => [
      `an object that is given by its id and answered with ${status}`,
      () => {
        const { refused, kept } = world.createAll("refused", "kept");
        refuses(`/deployments/${refused}`, status);
        return [refused, kept];
      },
      `^Skipped: refused\n {2}GET /deployments/refused was answered with ${status} .*\n$`,
      ["kept"],
    ],
  ),
  [
    "a list whose answer is no list",
    () => {
      world.create("cloud", {}, "environment");
      answers("/skills", { kind: "status", status: 200, body: "<html>" });
      return ["--all"];
    },
    "^Not all skills were read: GET /skills was answered with 200, but its body is not JSON: ",
    ["cloud"],
  ],
  [
    "the rest of a list whose pages repeat",
    () => {
      world.createAll("first", "second");
      let newest: object | undefined;
      const transform = (page: Readonly<Record<string, unknown>>) => {
        newest ??= { ...page, has_more: true, next_page: page["last_id"] };
        return newest;
      };
      answers("/deployments", { kind: "replace-body", transform });
      return ofDeployments;
    },
    `${unlisted("deployment", "dep_...", "GET /deployments was answered with 200, but has_more is true, and the page leads to no other objects")}$`,
    ["first", "second"],
  ],
  [
    "an empty list without an end",
    () => {
      endless("/deployments");
      return ofDeployments;
    },
    `failed: GET /deployments ${noEnd}`,
    [],
  ],
  [
    "the credentials of one vault, if their list has no end",
    () => credentials((first) => endless(`/vaults/${first}/credentials`)),
    `${unlisted("vault credential", "vault_.../vcred_...", `GET /vaults/first/credentials ${noEnd}`)}$`,
    ["first", "second", ofFirst, ofSecond],
  ],
  [
    "vaults and their credentials, if the list of vaults has no end",
    () => credentials(() => endless("/vaults")),
    `${unlisted("vault", "vault_...", `GET /vaults ${noEnd}`)}Not all vault credentials were read: GET /vaults ${noEnd}\n$`,
    ["first", "second", ofFirst, ofSecond],
  ],
  [
    "the credentials of a vault that was deleted meanwhile",
    () => credentials((first) => refuses(`/vaults/${first}/credentials`, 404)),
    "^Not all vault credentials were read: GET .* was answered with 404",
    ["first", "second", ofSecond],
  ],
  [
    "all from an object on that is too large for one reply, in a list",
    () => {
      const { large } = world.createAll("first", "large", "last");
      world.api.deployments.overwrite(large, { initial_events: megabytes(9) });
      return ofDeployments;
    },
    "^Not all .* its body has more than 8 MB",
    ["last"],
  ],
  [
    "an object that is too large for one reply, by its id",
    () => {
      const ids = world.createAll("first", "large", "last");
      world.api.deployments.overwrite(ids.large, { initial_events: megabytes(9) });
      return Object.values(ids);
    },
    "^Skipped: large\n {2}.* its body has more than 8 MB",
    ["first", "last"],
  ],
  [
    "a kind whose list was not answered in time",
    () => {
      world.createOne();
      return slow("/deployments", "--all");
    },
    `${unlisted("deployment", "dep_...", `GET /deployments ${overTime}`)}$`,
    ["cloud", "reporter"],
  ],
  [
    "the ids that were not answered in time",
    () => {
      const ids = world.createAll("quick", "slow", "last");
      return slow(`/deployments/${ids.slow}`, ...Object.values(ids));
    },
    `^Skipped: slow\n {2}GET /deployments/slow ${overTime}\nSkipped: last\n {2}GET /deployments/slow ${overTime}\n$`,
    ["quick"],
  ],
  [
    "everything, if nothing was read in time",
    () => {
      world.create("daily");
      return slow(/./, "--all");
    },
    `^pulumi-qoder import failed: GET /environments ${overTime}\n$`,
    [],
  ],
];

test.each(rows)("the command names %s, imports the others and exits with 1", async (_, arrange, says, imports) => {
  const { status, stderr } = await world.into(...arrange());
  expect(world.inWords(stderr)).toMatch(new RegExp(says));
  expect(world.importedNames()).toEqual(imports);
  expect(status).toBe(1);
});

const refusals = [
  ["environments", 400],
  ["skills", 501],
  ["files", 404],
  ["agents", 403],
  ["vaults", 503],
  ["memory_stores", 429],
  ["deployments", 500],
] as const;
const kinds = ["environment", "skill", "file", "agent", "vault", "credential", "memory-store", "deployment"];

test.each(refusals)(
  "if the list of %s is refused with %d, the command imports the other kinds and says with which --kind it skips that list",
  async (list, answered) => {
    world.createEach();
    refuses(`/${list}`, answered);
    const { status, stderr } = await world.into("--all");
    const noun = list.slice(0, -1).replace("_", " ");
    const left = list === "vaults" ? ["vault", "credential"] : [noun.replace(" ", "-")];
    expect(stderr).toMatch(
      new RegExp(
        `^Not all ${noun}s were read: GET /${list} was answered with ${answered} .*\n[^]*To leave out what cannot be read, run the command with --kind ${kinds.filter((kind) => !left.includes(kind)).join(",")}\n$`,
      ),
    );
    expect(stderr.includes("Not all vault credentials were read: GET /vaults")).toBe(list === "vaults");
    expect(world.importedNames()).toEqual(refusals.map(([one]) => one).filter((one) => one !== list));
    expect(status).toBe(1);
  },
);

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

test.each<[Readonly<Record<string, unknown>>, string]>([
  [
    { resources: [{ type: "volume" }] },
    "resources[0].type: is not one of github_repository, git_repository, file, memory_store",
  ],
  [{ environment_variables: "QODER_HOME=/x" }, "is reserved by Qoder"],
  [{ agent: undefined }, "agent: is missing"],
])("a deployment with %j is left out with the place and the reason, and leaves its name to others", (more, reason) => {
  const { taken, leftOut } = planned([deployment({ id: "dep_1", ...more }), deployment({ id: "dep_2" })]);
  expect(leftOut).toMatchObject([{ id: "dep_1", reasons: [expect.stringContaining(reason)] }]);
  expect(taken.map(({ object: { id }, names }) => [id, names.resource])).toEqual([["dep_2", "daily"]]);
});
