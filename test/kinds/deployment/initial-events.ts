import type { EventValue } from "../../../provider/deployment/initial-events";
import type { ArgumentRow } from "../argument-row";

const kinds = "is not one of user.message, user.define_outcome, system.message";
const misplaced = "a system.message must be the last event and follow a user.message";
const aMessage = '{ type: "user.message", content: "..." }';
const textMessage = (text: string) => ({ type: "user.message", content: [{ type: "text", text }] });
const user = { type: "user.message", content: "Go" };
const system = { type: "system.message", content: "Be brief" };
const outcome = { type: "user.define_outcome", description: "Done", rubric: { type: "text", content: "Good" } };
const reordered = { rubric: { content: "Good", type: "text" }, description: "Done", type: "user.define_outcome" };
const content = (...blocks: readonly unknown[]) => [{ type: "user.message", content: blocks }];
const text = { type: "text", text: "Go" };
const rubrics = [
  { type: "text", content: "Good" },
  { type: "file", fileId: "file_a" },
];
const sources = [
  { type: "base64", mediaType: "image/png", data: "AA==" },
  { type: "url", url: "https://example.com/a.png" },
  { type: "file", fileId: "file_a" },
];

export const initialEvents: ArgumentRow<readonly EventValue[]> = {
  leftOut: "refused",
  value: [user, outcome],
  everyShape: [
    ...rubrics.map((rubric) => ({ type: "user.define_outcome", description: "Done", rubric, maxIterations: 3 })),
    {
      type: "user.message",
      content: [
        text,
        ...sources.map((source) => ({ type: "image", source })),
        ...sources.map((source) => ({ type: "document", source, title: "a", context: "b" })),
      ],
    },
    user,
    { type: "system.message", content: [text] },
  ],
  otherForms: {
    "with content in blocks": [textMessage("Go"), system],
  },
  limits: [Array(50).fill(user)],
  sent: { initial_events: [textMessage("Go"), outcome] },
  removed: {},
  same: [
    [[user], { initial_events: [textMessage("Go")] }],
    [[textMessage("Go")], { initial_events: [user] }],
    [[outcome], { initial_events: [{ ...outcome, max_iterations: 3 }] }],
    [[{ ...outcome, maxIterations: 3 }], { initial_events: [{ ...outcome, max_iterations: null }] }],
    [[reordered], { initial_events: [outcome] }],
    [
      [textMessage("Go")],
      { initial_events: [{ ...textMessage("Go"), id: "evt_1", processed_at: null, created_at: "x" }] },
    ],
  ],
  drift: [
    [[user], { initial_events: [textMessage("go")] }],
    [[textMessage("Go")], { initial_events: [textMessage("Go"), textMessage("Go")] }],
    [[textMessage("A"), textMessage("B")], { initial_events: [textMessage("B"), textMessage("A")] }],
    [[outcome], { initial_events: [{ ...outcome, max_iterations: 4 }] }],
    [[textMessage("Go")], { initial_events: [{ type: "user.later_kind", content: [{ type: "text", text: "Go" }] }] }],
  ],
  edited: { by: { initial_events: [textMessage("edited")] }, to: [{ type: "user.message", content: "edited" }] },
  mistakes: [
    [[], ["initialEvents: is empty"]],
    [Array(51).fill(user), ["initialEvents: has more than 50 elements"]],
    ["Go", [`initialEvents: is a string; write [${aMessage}]`]],
    [user, [`initialEvents: is an object; write [${aMessage}]`]],
    [["Go"], [`initialEvents[0]: is a string; write ${aMessage}`]],
    [[user, null], [`initialEvents[1]: is null; write ${aMessage}`]],
    [[{ content: "Go" }], [`initialEvents[0].type: ${kinds}`]],
    [[{ type: "user.shout" }], [`initialEvents[0].type: ${kinds}`]],
    [[{ type: "user.message" }], ["initialEvents[0].content: is missing"]],
    [[{ type: "user.message", content: "" }], ["initialEvents[0].content: is empty"]],
    [[{ type: "user.message", content: 5 }], ["initialEvents[0].content: is not a string or an array"]],
    [[{ ...user, role: "x" }], ["initialEvents[0].role: is not known here; known are type, content"]],
    [[{ ...user, max_iterations: 3 }], ["initialEvents[0].max_iterations: is not known here; known are type, content"]],
    [content(), ["initialEvents[0].content: is empty"]],
    [content({ type: "video" }), ["initialEvents[0].content[0].type: is not one of text, image, document"]],
    [
      content({ type: "image", source: { type: "ftp" } }),
      ["initialEvents[0].content[0].source.type: is not one of base64, url, file"],
    ],
    [content({ type: "image", source: { type: "url" } }), ["initialEvents[0].content[0].source.url: is missing"]],
    [[{ ...outcome, maxIterations: 0 }], ["initialEvents[0].maxIterations: is below 1"]],
    [[{ ...outcome, maxIterations: 21 }], ["initialEvents[0].maxIterations: is above 20"]],
    [
      [{ ...outcome, rubric: { type: "text", content: "x".repeat(262_145) } }],
      ["initialEvents[0].rubric.content: has more than 262144 characters"],
    ],
    [
      [{ type: "user.define_outcome" }],
      ["initialEvents[0].description: is missing", "initialEvents[0].rubric: is missing"],
    ],
    [[user, { ...system, content: [] }], ["initialEvents[1].content: is empty"]],
    [[system], [`initialEvents[0]: ${misplaced}`]],
    [[system, user], [`initialEvents[0]: ${misplaced}`]],
    [
      [user, system, system],
      [`initialEvents[1]: ${misplaced}`, `initialEvents[2]: ${misplaced}`],
    ],
    [[outcome, system], [`initialEvents[1]: ${misplaced}`]],
  ],
};
