import { z } from "zod";
import { archivedAt, idSchema } from "../../provider/api/schema";
import { providerSource, resourceType } from "../../provider/kinds/table";
import { adoptField } from "../../provider/resource/kind/common-fields";
import { wholeValue } from "../../provider/resource/kind/field";
import type { ResourceKind } from "../../provider/resource/kind/kind";
import type { ArgumentRow } from "./argument-row";
import { adopt, name } from "./common";
import { kindRow } from "./kind-row";

/** A minimal kind, which must pass the tests of all kinds. */
interface ToyArguments {
  readonly name: string;
  readonly colour: string;
  readonly lock: { readonly type: string; readonly code?: string | undefined };
  readonly adopt: string;
}

const text = z.string();
const toySchema = z.looseObject({
  id: idSchema,
  name: text.optional(),
  colour: text.nullish(),
  lock: z.looseObject({ type: text }).nullish(),
  serial: z.number().optional(),
  created_at: text.optional(),
  updated_at: text.optional(),
  archived_at: archivedAt,
});
type Toy = z.infer<typeof toySchema>;

const same = <Value>(value: Value) => value;
const string = { recorded: text, normal: same<string>, toWire: same<string> };
const emptiable = { ...string, leftOut: "cleared", cleared: "", empty: "" } as const;
const lock = z.strictObject({ type: text, code: text.optional() });

export const toyKind: ResourceKind<ToyArguments> = {
  label: "QoderToy",
  noun: "toy",
  collection: "toys",
  idPrefix: "toy_",
  reply: toySchema,
  fields: {
    name: {
      schema: text,
      ...wholeValue({ wire: "name", leftOut: "refused", fromWire: ({ name }: Toy) => name, ...string }),
    },
    colour: {
      schema: text,
      ...wholeValue({ wire: "colour", fromWire: ({ colour }: Toy) => colour || undefined, ...emptiable }),
    },
    lock: {
      schema: lock,
      ...wholeValue({
        ...{ wire: "lock", leftOut: "untouched", cleared: null, recorded: lock, secretMembers: ["code"] },
        ...{ normal: same, toWire: ({ type, code }) => ({ type, ...(code && { code }) }) },
        // No reply shows the code.
        fromWire: ({ lock: live }: Toy) => (live ? { type: live.type } : undefined),
        shown: ({ type }) => ({ type }),
      }),
    },
    adopt: adoptField(text),
  },
  outputs: {
    createdAt: { recorded: text, read: ({ created_at: at }: Toy) => at },
    updatedAt: { recorded: text, read: ({ updated_at: at }: Toy) => at },
    serial: { recorded: z.number(), read: ({ serial }: Toy) => serial },
  },
};

const rows: Readonly<Record<string, ArgumentRow>> = {
  name,
  colour: {
    leftOut: "cleared",
    value: "red",
    sent: { colour: "red" },
    removed: { colour: "" },
    edited: { by: { colour: "blue" }, to: "blue" },
  },
  lock: {
    leftOut: "untouched",
    value: { type: "bolt", code: "four-seven-one" },
    sent: { lock: { type: "bolt", code: "four-seven-one" } },
    removed: { lock: null },
    edited: { by: { lock: { type: "chain" } }, to: { type: "chain", code: "four-seven-one" } },
  },
  adopt,
};

const toyType = { type: resourceType("Toy"), source: providerSource("toy") };

export const toy = kindRow(toyKind, toyType, {
  least: {},
  rows,
  secret: (code) => ({ lock: { type: "bolt", code } }),
  console: (_, toys) => toys.console,
});
