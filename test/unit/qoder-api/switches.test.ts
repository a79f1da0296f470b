import type { Switches } from "../../qoder-api/index";
import { conflict, type Fields, invalid, refused, useLab } from "./lab";

const TEXT = [{ type: "text", text: "x" }];
const TWO = [...TEXT, ...TEXT];
const message = (content: unknown) => [{ type: "user.message", content }];
const SCHEDULE = { type: "cron", expression: "0 9 * * *", timezone: "UTC" };
const CONFIG = { max_concurrent: 1, max_retries: 0, timeout_ms: 300_000 };
const FILE = { type: "file", file_id: "file_1" };
const REPOSITORY = { type: "github_repository", url: "https://github.com/a/b.git" };
const MEMORY = { type: "memory_store", memory_store_id: "memstore_1" };
const OUTCOME = { type: "user.define_outcome", description: "d", rubric: { type: "text", content: "r" } };

describe("switches", () => {
  const lab = useLab();
  const set = (switches: Partial<Switches>) => Object.assign(lab.api.switches, switches);
  const create = (fields: Fields = {}) => lab.post("/deployments", lab.body(fields));

  test.each<[Partial<Switches>, Fields, Fields]>([
    [{}, { initial_events: message("x") }, { initial_events: message(TEXT) }],
    [{ generation: 1 }, { initial_events: message("x") }, { initial_events: message("x") }],
    [{ generation: 1 }, { initial_events: message(TEXT) }, { initial_events: message("x") }],
    [{ generation: 1 }, { initial_events: message(TWO) }, { initial_events: message(TWO) }],
    [{ generation: 1, blockContent: "echo" }, { initial_events: message(TEXT) }, { initial_events: message(TEXT) }],
    [{ stringContent: "echo" }, { initial_events: message("x") }, { initial_events: message("x") }],
    [{ unknownFields: "accept" }, { agent_x: 1, schedule: { ...SCHEDULE, x: 1 } }, { schedule: SCHEDULE }],
    [{ unknownFields: "accept", budget: "reject" }, { budget: 1 }, { name: "report" }],
    [{ fillDefaults: true }, { initial_events: [OUTCOME] }, { initial_events: [{ ...OUTCOME, max_iterations: 3 }] }],
    [
      { fillDefaults: true },
      { resources: [{ ...FILE, mount_path: null }, REPOSITORY, MEMORY] },
      {
        resources: [
          { ...FILE, mount_path: "/mnt/session/uploads/file_1" },
          { ...REPOSITORY, checkout: null, mount_path: "/workspace/b" },
          { ...MEMORY, access: "read_write", instructions: null },
        ],
      },
    ],
    [{ casConfig: "present" }, {}, { metadata: { cas_config: { config: CONFIG } }, environment_variables: "" }],
  ])("with %j the body %j is answered as %j", async (switches, sent, answered) => {
    set(switches);
    const { status, body } = await create(sent);
    expect({ status, body }).toMatchObject({ status: 200, body: answered });
  });

  test.each<[Partial<Switches>, Fields, string]>([
    [{ stringContent: "reject" }, { initial_events: message("x") }, "initial_events.0.content"],
    [{ generation: 1 }, { metadata: { cas_config: { stats: {} } } }, "metadata.cas_config.stats"],
  ])("with %j the body %j is refused because of %s", async (switches, sent, param) => {
    set(switches);
    expect(await create(sent)).toEqual(invalid({ param }));
  });

  test("set the answer to pausing and unpausing an archived deployment, while a second archive stays 409", async () => {
    set({ archivedWrite: 403 });
    const { id } = lab.api.deployments.archive(lab.create());
    for (const action of ["pause", "unpause"]) {
      expect(await lab.post(`/deployments/${id}/${action}`, {})).toEqual(refused(403, "permission_error"));
    }
    expect(await lab.post(`/deployments/${id}/archive`)).toEqual(conflict());
  });

  test("of generation 1 count runs in the stats and show the status of a run", async () => {
    set({ generation: 1 });
    const id = lab.create({ schedule: SCHEDULE });
    const run = await lab.post(`/deployments/${id}/run`);
    const extras = { attempt: 1, started_at: "2026-06-14T08:53:32Z", turn_id: expect.stringMatching(/^turn_/) };
    expect(run.body).toMatchObject({ status: "running", cas_run_extras: extras });
    const { body } = await lab.get(`/deployments/${id}`);
    const stats = { total_runs: 1, total_failures: 0, last_triggered_at: "2026-06-14T08:53:32Z" };
    expect(body.metadata).toMatchObject({ cas_config: { stats } });
    lab.set("2026-06-14T08:54:00Z");
    const completed = {
      id: run.body.id,
      status: "completed",
      completed_at: "2026-06-14T08:53:49.268Z",
      duration_ms: 17_268,
    };
    expect((await lab.get("/deployment_runs?status=completed")).body.data).toMatchObject([completed]);
    expect((await lab.get(`/deployments/${id}/runs?status=running`)).body.data).toEqual([]);
  });

  test("of generation 1 ignore the filter has_error", async () => {
    const id = lab.create({ schedule: SCHEDULE });
    const run = lab.api.deployments.run(id);
    const found = async () => (await lab.get("/deployment_runs?has_error=true")).body.data?.map((one) => one.id);
    expect(await found()).toEqual([]);
    set({ generation: 1 });
    expect(await found()).toEqual([run.id]);
  });
});
