import { harmless } from "../../api/foreign-text";
import { info, type Remark } from "../../api/remark";
import { isRemarkKind, type PlanRemark } from "../plan-remark";
import type { Properties } from "../program-values";
import { hiddenInputs } from "../state";
import { messageText, type Subject, type Surroundings } from "./answer";
import { type Command, commandOf } from "./command";
import { labelOf, nameOf } from "./label";
import { isOfLevel, isWanted, type RemarkChoice, remarkChoice, remarkChoiceProblem } from "./remark-choice";
import { type Told, toldTogether } from "./told-together";

/**
 * Tells the person who runs the command what concerns each resource: once, and at the level that the person chose. A remark on the work
 * is told at once. A remark on the plan waits for the end of the command, when all resources that have the same remark are known.
 */
export class Remarks {
  #command: Command = commandOf({});
  #choice: RemarkChoice = remarkChoice("all");
  /** Undefined until a call of the engine shows it. */
  #begunAsPreview: boolean | undefined;
  readonly #told = new Set<string>();
  /** Of the resources that this command declared, by the URNs under which they were declared first. */
  readonly #urns = new Map<string | undefined, string>();
  /** The kinds of remarks that the program acknowledges, by the same URNs. */
  readonly #acknowledged = new Map<string | undefined, readonly string[]>();
  #plan: Told[] = [];

  constructor(private readonly tell: Surroundings["tell"]) {}

  get isPreview(): boolean {
    return this.#command.isPreview ?? true;
  }

  /** A call of the engine shows whether the command is a preview. */
  begun(isPreview: boolean): void {
    this.#begunAsPreview = isPreview;
  }

  /** Whether the stack's configuration asks for it. */
  get verifies(): boolean {
    return this.#command.verify;
  }

  get showsRequests(): boolean {
    return this.isPreview && this.#command.showRequests;
  }

  /** What is wrong with the user's choice. */
  get problem(): string | undefined {
    return remarkChoiceProblem(this.#command.remarks);
  }

  /** The program declares a resource, which was declared at `origin` first. */
  declared(given: Properties, origin: string | undefined): void {
    this.#command = commandOf(given);
    this.#choice = remarkChoice(this.#command.remarks);
    const { __origin } = hiddenInputs(given);
    const [urn] = /urn:pulumi:.*/s.exec(__origin ?? "") ?? [];
    if (urn !== undefined) {
      this.#urns.set(origin, urn).set(__origin, urn);
    }
    const { acknowledge } = given;
    const acknowledged = Array.isArray(acknowledge) ? acknowledge.filter(isRemarkKind) : [];
    this.#acknowledged.set(origin, acknowledged).set(__origin, acknowledged);
  }

  /** By its Pulumi name first. */
  label(subject: Subject, id?: string): string {
    return labelOf(subject, this.#urnOf(subject), id);
  }

  /** Remarks that are known before any request is sent: `end` tells them. */
  ofPlan(subject: Subject, remarks: readonly PlanRemark[]): void {
    const acknowledged = this.#acknowledged.get(hiddenInputs(subject.properties).__origin) ?? [];
    const wanted = remarks.filter((remark) => isWanted(remark, this.#choice) && !acknowledged.includes(remark.kind));
    const { label: kind } = subject.kind;
    const urn = this.#urnOf(subject);
    const name = nameOf(subject, urn) ?? kind;
    for (const remark of wanted) {
      const label = this.label(subject, subject.id);
      // A replacement is checked twice.
      if (this.#isFirst(`${label}: ${remark.kind} ${remark.text}`)) {
        this.#plan.push({ remark, kind, name, label, urn });
      }
    }
  }

  /** What belongs to the work on a resource, while it goes on. */
  async of(subject: Subject, remarks: readonly Remark[]): Promise<void> {
    await this.#tellOnce(
      subject,
      remarks.filter(({ severity }) => isOfLevel(severity, this.#choice)),
    );
  }

  /** What will be sent. Whoever asks for that reads it, however few remarks he wants. */
  async requests(subject: Subject, lines: readonly string[]): Promise<void> {
    await this.#tellOnce(
      subject,
      lines.map((line) => info(line)),
    );
  }

  /** The command ends, and no resource follows. */
  async end(): Promise<void> {
    // An update follows a preview that told everything.
    const isPreview = this.#begunAsPreview ?? this.#command.isPreview === true;
    const plan = this.#plan.filter(({ remark }) => isPreview || remark.severity === "warning");
    this.#plan = [];
    for (const message of toldTogether(plan)) {
      await this.tell(message);
    }
  }

  async #tellOnce(subject: Subject, remarks: readonly Remark[]): Promise<void> {
    const urn = this.#urnOf(subject);
    for (const { severity, text } of remarks) {
      const line = `${this.label(subject, subject.id)}: ${text}`;
      if (this.#isFirst(messageText(severity, line))) {
        await this.tell({ severity, text: harmless(line), urn });
      }
    }
  }

  #isFirst(text: string): boolean {
    const isFirst = !this.#told.has(text);
    this.#told.add(text);
    return isFirst;
  }

  #urnOf({ properties }: Pick<Subject, "properties">): string | undefined {
    return this.#urns.get(hiddenInputs(properties).__origin);
  }
}
