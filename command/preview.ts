import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import { parseJson } from "../provider/api/parse-json";

// The output of `pulumi preview --json` (pulumi/pulumi sdk/go/common/display/json.go, `PreviewDigest`).
const stateSchema = z.looseObject({
  id: z.string().optional(),
  type: z.string(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
});
const previewSchema = z.looseObject({
  steps: z.array(
    z.looseObject({
      op: z.string(),
      urn: z.string(),
      oldState: stateSchema.optional(),
      newState: stateSchema.optional(),
      diffReasons: z.array(z.string()).optional(),
    }),
  ),
  diagnostics: z
    .array(z.looseObject({ message: z.string().transform(stripVTControlCharacters), severity: z.string() }))
    .default([]),
  changeSummary: z.looseObject({ same: z.number().optional() }).optional(),
});
export type Preview = z.infer<typeof previewSchema>;

/** The preview in this text; undefined if `pulumi preview --json` has not printed it. */
export function previewIn(text: string): Preview | undefined {
  return previewSchema.safeParse(parseJson(text).value).data;
}
