import type { QoderApi } from "../qoder-api";
import type { Properties } from "./provider";
import type { SimulatedStack } from "./simulated-stack";

/** The command data of a preview that shows requests, and of the following `up`. */
const asks = (isPreview: boolean, secrets: readonly string[] = []) => ({
  __command: { isPreview, showRequests: true, secretPlaces: secrets.map((name) => [name]) },
});

interface World {
  readonly api: QoderApi;
  /** The output of the providers of all commands. */
  readonly output: string[];
}

/** The lines of a preview, without the name of the resource. `secrets`: the arguments that hold secrets. */
export async function shownBy(
  world: World,
  stack: SimulatedStack,
  args: Properties,
  secrets: readonly string[] = [],
): Promise<string[]> {
  world.output.length = 0;
  world.api.clearRequests();
  await stack.preview({ ...args, ...asks(true, secrets) });
  expect(world.api.requests).toEqual([]);
  return shownLines(world);
}

const isAboutRequests =
  /^(an update with the|the settings of others|if .* is archived|is replaced|perhaps another request)/;

export function shownLines({ output }: World): string[] {
  return output.flatMap((line) => {
    const [, text = ""] = /^Qoder\w+ "[^"]*"(?: \(.*?\))?: (.*)$/s.exec(line) ?? [];
    return isRequest(text) || isAboutRequests.test(text) ? [text] : [];
  });
}

function isRequest(line: string): boolean {
  return /^(GET|POST|DELETE) \//.test(line);
}

const secretMembers = [
  ...["authorization_token", "password", "code"],
  ...["token", "access_token", "refresh_token", "client_secret", "secret_value"],
];

/** The requests of `up` in the form of a preview: without secrets, and without the id of a new object. */
export async function sentBy(world: World, stack: SimulatedStack, args: Properties): Promise<string[]> {
  const known = stack.state?.id;
  world.output.length = 0;
  world.api.clearRequests();
  await stack.up({ ...args, ...asks(false) });
  expect(shownLines(world)).toEqual([]);
  return masked(world.api.requests, known === undefined ? String(stack.state?.id) : "");
}

/** The requests in the form of a preview. `made`: the id of the new object, if there is one. */
export function masked(requests: QoderApi["requests"], made: string): string[] {
  const mask = (name: string, value: unknown) => (secretMembers.includes(name) ? "[secret]" : value);
  return requests.map(({ method, path, body }) => {
    const place = `${method} ${made === "" ? path : path.replace(made, "[unknown]")}`;
    return body === undefined ? place : `${place} ${JSON.stringify(body, mask)}`;
  });
}

/** Runs the preview and the `up`, and compares their requests. Returns the shown lines. */
export async function expectShown(world: World, stack: SimulatedStack, args: Properties): Promise<string[]> {
  const shown = await shownBy(world, stack, args);
  const sent = await sentBy(world, stack, args);
  expect(shown.filter(isRequest)).toEqual(sent);
  return shown;
}
