import { useLab } from "./lab";

const TOOLSET = "agent_toolset_20260401";
const ASK = { type: "always_ask" };

describe("a user of the console", () => {
  const lab = useLab();
  const createAgent = async () => {
    const configs = [{ name: "Bash" }, { name: "Read", permission_policy: ASK }];
    const body = { name: "writer", model: "ultimate", metadata: { team: "a" }, tools: [{ type: TOOLSET, configs }] };
    return String((await lab.post("/agents", body)).body.id);
  };
  const agent = async (id: string) => (await lab.get(`/agents/${id}`)).body;

  test("disables one tool and sets one policy, and each change makes a new version of the agent", async () => {
    const id = await createAgent();
    lab.api.agents.changeMember(id, ["tools", 0, "configs", 0, "enabled"], false);
    lab.api.agents.changeMember(id, ["tools", 0, "configs", 1, "permission_policy", "type"], "always_allow");
    const configs = [
      { name: "Bash", enabled: false },
      { name: "Read", permission_policy: { type: "always_allow" } },
    ];
    expect(await agent(id)).toMatchObject({ version: 3, tools: [{ type: TOOLSET, configs }] });
    const before = (await lab.get(`/agents/${id}?version=2`)).body;
    expect(before["tools"]).toMatchObject([{ configs: [configs[0], { permission_policy: ASK }] }]);
  });

  test("loses a change only to a write of the same field or the same label", async () => {
    const id = await createAgent();
    lab.api.agents.changeMember(id, ["model"], "auto");
    lab.api.agents.changeMember(id, ["metadata", "team"], "b");
    lab.api.agents.changeMember(id, ["metadata", "tier"], "1");
    const { body } = await lab.post(`/agents/${id}`, { version: 4, model: "ultimate", metadata: { team: "a" } });
    expect(body).toMatchObject({ version: 5, model: "ultimate", metadata: { team: "a", tier: "1" } });
    const deployment = lab.create({ description: "d" });
    lab.api.deployments.changeMember(deployment, ["description"], "x");
    expect((await lab.post(`/deployments/${deployment}`, { name: "n" })).body).toMatchObject({ description: "x" });
    expect((await lab.post(`/deployments/${deployment}`, { description: "d" })).body).toMatchObject({
      description: "d",
    });
  });

  test("gets an error for a member that the object does not show", () => {
    const id = lab.create();
    const change = () => lab.api.deployments.changeMember(id, ["schedule", "expression"], "0 0 * * *");
    expect(change).toThrow(`${id} shows no schedule.expression`);
    expect(lab.api.deployments.get(id).schedule).toBeNull();
  });
});
