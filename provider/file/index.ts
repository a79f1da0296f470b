import type * as pulumi from "@pulumi/pulumi";
import { whenKnown } from "../program/inputs";
import { isOfType, type OutputNames, type ProgramKind, QoderResource, type ResourceOutputs } from "../program/resource";
import { fileSource, fileType } from "../program/source";
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
 * Taking the resource out of the program, replacing or destroying it deletes the file: the options `protect` and `retainOnDelete` keep
 * it. A file that live deployments name, or that a session uses, is left as it is with a warning. A replacement is created before the old
 * file is deleted.
 *
 * If the answer to a create is lost and the command ends, the next `pulumi up` may upload a second file; a warning then names the
 * first one. `customTimeouts` bound each operation, 5 minutes where they say nothing. The option `import` cannot work: use `adopt`
 * or `npx pulumi-qoder import`.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK gives the resource each of these outputs.
export class QoderFile extends QoderResource {
  /** @internal The name by which policy packs find it. */
  static readonly __pulumiType = fileType;

  /** Whether it is one, also of another copy of this package. */
  static override isInstance(value: unknown): value is QoderFile {
    return isOfType(value, fileType);
  }

  /**
   * Looks up a file that something else manages; nothing of it is changed or taken over.
   *
   * @param name The Pulumi name to show it under.
   * @param id The file's id, `file_...`. An error when the token cannot see it.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): QoderFile {
    return new QoderFile(name, undefined, { ...options, id });
  }

  constructor(name: string, args: QoderFileArgs, options?: pulumi.CustomResourceOptions);
  /** @internal */
  constructor(name: string, args: undefined, options: pulumi.CustomResourceOptions);
  constructor(name: string, args: QoderFileArgs | undefined, options?: pulumi.CustomResourceOptions) {
    const isLookUp = args == null && options?.id !== undefined;
    const { given, read } = isLookUp ? {} : readContent(name, { ...args }, whenKnown);
    super(programKind, name, given, options, read);
  }
}

export interface QoderFile extends ResourceOutputs<FileInputs, FileOutputs> {}

const outputs: OutputNames<FileInputs, FileOutputs> = {
  name: undefined,
  content: undefined,
  digest: undefined,
  metadata: undefined,
  expiresInSeconds: undefined,
  filename: undefined,
  mimeType: undefined,
  sizeBytes: undefined,
  expiresAt: undefined,
  createdAt: undefined,
};

const programKind: ProgramKind = {
  label: "QoderFile",
  noun: "file",
  type: fileType,
  source: fileSource,
  outputs,
  secretMembers: {},
  namesSecrets: true,
  isNameless: true,
};
