import { kinds } from "../kinds";
import type { JsonObject } from "../qoder-api/wire";
import { doors, World } from "../support/world";

const odd = { "another line": "\n\u001b[31m", "a step in a path": "/../x", "no character": undefined };

/** Gives the id of a reply this ending; undefined: the reply has an empty id. */
const endingIn = (ending: string | undefined) => (reply: JsonObject) => {
  const { id } = reply;
  return typeof id === "string" ? { ...reply, id: ending === undefined ? "" : `${id}${ending}` } : reply;
};

describe.each(doors.flatMap((door) => kinds.map((kind) => ({ ...kind, door }))))(
  "a $label through the door $door",
  (row) => {
    const { door, ...kind } = row;
    const world = World.ofTests(kind, door);

    test.each(Object.entries(odd))(
      "gets no id with %s into its state from the answer to its create",
      async (_, ending) => {
        const transform = endingIn(ending);
        world.api.fault({ kind: "replace-body", method: "POST", times: Number.POSITIVE_INFINITY, transform });
        const stack = world.stack();
        const failure = await stack.up(world.args()).then(() => undefined, String);
        expect(stack.state?.id ?? "none").toMatch(/^[A-Za-z0-9_/-]+$/);
        // A kind whose list proves which object is new needs no answer.
        expect(failure ?? "id is not as the API documents it: an id").toContain(
          "id is not as the API documents it: an id",
        );
        // The line break before the advice is the only one.
        expect((failure ?? "").replace("\nTo keep it", "")).not.toMatch(/[\p{Cc}]/u);
        expect(failure === undefined).toBe(stack.state !== undefined);
      },
    );

    if (kind.end[0] !== "DELETE") return;

    test.each(Object.entries(odd))(
      "is destroyed, if the answer has an id with %s, after two looks say that it is gone",
      async (_, ending) => {
        const { stack, path } = await world.existing(kind, world.args());
        world.api.fault({ kind: "replace-body", method: "DELETE", transform: endingIn(ending) });
        await stack.destroy();
        expect(world.sent()).toEqual([...kind.looks.beforeArchive, ["DELETE", path], ["GET", path], ["GET", path]]);
        expect(stack.state).toBeUndefined();
        expect(world.console.all()).toEqual([]);
      },
    );
  },
);
