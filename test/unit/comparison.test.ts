import { withForeignChanges } from "../../provider/resource/fields/comparison";

const bash = { name: "Bash", enabled: true };
const read = { name: "Read", enabled: true };
const off = { name: "Bash", enabled: false };

test.each<[string, unknown, unknown, unknown, unknown]>([
  ["names of which one is another", ["b", "a"], ["a", "b"], ["a", "c"], ["a", "c"]],
  ["names of which one is gone", ["b", "a"], ["a", "b"], ["a"], ["a"]],
  ["settings of which one changed", [read, bash], [bash, read], [off, read], [off, read]],
  [
    "settings with members that the service fills in",
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
])("in a list that the service shows in another order, %s are told as they are", (_, sent, shown, live, told) => {
  expect(withForeignChanges(sent, shown, live)).toEqual(told);
});

test("an element that the service shows in another form stays as it was sent at its place", () => {
  const shown = [{ type: "agent", id: "agent_b", version: 2 }, { type: "self" }];
  const live = [...shown, { type: "agent", id: "agent_c" }];
  expect(withForeignChanges(["agent_b", { type: "self" }], shown, live)).toEqual([
    "agent_b",
    { type: "self" },
    { type: "agent", id: "agent_c" },
  ]);
});
