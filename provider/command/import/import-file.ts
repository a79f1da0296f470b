import { jsonText } from "../terminal";
import type { Takeover } from "./takeover";

/**
 * The text for `pulumi import --file`. Outputs are given as well: only then does the engine skip the read that it would
 * do without the provider's code (pulumi/pulumi pkg/resource/deploy/step.go, `ImportStep`; since CLI 3.254). Two resources of
 * different types may have one name there, as nothing refers to it (cmd/pulumi/operations/import.go, `parseImportFile`).
 */
export function importFileText(takeovers: readonly Takeover[]): string {
  const resources = takeovers.map(({ object: { kind, id, inputs, outputs }, names }) => {
    // It was never declared, but messages need its name, and two imports of one object must differ.
    const hidden = { __origin: `imported::${id}::${names.resource}`, __provider: kind.source };
    return {
      type: kind.type,
      name: names.resource,
      id,
      inputs: { ...inputs, ...hidden },
      outputs: { ...outputs, ...hidden },
    };
  });
  return `${jsonText({ resources }, 2)}\n`;
}
