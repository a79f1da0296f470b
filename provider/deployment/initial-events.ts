import { z } from "zod";
import { files } from "../kinds/table";
import { namedId } from "../resource/kind/common-fields";
import { wholeValue } from "../resource/kind/field";
import { same } from "../resource/kind/program-values";
import { fromWireCase, toWireCase } from "../resource/kind/wire-case";
import { withoutComputed } from "./computed";
import type { Deployment } from "./reply";
import { withFileReferences } from "./resources";

const text = z.string().min(1);
const uploadedFile = z.strictObject({ type: z.literal("file"), fileId: namedId(files) });
const mediaSource = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("base64"), mediaType: text, data: text }),
  z.strictObject({ type: z.literal("url"), url: text }),
  uploadedFile,
]);
const textBlock = z.strictObject({ type: z.literal("text"), text });
const userBlock = z.discriminatedUnion("type", [
  textBlock,
  z.strictObject({ type: z.literal("image"), source: mediaSource }),
  z.strictObject({
    type: z.literal("document"),
    source: mediaSource,
    title: z.string().optional(),
    context: z.string().optional(),
  }),
]);
const example = '{ type: "user.message", content: "..." }';
const eventKinds = [
  z.strictObject({ type: z.literal("user.message"), content: z.union([text, z.array(userBlock).min(1)]) }),
  z.strictObject({
    type: z.literal("user.define_outcome"),
    description: text,
    rubric: z.discriminatedUnion("type", [
      z.strictObject({ type: z.literal("text"), content: text.max(262_144) }),
      uploadedFile,
    ]),
    maxIterations: z.int().min(1).max(20).optional(),
  }),
  z.strictObject({ type: z.literal("system.message"), content: z.union([text, z.array(textBlock).min(1)]) }),
] as const;
const event = z.discriminatedUnion("type", eventKinds, { error: `write ${example}` });

/** An event of any kind, including kinds that are newer than this version. */
export type EventValue = { readonly type: string; readonly [member: string]: unknown };

const defaultMaxIterations = 3;

// The older generation of the API returns a message as a string, the newer one as a list of blocks.
function blocks(content: unknown): unknown {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

function normalEvent(value: EventValue): EventValue {
  const { content, maxIterations, ...rest } = value;
  return {
    ...rest,
    ...(content === undefined ? {} : { content: blocks(content) }),
    ...(value.type === "user.define_outcome" ? { maxIterations: maxIterations ?? defaultMaxIterations } : {}),
  };
}

const recorded = z.array(z.looseObject({ type: z.string() }));

export const initialEventsField = {
  schema: z
    .array(event, { error: `write [${example}]` })
    .min(1)
    .max(50)
    .superRefine((events, context) => {
      for (const [index, { type }] of events.entries()) {
        if (type !== "system.message") {
          continue;
        }
        if (index !== events.length - 1 || events[index - 1]?.type !== "user.message") {
          const message = "a system.message must be the last event and follow a user.message";
          context.addIssue({ code: "custom", path: [index], message });
        }
      }
    }),
  ...wholeValue({
    wire: "initial_events",
    leftOut: "refused",
    recorded,
    normal: (events) => events.map((value) => toWireCase(normalEvent(value))),
    toWire: (events) =>
      events.map((value) =>
        toWireCase(value["content"] === undefined ? value : { ...value, content: blocks(value["content"]) }),
      ),
    fromWire({ initial_events: events }: Deployment) {
      return events === undefined
        ? undefined
        : recorded.parse(fromWireCase(events.map((one) => withoutComputed("element", one)))).map(plainText);
    },
    import: {
      chosen: (events) => events.map(withoutDefaultIterations),
      referring: (events, outputsOf) => withFileReferences(shortForm(events), outputsOf),
    },
  }),
};

const singleText = z.tuple([z.strictObject({ type: z.literal("text"), text: z.string() })]);

// An imported program has the short form, as people write it.
function plainText(value: EventValue): EventValue {
  const single = singleText.safeParse(value["content"]);
  return single.success ? { ...value, content: single.data[0].text } : value;
}

/** The string in place of a user's message, and in place of a list of one such message. */
function shortForm(events: readonly EventValue[]): unknown {
  const [first, ...others] = events.map(shortEvent);
  return others.length === 0 && typeof first === "string" ? first : [first, ...others];
}

function shortEvent(event: EventValue): unknown {
  const { type, content, ...rest } = event;
  return type === "user.message" && typeof content === "string" && Object.keys(rest).length === 0 ? content : event;
}

function withoutDefaultIterations(event: EventValue): EventValue {
  const { maxIterations: _, ...shorter } = event;
  return same(normalEvent(event), normalEvent(shorter)) ? shorter : event;
}
