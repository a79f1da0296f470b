import { kinds } from "../kinds";
import type { KindRow } from "../kinds/kind-row";
import { compilerSaysOf } from "../support/document-programs";
import { type Mistake, mistakes } from "../support/mistakes";
import { doors, type KindWorld, type Properties, textsOf, useDoor, World } from "../support/world";

const world: KindWorld = World.ofTests();

function kindOf(label: string): KindRow {
  const kind = kinds.find((one) => one.label === label);
  if (kind === undefined) {
    throw new Error(`no kind is called ${label}`);
  }
  return kind;
}

/** What the compiler says about the program of each mistake. */
const compiled = compilerSaysOf(
  mistakes.map(({ of, args, second }, index) => ({
    file: `mistake ${index}`,
    line: 1,
    text: [
      `import { ${of} } from "pulumi-qoder";`,
      ...[args, second].flatMap((one, each) =>
        one === undefined ? [] : [`new ${of}("daily${each}", ${JSON.stringify({ ...kindOf(of).least, ...one })});`],
      ),
    ].join("\n"),
  })),
);
const inEditor = (row: Mistake) =>
  compiled.filter((line) => line.startsWith(`mistake ${mistakes.indexOf(row)}:`)).join("\n");

const isTable = (message: string) => message.startsWith("Next runs, in the time of ");

/** The failures and remarks of the preview of the program, without the table of next runs, and the error of its `up`. */
async function ran({ of, args, second, before, config = {} }: Mistake) {
  const kind = kindOf(of);
  world.reset({}, kind);
  const stack = world.stackOf(kind);
  const declared = [args, ...(second === undefined ? [] : [second])].map((one) => world.args(one));
  if (before !== undefined) {
    await stack.up(world.args(before));
    world.output.length = 0;
  }
  const provider = world.command({ kind, config });
  const failures: string[] = [];
  for (const [index, one] of declared.entries()) {
    const resource = world.stackOf(kind, provider);
    resource.state = index === 0 ? stack.state : undefined;
    const asDeclared: Properties = { ...one, __command: { isPreview: true } };
    failures.push(...(await resource.preview(asDeclared).then(() => [], textsOf)));
  }
  await provider.end();
  const preview = [...failures, ...world.output.filter((message) => !isTable(message))].join("\n");
  const up = await stack.up(declared[0] ?? {}).then(() => "", String);
  return { preview, up };
}

test("the list has at least 40 mistakes, each once, and each catcher has some", () => {
  expect(new Set(mistakes.map(({ of, mistake }) => `${of} ${mistake}`)).size).toBe(mistakes.length);
  expect(mistakes.length).toBeGreaterThanOrEqual(40);
  expect(mistakes.filter(({ caught, words }) => (words === "") !== (caught === "never"))).toEqual([]);
  expect(new Set(mistakes.map(({ caught }) => caught))).toEqual(new Set(["editor", "preview", "up", "never"]));
});

test.each(mistakes.filter(({ caught }) => caught === "editor"))(
  "the compiler refuses the program of a mistake of the editor: $of, $mistake",
  (row) => {
    expect(inEditor(row)).toMatch(/does not exist in type|is not assignable to type|is missing in type/);
  },
);

test.each(
  doors.flatMap((door) => mistakes.filter(({ caught }) => caught === "editor").map((row) => ({ door, ...row, row }))),
)("the preview ($door door) refuses $of with a mistake of the editor: $mistake", async ({ door, row }) => {
  useDoor(door);
  expect((await ran(row)).preview).toContain(row.words);
});

const later = doors.flatMap((door) =>
  mistakes.filter(({ caught }) => caught !== "editor").map((row) => ({ door, ...row, row })),
);
test.each(later)("$of ($door door): this is caught first by `$caught`: $mistake", async ({ door, row }) => {
  useDoor(door);
  const { preview, up } = await ran(row);
  expect(inEditor(row)).toBe("");
  if (row.caught === "preview") {
    expect(preview).toContain(row.words);
  } else {
    expect(preview).toBe("");
    expect(up === "").toBe(row.caught === "never");
    expect(up).toContain(row.words);
  }
});
