import type { Configuration } from "../../account/settings";
import { patience } from "../../api/patience";
import { redacted } from "../../api/redacted";
import type { Remark } from "../../api/remark";
import { type Subject, secretTexts } from "../engine/answer";
import type { PriorState, ResourceKind } from "../kind/kind";
import type { Properties } from "../kind/program-values";
import type { AccountReader } from "../read/account-reader";
import { Objects } from "../read/objects";
import { secretArguments } from "../state/hidden-texts";
import { hiddenInputs, hiddenOutputs } from "../state/state";
import type { Session } from "./session";

interface Recorded {
  readonly prior?: PriorState;
  readonly olds?: Properties;
  readonly parent?: string | undefined;
}

/** One call of the engine about a resource, with the account that it asks. */
export class EngineCall {
  constructor(
    readonly kind: ResourceKind,
    readonly session: Session,
    readonly configuration: Configuration | undefined,
    readonly subject: Subject,
    /** The secrets that no message of this call may repeat. */
    readonly secrets: Set<string>,
  ) {}

  /** The name of the QoderProvider; undefined for the stack's own account. */
  get account(): string | undefined {
    return this.configuration?.get("qoder:account") || undefined;
  }

  get environment(): Readonly<Record<string, string | undefined>> {
    return this.session.surroundings.environment;
  }

  /** See `AccountSettings`. */
  get maker(): string {
    return this.session.clients.account(this.configuration).maker;
  }

  /** Answers the questions of a preview that verifies; undefined in any other command. */
  get reader(): AccountReader | undefined {
    return this.session.accountReader(this.configuration);
  }

  /** The objects of the kind, for the questions of a preview or refresh. */
  asking(recorded?: Recorded): Objects {
    return this.objects(patience.questionMs / 1_000, recorded);
  }

  /** Lets no message of this call repeat a secret in these inputs or outputs, such as one that an update replaces. */
  hide(properties: Properties = {}): void {
    for (const text of secretTexts(this.session, { ...this.subject, properties })) {
      this.secrets.add(text);
    }
  }

  objects(seconds: number | undefined, { prior, olds, parent }: Recorded = {}): Objects {
    const { kind, session, subject, secrets } = this;
    this.hide(olds);
    const tell = ({ severity, text }: Remark) =>
      session.remarks.of(subject, [{ severity, text: redacted(text, secrets) }]);
    const milliseconds = seconds === undefined ? patience.callMs : seconds * 1_000;
    const work = { milliseconds, mayTakeMore: seconds === undefined, cancelled: session.cancelled, tell, secrets };
    const state = olds ?? subject.properties;
    const isRecorded = subject.id !== undefined && Object.keys(prior?.arguments ?? {}).length > 0;
    const { __maker: maker } = hiddenOutputs(state);
    const recorded = isRecorded ? session.accountProofs.of(subject.id, maker, this.maker) : undefined;
    const folder = session.ledger.of(subject)?.command.source?.path;
    const { __origin: origin = "" } = hiddenInputs(subject.properties);
    const inTurn = <Result>(work: () => Promise<Result>) => session.ledger.inTurn(work);
    const files = kind.upload === undefined ? undefined : { folder, origin, inTurn };
    const client = session.clients.client(this.configuration, work);
    const secretOnes = secretArguments(subject.properties, olds ?? {});
    return new Objects(client, kind, secretOnes, parent, files, recorded);
  }
}
