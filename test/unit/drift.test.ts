import { withForeignChanges } from "../../provider/resource/fields/drift";

const bash = { name: "Bash", enabled: true };
const read = { name: "Read", enabled: true };
const off = { name: "Bash", enabled: false };

test.each<[string, unknown, unknown, unknown, unknown]>([
  ["a replaced name", ["b", "a"], ["a", "b"], ["a", "c"], ["a", "c"]],
  ["a removed name", ["b", "a"], ["a", "b"], ["a"], ["a"]],
  ["a changed setting", [read, bash], [bash, read], [off, read], [off, read]],
  [
    "a changed setting beside members that the service fills in",
    [read, bash],
    [
      { ...bash, filled: 1 },
      { ...read, filled: 1 },
    ],
    [
      { ...off, filled: 1 },
      { ...read, filled: 1 },
    ],
    [off, read],
  ],
])("the state takes over %s in a list that the service shows in another order", (_, sent, shown, live, told) => {
  expect(withForeignChanges(sent, shown, live)).toEqual(told);
});

test.each(["type", "name", "id", "url", "fileId", "memoryStoreId", "skillId", "mcpServerName"])(
  "an element of a list with another %s is another one, and has nothing that the program gave the old one",
  (member) => {
    const [ours, theirs] = ["ours", "theirs"].map((value) => ({ [member]: value }));
    expect(withForeignChanges([{ ...ours, hidden: "ours" }], [ours], [theirs])).toEqual([theirs]);
  },
);

test("the state keeps a sent element that the service shows in another form", () => {
  const shown = [{ type: "agent", id: "agent_b", version: 2 }, { type: "self" }];
  const live = [...shown, { type: "agent", id: "agent_c" }];
  expect(withForeignChanges(["agent_b", { type: "self" }], shown, live)).toEqual([
    "agent_b",
    { type: "self" },
    { type: "agent", id: "agent_c" },
  ]);
});
