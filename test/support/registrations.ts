import * as pulumi from "@pulumi/pulumi";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

/** What the program of the test has registered, in its order. */
export const registered: Registered[] = [];

/** The least that a program can declare of a deployment. */
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
const idOf = (type: string) => ids.find(([kind]) => type.endsWith(`:${kind}`))?.[1] ?? "dep_1";

/** From here on the program has mocks for its engine, and nothing is registered. */
export function mockEngine(isPreview = false): void {
  registered.length = 0;
  pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs });
        return { id: idOf(type), state: { ...inputs, status: "active", version: 3, latestVersion: "7" } };
      },
      call: () => ({}),
    },
    "project",
    "dev",
    isPreview,
  );
}

/** The resource as it was registered, once it is. */
export async function registration(resource: pulumi.CustomResource): Promise<Registered> {
  await new Promise((resolve) => resource.id.apply(resolve));
  const last = registered.at(-1);
  if (last === undefined) {
    throw new Error("nothing was registered");
  }
  return last;
}
