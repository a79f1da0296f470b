import type * as pulumi from "@pulumi/pulumi";
import { files } from "../kinds/table";
import { whenKnown } from "../program/inputs";
import { isOfType, type ProgramKind, QoderResource, type ResourceOutputs } from "../program/resource";
import type { FileInputs, FileOutputs, QoderFileArgs } from "./arguments";
import { readContent } from "./source";

/**
 * A file of Qoder Cloud Agents: a text that the runs of deployments can read.
 *
 * ```typescript
 * const glossary = new QoderFile("glossary", { source: "docs/glossary.md" });
 * new QoderDeployment("nightly", { ...args, resources: [{ type: "file", fileId: glossary.id }] });
 * ```
 *
 * The provider deletes the file when the resource leaves the program, is destroyed or is replaced; the options `protect` and
 * `retainOnDelete` prevent it. If live deployments or a session use the file, the file stays at Qoder, and a warning
 * says so. A replacement uploads the new file before it deletes the old one.
 *
 * If the response to a create is lost, `pulumi up` repeats the request if a list shows no new object, or the error names each file
 * that the create may have made. Each operation may take 5 minutes, unless `customTimeouts` sets another limit.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK gives the resource each of these outputs.
export class QoderFile extends QoderResource {
  /** True for a QoderFile, also for one that another copy of this package made. */
  static override isInstance(value: unknown): value is QoderFile {
    return isOfType(value, files.type);
  }

  /**
   * Reads a file that another program or a person manages. Pulumi never changes it.
   *
   * @param name The Pulumi name of the resource in this program.
   * @param id The file's id, `file_...`. The command fails if the token cannot see this file.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): QoderFile {
    return new QoderFile(name, undefined, { ...options, id });
  }

  constructor(name: string, args: QoderFileArgs, options?: pulumi.CustomResourceOptions);
  /** @internal */
  constructor(name: string, args: undefined, options: pulumi.CustomResourceOptions);
  constructor(name: string, args: QoderFileArgs | undefined, options?: pulumi.CustomResourceOptions) {
    super(programKind, name, args, options);
  }
}

export interface QoderFile extends ResourceOutputs<FileInputs, FileOutputs> {}

const programKind: ProgramKind = {
  ...files,
  reads: (args, name) => readContent(name, args, whenKnown),
};
