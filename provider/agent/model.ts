import { z } from "zod";
import type { Json } from "../api/schema";
import { wholeValue } from "../resource/kind/field";
import { isObject } from "../resource/kind/program-values";
import { fromWireCase, strangeShape, toWireCase } from "../resource/kind/wire-case";

const example = '"ultimate" or { id: "ultimate", effort: "high" }';
const text = z.string().min(1);
export const modelSchema = z.union(
  [text, z.strictObject({ id: text, effort: text.optional(), contextWindow: z.int().min(1).optional() })],
  { error: ({ input }) => (input === undefined ? undefined : `write ${example}`) },
);
const settings = z.looseObject({ id: z.string() });
export const recordedModel = z.union([z.string(), settings]);

/** The id of a model, alone or with the settings that differ from its defaults. */
export type Model = z.infer<typeof recordedModel>;

function asObject(model: Model): z.infer<typeof settings> {
  return typeof model === "string" ? { id: model } : model;
}

/** "Models": a model without efforts accepts only the short form. */
export function modelToWire(model: Model): Json {
  const { id, ...rest } = asObject(model);
  return Object.keys(rest).length === 0 ? id : toWireCase(model);
}

export function modelFromWire(live: unknown): Model | undefined {
  const model = recordedModel.safeParse(fromWireCase(live)).data;
  return typeof model === "object" && Object.keys(model).length === 1 ? model.id : model;
}

export function modelProblem(live: unknown): string | undefined {
  return typeof live === "string" || isObject(live) ? undefined : strangeShape;
}

/** The members of a model that the service may fill in; only the list of models shows their defaults. */
export const modelSettings = ["effort", "context_window"];

export const modelField = {
  schema: modelSchema,
  ...wholeValue({
    wire: "model",
    leftOut: "refused",
    recorded: recordedModel,
    normal: modelToWire,
    toWire: modelToWire,
    fromWire: ({ model }) => modelFromWire(model),
    filledIn: modelSettings,
    import: { undescribable: ({ model }) => (model === undefined ? undefined : modelProblem(model)) },
  }),
};
