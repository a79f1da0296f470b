import * as pulumi from "@pulumi/pulumi";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

/** The registrations of the test's program, in their order. */
const registered: Registered[] = [];

export const leastDeployment = {
  agent: "agent_1",
  environmentId: "env_1",
  initialEvents: [{ type: "user.message" as const, content: "hello" }],
};

const ids = [
  ["Agent", "agent_1"],
  ["Environment", "env_1"],
  ["Vault", "vault_1"],
  ["MemoryStore", "memstore_1"],
  ["File", "file_1"],
  ["Skill", "skill_1"],
] as const;
export const idOf = (type: string) => ids.find(([kind]) => type.endsWith(`:${kind}`))?.[1] ?? "dep_1";

/** Gives the program a mock of the engine, and forgets earlier registrations. `state`: the outputs of each resource besides its inputs. */
export function mockEngine(
  isPreview = false,
  state: object = { status: "active", version: 3, latestVersion: "7" },
  id: (type: string) => string = idOf,
): void {
  registered.length = 0;
  pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs });
        return { id: id(type), state: { ...inputs, ...state } };
      },
      call: () => ({}),
    },
    "project",
    "dev",
    isPreview,
  );
  // The engine's monitor has this method, and the mocked monitor does not.
  Object.assign(Object(pulumi.runtime.getMonitor()), { getChannel: () => undefined });
}

export async function registration(resource: pulumi.CustomResource): Promise<Registered> {
  await new Promise((resolve) => resource.id.apply(resolve));
  const last = registered.at(-1);
  if (last === undefined) {
    throw new Error("nothing was registered");
  }
  return last;
}
