import { kindsWithRows } from "../kinds";
import { richest } from "../support/services";
import { textsOf, World } from "../support/world";

describe.each(kindsWithRows)("$label", (kind) => {
  const world = World.ofTests(kind).pin("lists", "the rows have the order of the edit");

  const cases = Object.entries(kind.arguments).flatMap(([name, { under = [{}], ...row }]) =>
    under.map((switches) => ({ name, switches, row, where: JSON.stringify(switches) })),
  );
  /** A GET, if the body of the argument includes live values that others set. */
  const looksFirst = (name: string, id: string) =>
    kind.fields[name]?.buildsOnLive === true ? [["GET", world.path(id)]] : [];

  const forms = { "repeats the request": {}, "fills in defaults and adds members": richest };
  const served = cases.flatMap((one) => Object.entries(forms).map(([service, form]) => ({ ...one, service, form })));
  test.each(served)(
    "a refresh shows an edit of $name as the only change, `up` sends only the repair, and later commands send nothing, if the service $service $where",
    async ({ name, form, switches, row: { value, edit, edited, repair, needs } }) => {
      if (name === "initialEvents") world.pin("inside", "a text has its short form if nothing is beside it");
      world.reset({ ...form, ...switches });
      const args = world.args({ ...needs, [name]: value });
      const stack = world.stack();
      await stack.up(args);
      const { id } = world.live;
      const inputs = stack.state?.inputs;
      world.console.edit(id, edit);
      world.sent();

      expect(await stack.refresh()).toBe("update");
      expect(world.sent()).toEqual([["GET", world.path(id)]]);
      // The rows have the live value at the service that fills in nothing.
      const shown = form === richest ? stack.state?.inputs[name] : edited;
      expect(stack.state?.inputs).toEqual({ ...inputs, [name]: shown });
      expect(await stack.preview(args)).toBe("update");
      const repaired = [...looksFirst(name, id), ["POST", world.path(id), world.bodyOf(repair)]];
      await stack.up(args);
      const sent = world.sent();
      if (form === richest) {
        // An update of settings repeats the members that the service added to them.
        expect(sent).toMatchObject(repaired);
      } else {
        expect(sent).toEqual(repaired);
      }
      await stack.findsNoDifference(args);
      expect(stack.state?.inputs).toMatchObject({ [name]: value });
      expect(world.sent()).toEqual([["GET", world.path(id)]]);
    },
  );

  // Each argument with the next one that the same service has.
  const pairs = cases.flatMap((one) => {
    const others = cases.filter(({ where }) => where === one.where);
    const other = others[(others.indexOf(one) + 1) % others.length];
    return other === undefined || other === one ? [] : [{ ...one, other }];
  });
  test.each(pairs)(
    `an edit of $name elsewhere ${kind.isLocked ? "prevents" : "is not undone by"} an update of $other.name, and a refresh shows it $where`,
    async ({ name, switches, row: { value, edit, edited, needs }, other }) => {
      if (name === "initialEvents") world.pin("inside", "a text has its short form if nothing is beside it");
      world.reset(switches);
      const args = world.args({ ...other.row.needs, ...needs, [other.name]: other.row.value, [name]: value });
      const stack = world.stack();
      await stack.up(args);
      const { id } = world.live;
      world.console.edit(id, edit);
      const theirs = world.console.get(id);
      world.sent();
      const failed = await stack.up({ ...args, [other.name]: other.row.edited }).then(() => [], textsOf);
      const [request] = world.sent().filter((sent) => Array.isArray(sent) && sent[0] !== "GET");
      expect(request).toEqual(["POST", world.path(id), expect.anything()]);
      if (kind.isLocked) {
        expect(failed).toEqual([
          expect.stringMatching(`differs in ${name}\\. Nothing was sent on top of it\\.\\nRun \`git pull\` first`),
        ]);
        expect(world.console.get(id)).toEqual(theirs);
      } else {
        expect(failed).toEqual([]);
      }
      expect(await stack.refresh()).toBe("update");
      expect(stack.state?.inputs).toMatchObject({ [name]: edited });
    },
  );

  test.each(cases.filter(({ name }) => !(name in kind.least) && name !== "name"))(
    "if the program leaves out $name, `up` either clears an edit of it or leaves the edit alone $where",
    async ({ switches, row: { edit, cleared, needs } }) => {
      world.reset(switches);
      const args = world.args(needs);
      const stack = world.stack();
      await stack.up(args);
      const { id } = world.live;
      world.console.edit(id, edit);
      const edited = world.console.get(id);
      expect(await stack.refresh()).toBe(cleared === undefined ? "same" : "update");
      world.sent();
      const bodies = cleared === undefined ? [] : [world.bodyOf(cleared)];
      expect(await stack.up(args)).toBe(cleared === undefined ? "same" : "update");
      expect(world.sent()).toEqual(bodies.map((body) => ["POST", world.path(id), body]));
      expect(await stack.preview(args)).toBe("same");
      if (cleared === undefined) {
        expect(world.console.get(id)).toEqual(edited);
      }
    },
  );
});
