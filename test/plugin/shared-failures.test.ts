import { doors, type SimulatedStack, useDoor, World } from "../support/world";

const world = World.ofTests();

const failure = (type: string, message: string) => ({ type: "error", error: { type, message } });
const always = { method: "GET", times: Number.POSITIVE_INFINITY } as const;

/** Three deployments of one stack, in one command. */
async function three(): Promise<{ stacks: readonly SimulatedStack[]; refreshed: () => Promise<string[]> }> {
  const command = world.command();
  const stacks = [world.stack(command), world.stack(command), world.stack(command)];
  for (const [index, stack] of stacks.entries()) {
    await stack.up(world.args({ name: `chore-${index + 1}` }));
  }
  const refreshed = async () => {
    const messages: string[] = [];
    for (const stack of stacks) {
      messages.push(await stack.refresh().then(String, ({ message }: Error) => message));
    }
    return messages;
  };
  return { stacks, refreshed };
}

const first = (id: string | undefined) => `QoderDeployment "daily" ("chore-1" at Qoder, ${id}): read failed: `;
const again = 'QoderDeployment "daily": read failed, as for "daily": ';
/** The CLI indents the message, and writes `error: ` before it. */
const widest = 100 - "    error: ".length;

const refusals = [
  ["an expired token", 401, failure("authentication_error", "Token expired."), "401 authentication_error"],
  ["a token without the right", 403, failure("permission_error", "Not yours."), "403 permission_error"],
  ["a page of a proxy", 404, "<html>nothing here</html>", "404"],
] as const;

test.each(refusals.flatMap(([what, status, body, text]) => doors.map((door) => ({ what, status, body, text, door }))))(
  "after $what each read through the door $door fails, with the whole error for the first resource and one short line for the others",
  async ({ status, body, text, door }) => {
    useDoor(door);
    const { stacks, refreshed } = await three();
    world.api.fault({ kind: "status", status, body, ...always });
    const [full = "", ...others] = await refreshed();
    expect(full.startsWith(first(stacks[0]?.state?.id))).toBe(true);
    expect(others).toHaveLength(2);
    for (const message of others) {
      expect(message.length).toBeLessThanOrEqual(widest);
      expect(message.startsWith(`${again}${text}`)).toBe(true);
      expect(message).not.toContain("\n");
    }
  },
);

test("a refusal of each object with 422 is a whole error for each", async () => {
  const { stacks, refreshed } = await three();
  world.api.fault({ kind: "status", status: 422, body: failure("invalid_request_error", "Odd."), ...always });
  const messages = await refreshed();
  expect(messages.filter((message) => message.includes("as for"))).toEqual([]);
  for (const [index, message] of messages.entries()) {
    expect(message).toContain(`(“chore-${index + 1}” at Qoder, ${stacks[index]?.state?.id})`.replace(/[“”]/g, '"'));
  }
});

test.each([
  ["another reason", 403, failure("permission_error", "Not yours.")],
  ["the same status with other words", 401, failure("authentication_error", "Revoked.")],
])("%s is a whole error again, and so is the same reason in another command", async (_, status, body) => {
  const { stacks, refreshed } = await three();
  const expired = failure("authentication_error", "Expired.");
  world.api.fault({ kind: "status", status: 401, body: expired, method: "GET", times: 2 });
  world.api.fault({ kind: "status", status, body, method: "GET" });
  const messages = await refreshed();
  expect(messages.map((message) => message.includes("as for"))).toEqual([false, true, false]);
  expect(messages[2]).toContain(body.error.message.replace(".", ""));
  world.api.fault({ kind: "status", status: 401, body: expired, ...always });
  const later = world.later(stacks[0] ?? world.stack());
  await expect(later.refresh()).rejects.not.toThrow("as for");
});
