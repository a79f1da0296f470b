import { redacted } from "../../api/redacted";
import { firstTimes, info, type Remark } from "../../api/remark";
import { harmlessLines } from "../../api/terminal-text";
import { engineUrn } from "../../kinds/table";
import {
  type DiagnosticKind,
  diagnosticKinds,
  isDiagnosticKind,
  isPause,
  type PlanRemark,
  textOrGroup,
} from "../kind/diagnostics";
import { secretArguments } from "../state/hidden-texts";
import { messageText, type Subject, type Surroundings } from "./answer";
import { labelOf, nameOf } from "./label";
import type { Ledger } from "./ledger";
import { type Reported, reportedTogether } from "./reported-together";
import { type CommandSettings, commandSettings } from "./settings";
import type { Labelled } from "./shared-failures";

/**
 * Prints each remark once, if the user wants its level. A remark about the work is printed at once. A remark about the plan
 * waits for the end of the command, when all resources with the same remark are known.
 */
export class Remarks {
  #command: CommandSettings = commandSettings({});
  #choice: RemarkChoice = remarkChoice("all");
  /** True if the command is a preview; undefined until a call of the engine shows it. */
  #begunAsPreview: boolean | undefined;
  readonly #isFirst = firstTimes();
  #plan: Reported[] = [];
  /** The resources that the command neither creates nor changes. */
  readonly #unchanged = new Set<string>();
  /** The requests to print as soon as the command proves to be a preview. */
  #held: (() => Promise<void>)[] = [];

  constructor(
    private readonly tell: Surroundings["tell"],
    private readonly ledger: Ledger,
  ) {}

  get isPreview(): boolean {
    return this.#command.isPreview ?? this.#begunAsPreview ?? true;
  }

  /** Records whether the command is a preview, as a call of the engine shows it. */
  async begun(isPreview: boolean): Promise<void> {
    this.#begunAsPreview = isPreview;
    const held = this.#held.splice(0);
    await Promise.all(isPreview ? held.map((print) => print()) : []);
  }

  /** True if the stack's configuration asks for a verification (`qoder:verify`). */
  get verifies(): boolean {
    return this.#command.verify;
  }

  get showsRequests(): boolean {
    return this.isPreview && this.#command.showRequests;
  }

  get problem(): string | undefined {
    return remarkChoiceProblem(this.#command.diagnostics);
  }

  /** Records the settings of the command, which every declaration repeats. */
  runs(command: CommandSettings): void {
    this.#command = command;
    this.#choice = remarkChoice(command.diagnostics);
  }

  labelled(subject: Subject, id?: string): Labelled {
    const { name: _, ...nameless } = subject.properties;
    const isSecret = [...secretArguments(nameless), ...this.ledger.secretArguments(subject)].includes("name");
    const [urn, kind] = [this.#urnOf(subject), subject.kind.label];
    const label = labelOf(isSecret ? { ...subject, properties: nameless } : subject, urn, id);
    return { kind, name: nameOf(subject, urn) ?? kind, label };
  }

  /** Keeps remarks that are known before any request is sent: `end` prints them. `secrets`: the texts that no remark may show. */
  ofPlan(subject: Subject, remarks: readonly PlanRemark[], secrets: Iterable<string> = []): void {
    if (remarks.length === 0) {
      return;
    }
    const { acknowledge } = this.ledger.of(subject)?.given ?? {};
    const acknowledged = Array.isArray(acknowledge) ? acknowledge.filter(isDiagnosticKind) : [];
    const wanted = remarks.filter((remark) => isWanted(remark, this.#choice) && !acknowledged.includes(remark.kind));
    const urn = this.#urnOf(subject);
    const labelled = this.labelled(subject, subject.id);
    for (const remark of wanted.map((one) => withoutSecrets(one, [...secrets]))) {
      // The engine checks a replacement twice.
      if (this.#isFirst(`${labelled.label}: ${remark.kind} ${textOrGroup(remark)}`)) {
        this.#plan.push({ remark, ...labelled, urn });
      }
    }
  }

  /** Records whether the command changes the resource. */
  diffed(subject: Subject, isChanged: boolean): void {
    const urn = this.#urnOf(subject);
    if (!isChanged && urn !== undefined) {
      this.#unchanged.add(urn);
    }
  }

  /** Prints remarks about the work on a resource during the work. */
  async of(subject: Subject, remarks: readonly Remark[]): Promise<void> {
    await this.#tellOnce(
      subject,
      remarks.filter(({ severity }) => isOfLevel(severity, this.#choice)),
    );
  }

  /** Prints the requests that `up` will send, also if `qoder:diagnostics` is `none`: the user asked for them. */
  async requests(subject: Subject, lines: readonly string[]): Promise<void> {
    const print = () =>
      this.#tellOnce(
        subject,
        lines.map((line) => info(line)),
      );
    if (this.#command.isPreview === null && this.#begunAsPreview === undefined) {
      this.#held.push(print);
    } else {
      await print();
    }
  }

  /** Prints the remarks about the plan: the command ends, and no resource follows. */
  async end(): Promise<void> {
    // The preview of an `up`, in another process, has printed everything: `up` repeats the warnings about what it creates or changes.
    // A command in which the plugin creates and updates nothing may be either. Only the create of another resource in `up` shows that two
    // have one object.
    const isPreview = this.#begunAsPreview ?? this.#command.isPreview;
    const isRepeated = ({ remark: { kind, severity, together }, urn = "" }: Reported) =>
      severity === "warning" &&
      (isPreview === null || together !== undefined || kind === "shared" || !this.#unchanged.has(urn));
    const paused = this.#plan.filter(({ remark }) => isPause(remark)).map(({ urn }) => urn);
    const plan = this.#plan.filter(
      (one) =>
        (isPreview === true || isRepeated(one)) && !(one.remark.nextRuns !== undefined && paused.includes(one.urn)),
    );
    this.#plan = [];
    for (const message of reportedTogether(plan)) {
      await this.tell(message);
    }
  }

  async #tellOnce(subject: Subject, remarks: readonly Remark[]): Promise<void> {
    const urn = this.#urnOf(subject);
    for (const { severity, text } of remarks) {
      const line = `${this.labelled(subject, subject.id).label}: ${text}`;
      if (this.#isFirst(messageText(severity, line))) {
        await this.tell({ severity, text: harmlessLines(line), urn });
      }
    }
  }

  #urnOf(subject: Subject): string | undefined {
    return engineUrn(this.ledger.of(subject)?.urn ?? "");
  }
}

/** The remark without the values of secrets. The text that resources share shows no value, and takes long to make. */
function withoutSecrets(remark: PlanRemark, secrets: readonly string[]): PlanRemark {
  if (secrets.length === 0 || remark.together !== undefined) {
    return remark;
  }
  const { lines, nextRuns, text } = remark;
  const clean = (one: string) => redacted(one, secrets);
  const before = nextRuns?.before && { ...nextRuns.before, expression: clean(nextRuns.before.expression) };
  return {
    ...remark,
    text: clean(text),
    ...(lines === undefined ? {} : { lines: lines.map(clean) }),
    ...(nextRuns === undefined
      ? {}
      : { nextRuns: { ...nextRuns, expression: clean(nextRuns.expression), ...(before ? { before } : {}) } }),
  };
}

interface RemarkChoice {
  readonly level: "none" | "warnings" | "all";
  readonly quiet: readonly DiagnosticKind[];
}

const levels = ["all", "warnings", "none"] as const;

/** Reads `qoder:diagnostics`: one of three words, and kinds to keep quiet, with commas between them. */
export function remarkChoice(setting: string): RemarkChoice {
  const words = wordsOf(setting);
  return { level: levels.find((level) => words.includes(level)) ?? "all", quiet: words.filter(isDiagnosticKind) };
}

export function remarkChoiceProblem(setting: string): string | undefined {
  const unknown = wordsOf(setting).filter((word) => !isDiagnosticKind(word) && !isLevel(word));
  return unknown.length === 0
    ? undefined
    : `qoder:diagnostics has ${unknown.map((word) => `"${word}"`).join(", ")}; it takes ${levels.join(", ")}, and with commas the kinds of warnings to leave out: ${diagnosticKinds.join(", ")}`;
}

export function isWanted({ severity, kind }: Pick<PlanRemark, "severity" | "kind">, choice: RemarkChoice): boolean {
  return isOfLevel(severity, choice) && !choice.quiet.includes(kind);
}

function isOfLevel(severity: PlanRemark["severity"], { level }: RemarkChoice): boolean {
  return level === "all" || (level === "warnings" && severity === "warning");
}

function wordsOf(setting: string): string[] {
  return setting
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function isLevel(word: string): boolean {
  return levels.some((level) => level === word);
}
