import { harmless } from "../../api/foreign-text";
import { info, type Remark } from "../../api/remark";
import { isRemarkKind, type PlanRemark } from "../plan-remark";
import type { Properties } from "../program-values";
import { hiddenInputs } from "../state";
import { messageText, type Subject, type Surroundings } from "./answer";
import { type Command, commandOf } from "./command";
import { labelOf, nameOf, namesText, sortedNames } from "./label";
import { isOfLevel, isWanted, type RemarkChoice, remarkChoice, remarkChoiceProblem } from "./remark-choice";
import { type Told, toldTogether } from "./told-together";

/** A refusal that other resources met before. */
interface Unread {
  /** The resource that met it first, and what the service said, in words. */
  readonly first: string;
  readonly summary: string;
}

/**
 * Tells the person who runs the command what concerns each resource: once, and as far as he wants to read it. What belongs to the
 * work is told at once; what is known of the plan waits for the end of the command, as only then all resources are known that have
 * the same remark.
 */
export class Remarks {
  #command: Command = commandOf({});
  #choice: RemarkChoice = remarkChoice("all");
  readonly #told = new Set<string>();
  /** Of the resources that this command declared, by the URNs under which they were declared first. */
  readonly #urns = new Map<string | undefined, string>();
  /** What the program acknowledges, by the same URNs. */
  readonly #acknowledged = new Map<string | undefined, readonly string[]>();
  #plan: Told[] = [];
  #unread: (Unread & { readonly name: string })[] = [];

  constructor(private readonly tell: Surroundings["tell"]) {}

  get isPreview(): boolean {
    return this.#command.isPreview;
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

  /** What is known before anything is sent. An update follows a preview that said it, so only warnings are worth a second look. */
  ofPlan(subject: Subject, remarks: readonly PlanRemark[]): void {
    const acknowledged = this.#acknowledged.get(hiddenInputs(subject.properties).__origin) ?? [];
    const wanted = remarks.filter(
      (remark) =>
        (this.isPreview || remark.severity === "warning") &&
        isWanted(remark, this.#choice) &&
        !acknowledged.includes(remark.kind),
    );
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

  /** A refresh leaves the resource as the state has it, for a reason that it told of another one. */
  unread(subject: Subject, refusal: Unread): void {
    this.#unread.push({ ...refusal, name: nameOf(subject, this.#urnOf(subject)) ?? subject.kind.label });
  }

  /** The command ends: no resource follows. */
  async end(): Promise<void> {
    const [plan, unread] = [this.#plan, this.#unread];
    this.#plan = [];
    this.#unread = [];
    for (const message of toldTogether(plan)) {
      await this.tell(message);
    }
    const [first] = unread;
    if (first !== undefined) {
      await this.tell({ severity: "error", text: unreadText(first, unread), urn: undefined });
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

function unreadText({ first, summary }: Unread, unread: readonly { readonly name: string }[]): string {
  const names = namesText(sortedNames(unread.map(({ name }) => name)).map((name) => `"${name}"`));
  const count = unread.length === 1 ? "1 more resource was" : `${unread.length} more resources were`;
  return harmless(
    `${count} not read for the reason told of ${first} (${summary}); the state keeps what it has of ${names}`,
  );
}
