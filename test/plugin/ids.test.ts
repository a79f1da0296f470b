import { kinds } from "../kinds";
import type { JsonObject } from "../qoder-api/wire";
import { doors, textsOf, World } from "../support/world";

const odd = { "another line": "\n\u001b[31m", "a step in a path": "/../x", "no character": undefined };

/** Gives the id of a reply this ending; undefined: the reply has an empty id. */
const endingIn = (ending: string | undefined) => (reply: JsonObject) => {
  const { id } = reply;
  return typeof id === "string" ? { ...reply, id: ending === undefined ? "" : `${id}${ending}` } : reply;
};

describe.each(doors)("through the %s door", (door) => {
  test.each(kinds.flatMap((kind) => Object.entries(odd).map(([what, ending]) => ({ ...kind, what, ending }))))(
    "no state of a $label gets an id with $what from the answer to its create",
    async ({ what: _, ending, ...kind }) => {
      const world = await World.start(kind, door);
      try {
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
      } finally {
        await world.stop();
      }
    },
  );

  const deleted = kinds.filter(({ end: [method] }) => method === "DELETE");
  test.each(deleted.flatMap((kind) => Object.entries(odd).map(([what, ending]) => ({ ...kind, what, ending }))))(
    "a destroy of a $label whose answer has an id with $what ends only with a proof that the object is gone",
    async ({ what: _, ending, ...kind }) => {
      const world = await World.start(kind, door);
      try {
        const { stack, path } = await world.existing(kind, world.args());
        world.api.fault({ kind: "replace-body", method: "DELETE", transform: endingIn(ending) });
        const [failure] = await stack.destroy().then(() => [], textsOf);
        const witness = kind.witness(kind.least);
        expect(world.sent()).toEqual([
          ...kind.looks.beforeArchive,
          ["DELETE", path],
          ["GET", path],
          ["GET", path],
          ...(witness === undefined ? [] : [["GET", witness]]),
        ]);
        expect(failure ?? "It is unknown whether").toContain("It is unknown whether");
        expect([failure === undefined, stack.state === undefined]).toEqual(Array(2).fill(witness !== undefined));
        expect((failure ?? "").replaceAll("\n", " ")).not.toMatch(/\p{Cc}/u);
        expect(world.console.all()).toEqual([]);
      } finally {
        await world.stop();
      }
    },
  );
});
