import type { Clock } from "../../api/clock";
import { redacted } from "../../api/redacted";
import type { Remark } from "../../api/remark";
import { excerpt, harmless, harmlessLines } from "../../api/terminal-text";
import { type Advised, withAdvice } from "../kind/advice";
import type { Properties } from "../kind/program-values";
import { secretArguments } from "../state/hidden-texts";
import { FinalFailure, PartialFailure, pulumiName } from "../state/state";
import type { Labelled, SharedFailures } from "./shared-failures";

export interface Subject {
  readonly kind: Advised & {
    readonly label: string;
    readonly fields: Readonly<Record<string, { readonly secretMembers?: readonly string[] }>>;
  };
  readonly operation: "check" | "diff" | "create" | "read" | "update" | "delete";
  readonly id: string | undefined;
  readonly properties: Properties;
}

interface Answering {
  readonly surroundings: Pick<Surroundings, "tell">;
  readonly failures: SharedFailures;
  readonly remarks: { labelled(subject: Subject, id?: string): Labelled };
  readonly ledger: { secretArguments(subject: Subject): readonly string[] };
  /** The secrets of all resources that this command has met. */
  readonly secrets: Set<string>;
}

/**
 * Runs one call of the engine. The result is plain data: one `undefined` would fail the whole answer, after the service acted
 * (pulumi issue 2205). Throws only errors that this file makes: the server would register a resource for a foreign `id`, and
 * would never answer after a thrown value that is no error (pulumi/pulumi sdk/nodejs/cmd/dynamic-provider).
 */
export async function answerEngine<Result extends object>(
  answering: Answering,
  subject: Subject,
  call: (secrets: Set<string>) => Promise<Result>,
  /** True if a message may repeat the secrets of any resource of the command. */
  repeatsAny = false,
): Promise<Result> {
  // An error message of the service may repeat these texts.
  const own = secretTexts(answering, subject);
  for (const text of own) {
    answering.secrets.add(text);
  }
  const secrets = repeatsAny ? answering.secrets : new Set(own);
  try {
    return plain(await call(secrets));
  } catch (error) {
    const failure = engineError(answering, subject, error, secrets);
    if ("reasons" in failure) {
      // The engine shows only the reasons of this error, not its message.
      await answering.surroundings.tell({ severity: "error", text: failure.message, urn: undefined });
    }
    throw failure;
  }
}

export function secretTexts({ ledger }: Answering, subject: Subject): string[] {
  const { kind, properties } = subject;
  return [
    ...Object.entries(kind.fields).flatMap(([name, { secretMembers = [] }]) =>
      textsNamed(secretMembers, { [name]: properties[name] }),
    ),
    ...[...secretArguments(properties), ...ledger.secretArguments(subject)].flatMap((name) =>
      textsWithin(properties[name]),
    ),
  ];
}

function textsNamed(names: readonly string[], value: unknown): string[] {
  if (names.length === 0 || typeof value !== "object" || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, member]) =>
    names.includes(name) && typeof member === "string" ? [member] : textsNamed(names, member),
  );
}

/** Every text in a value, except the names of types, which are no secrets. */
function textsWithin(value: unknown): string[] {
  if (typeof value === "string") {
    return [value];
  }
  return typeof value !== "object" || value === null
    ? []
    : Object.entries(value).flatMap(([name, member]) => (name === "type" ? [] : textsWithin(member)));
}

function plain<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value));
}

function engineError(
  { failures, remarks }: Answering,
  subject: Subject,
  thrown: unknown,
  secrets: ReadonlySet<string>,
): Error {
  const partial = thrown instanceof PartialFailure ? thrown : undefined;
  const id = partial?.written.object.id ?? subject.id;
  const cause = partial?.cause ?? thrown;
  const outcome = partial === undefined ? "failed" : outcomeOf(partial);
  const done = partial === undefined ? "failed" : partial.mayBeDone ? "perhaps done" : "done in part";
  const redact = (text: string) => redacted(text, secrets);
  const text =
    failures.failed(cause, subject.operation, done, remarks.labelled(subject), redact) ??
    `${remarks.labelled(subject, id).label}: ${subject.operation} ${outcome}: ${reasonText(subject, cause)}`;
  const message = harmlessLines(redact(text));
  if (partial === undefined) {
    return new EngineError(message);
  }
  // Without `__provider` among the properties, no later call could load the provider.
  const properties = plain({ ...partial.properties, __provider: subject.properties["__provider"] });
  return Object.assign(new Error(message), {
    id,
    properties,
    reasons: [recordedReason(subject, partial)],
  });
}

function reasonText({ operation, kind }: Subject, cause: unknown): string {
  const reason = cause instanceof Error && cause.message !== "" ? cause.message : `unexpected failure ${String(cause)}`;
  return withAdvice(reason, cause, operation, kind);
}

function outcomeOf({ mayBeDone, cause }: PartialFailure): string {
  if (cause instanceof FinalFailure) {
    return "failed permanently";
  }
  return mayBeDone
    ? "may have been done or not, the next `pulumi up` sends it again"
    : "was done in part, the next `pulumi up` does the rest";
}

// The engine stores this reason unencrypted in the state, its backup and its history, and the service may repeat secrets that
// only the engine knows. So the reason holds nothing from the service except the id, and no name except the Pulumi name.
function recordedReason({ kind, operation, properties }: Subject, partial: PartialFailure): string {
  const name = pulumiName(properties);
  const resource = name === undefined ? kind.label : `${kind.label} "${name}"`;
  return harmless(
    `${resource} (${excerpt(partial.written.object.id)}): ${operation} ${outcomeOf(partial)}; the reason is printed above`,
  );
}

/** Replaces the stack of an error that the engine prints beside its resource. */
const alreadyTold = "(see the message beside the resource)";

/**
 * An error that only the engine prints. After a failed check, diff, read or delete, the server of dynamic providers also writes
 * message and stack to its standard error, and the CLI shows them as a second copy (pulumi/pulumi
 * sdk/nodejs/cmd/dynamic-provider: console.error(`${e}: ${e.stack}`)).
 */
export class EngineError extends Error {
  override stack = alreadyTold;
}

type Write = (...values: readonly unknown[]) => void;

/** Drops only the lines about an `EngineError`: the process belongs to the server, which may write other lines. */
export function withoutSecondCopies(write: Write): Write {
  return (...values) => {
    const [first] = values;
    if (typeof first !== "string" || !first.endsWith(`: ${alreadyTold}`)) {
      write(...values);
    }
  };
}

console.error = withoutSecondCopies(console.error);

export interface Message {
  readonly severity: Remark["severity"] | "error";
  readonly text: string;
  /** The URN of the resource that the text is about; undefined for several, or if this command did not declare the resource. */
  readonly urn: string | undefined;
}

/** The clock, messages and environment of a provider. `watch.ts` makes those of a real process. */
export interface Surroundings {
  readonly clock: Clock;
  readonly tell: (message: Message) => Promise<void>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function messageText(severity: Message["severity"], text: string): string {
  return severity === "info" ? text : `${severity}: ${text}`;
}
