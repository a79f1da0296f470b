import { z } from "zod";
import { excerpt, harmless } from "../../api/foreign-text";
import { info, type Remark } from "../../api/remark";
import { containsUnknown, type Properties } from "../program-values";
import { siblingPlaceSchema } from "../siblings";
import { hiddenInputs, pulumiName } from "../state";
import { type Message, messageText, type Subject, type Surroundings } from "./answer";

/**
 * What the program side tells of the command that runs. It changes from command to command, so it goes into no state: the check
 * takes it out of the inputs.
 */
const sourceSchema = z.object({
  /** Empty where nothing could be read. */
  path: z.string(),
  problems: z.array(z.string()),
  remarks: z.array(z.object({ severity: z.enum(["info", "warning"]), text: z.string() })),
});

const commandSchema = z.object({
  /** A check is told nothing of it by the engine. Null where a later call tells. */
  isPreview: z.boolean().nullable().default(true).catch(true),
  /** Which remarks the user wants to read. */
  remarks: z.enum(["none", "warnings", "all"]).default("all").catch("all"),
  /** A preview shows what `up` will send. */
  showRequests: z.boolean().default(false).catch(false),
  /** The arguments of the resource that hold secrets. Told where requests are shown: the engine does not tell it. */
  secrets: z.array(z.string()).default([]).catch([]),
  /** A preview asks the service whether it has what the program names. */
  verify: z.boolean().default(false).catch(false),
  /** Where the program writes the ids of the other resources of the kind; absent in a preview. */
  siblings: siblingPlaceSchema.optional().catch(undefined),
  /** The resource option of this name: paths of arguments whose change replaces the resource. */
  replaceOnChanges: z.array(z.string()).default([]).catch([]),
  /** The resource option of this name: nothing is archived or deleted. */
  retainOnDelete: z.boolean().default(false).catch(false),
  /** What the program read on this machine for the resource; absent where it read nothing. */
  source: sourceSchema.optional().catch(undefined),
});
export type Command = z.infer<typeof commandSchema>;

export function commandOf({ __command }: Properties): Command {
  return commandSchema.parse(Object(__command));
}

export function withoutCommand({ __command: _, ...properties }: Properties): Properties {
  return properties;
}

/** Tells the person who runs the command what concerns each resource: once, and as far as he wants to read it. */
export class Remarks {
  #command: Command = commandOf({});
  readonly #told = new Set<string>();
  /** Of the resources that this command declared, by the URNs under which they were declared first. */
  readonly #urns = new Map<string | undefined, string>();

  #withShort = 0;
  /** What a preview alone tells, while nobody knows whether this is one. */
  #held: Message[] = [];

  constructor(private readonly tell: Surroundings["tell"]) {}

  get isPreview(): boolean {
    return this.#command.isPreview ?? true;
  }

  /** A call of the engine shows whether the command is a preview. */
  async begun(isPreview: boolean): Promise<void> {
    const held = this.#held;
    this.#held = [];
    for (const message of isPreview ? held : []) {
      await this.tell(message);
    }
  }

  /** Whether the stack's configuration asks for it. */
  get verifies(): boolean {
    return this.#command.verify;
  }

  get showsRequests(): boolean {
    return this.isPreview && this.#command.showRequests;
  }

  /** The program declares a resource, which was declared at `origin` first. */
  declared(given: Properties, origin: string | undefined): void {
    this.#command = commandOf(given);
    const { __origin } = hiddenInputs(given);
    const [urn] = /urn:pulumi:.*/s.exec(__origin ?? "") ?? [];
    if (urn !== undefined) {
      this.#urns.set(origin, urn).set(__origin, urn);
    }
  }

  /** What is known before anything is sent. An update follows a preview that said it, so only warnings are worth a second look. */
  async ofPlan(subject: Subject, remarks: readonly Remark[]): Promise<void> {
    await this.of(
      subject,
      remarks.filter(({ severity }) => this.isPreview || severity === "warning"),
    );
  }

  async of(subject: Subject, remarks: readonly Remark[]): Promise<void> {
    await this.#tellOnce(
      subject,
      remarks.filter((remark) => this.#isWanted(remark)),
    );
  }

  /** What will be sent. Whoever asks for that reads it, however few remarks he wants. */
  async requests(subject: Subject, lines: readonly string[]): Promise<void> {
    await this.#tellOnce(
      subject,
      lines.map((line) => info(line)),
    );
  }

  async #tellOnce(subject: Subject, remarks: readonly Remark[]): Promise<void> {
    if (remarks.length === 0) {
      return;
    }
    const urn = this.#urns.get(hiddenInputs(subject.properties).__origin);
    const label = labelOf(subject, urn);
    for (const remark of remarks) {
      const { severity, text } = remark;
      // A replacement is checked twice.
      const key = messageText(severity, `${label}: ${text}`);
      if (!this.#told.has(key)) {
        this.#told.add(key);
        const message = { severity, text: harmless(`${label}: ${this.#inFullOrShort(remark)}`), urn };
        await (this.#mustWait(remark) ? this.#held.push(message) : this.tell(message));
      }
    }
  }

  #mustWait({ severity }: Remark): boolean {
    return this.#command.isPreview === null && severity === "info";
  }

  /** Of remarks that many resources may have, the first two are told in full. */
  #inFullOrShort({ text, short }: Remark): string {
    if (short === undefined) {
      return text;
    }
    this.#withShort += 1;
    return this.#withShort <= mostInFull ? text : short;
  }

  #isWanted({ severity }: Remark): boolean {
    const { remarks } = this.#command;
    return remarks === "all" || (remarks === "warnings" && severity === "warning");
  }
}

const mostInFull = 2;
const longestName = 100;

/** By the name in the program, and by what people see at Qoder where that is another. */
function labelOf({ kind, id, properties }: Subject, urn: string | undefined): string {
  const { name } = properties;
  const declared = urn?.split("::").pop() ?? pulumiName(properties);
  const isOther = typeof name === "string" && !containsUnknown(name) && name !== declared;
  const atQoder = isOther ? [`"${excerpt(name, longestName)}" at Qoder`] : [];
  const resource = declared === undefined ? kind.label : `${kind.label} "${declared}"`;
  const more = [...atQoder, ...(id === undefined ? [] : [id])];
  return more.length === 0 ? resource : `${resource} (${more.join(", ")})`;
}
