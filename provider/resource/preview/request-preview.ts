import type { CheckOutcome } from "../check/check";
import type { Subject } from "../engine/answer";
import type { Command } from "../engine/remarks";
import type { ResourceKind } from "../kind";
import type { Properties } from "../program-values";
import type { Session } from "../session";
import { hiddenInputs } from "../unfinished";
import type { Secrets } from "./shown-body";
import { linesOfCreate, linesOfReplacement, linesOfUpdate } from "./shown-requests";

/**
 * Tells in a preview what `up` will send, where the user asked for that. The engine asks for no create and no update then: a
 * create is known by its check, an update by its diff, and a replacement by a second check.
 */
export class RequestPreview {
  /** The arguments that hold secrets, by the URNs under which the resources of this command were declared first. */
  readonly #secretArguments = new Map<string | undefined, readonly string[]>();
  #hasShownCreate = false;
  /** The ids of those whose updates were told. */
  readonly #updated = new Set<string>();

  constructor(
    private readonly kind: ResourceKind,
    private readonly session: Pick<Session, "ownership" | "remarks">,
  ) {}

  async ofCheck(
    subject: Subject,
    { inputs, exists, isNew }: CheckOutcome,
    { secrets: secretArguments }: Command,
    texts: Iterable<string>,
  ): Promise<void> {
    const { remarks, ownership } = this.session;
    this.#secretArguments.set(hiddenInputs(inputs).__origin, secretArguments);
    if (exists || !remarks.showsRequests) {
      return;
    }
    const { __origin: urn = "" } = hiddenInputs(subject.properties);
    const secrets = { arguments: secretArguments, texts };
    const predecessor = isNew ? undefined : ownership.predecessor(urn);
    const lines =
      predecessor === undefined
        ? linesOfCreate(this.kind, inputs, secrets, this.#isFirstCreate())
        : this.#replacement(predecessor.id, inputs, secrets);
    await remarks.requests(subject, lines);
  }

  #isFirstCreate(): boolean {
    const isFirst = !this.#hasShownCreate;
    this.#hasShownCreate = true;
    return isFirst;
  }

  #replacement(id: string, inputs: Properties, secrets: Secrets): string[] {
    const lines = linesOfReplacement(this.kind, id, inputs, secrets, this.#isFirstCreate());
    // `replaceOnChanges` is the engine's: it asks for the diff of an update, and replaces where something differs.
    return this.#updated.has(id) ? ["is replaced, so in place of that update:", ...lines] : lines;
  }

  async ofUpdate(subject: Subject, id: string, olds: Properties, texts: Iterable<string>): Promise<void> {
    const { remarks } = this.session;
    const { properties: news } = subject;
    const secretArguments = this.#secretArguments.get(hiddenInputs(news).__origin);
    // A refresh asks for the difference the other way round.
    if (secretArguments === undefined || !remarks.showsRequests) {
      return;
    }
    this.#updated.add(id);
    const lines = linesOfUpdate(this.kind, id, olds, news, { arguments: secretArguments, texts });
    await remarks.requests({ ...subject, id: undefined }, lines);
  }
}
