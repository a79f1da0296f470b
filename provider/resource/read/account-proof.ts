import type { QoderClient } from "../../api/client";
import { QoderApiError, QoderError } from "../../api/errors";
import type { ApiRequest } from "../../api/transport";
import type { Compared } from "../engine/ledger";
import { type PlanRemark, planWarning } from "../kind/diagnostics";
import type { ResourceKind } from "../kind/kind";
import type { Properties } from "../kind/program-values";
import { namedObjects } from "../kind/references";
import { getRequest } from "../kind/requests";
import { hiddenOutputs } from "../state/state";

/** What the state records of the account of an object: the name of the QoderProvider, and who made the object (see `AccountSettings`). */
interface RecordedAccount {
  readonly __account?: string | undefined;
  readonly __maker?: string | undefined;
}
export type AccountProof = ReturnType<AccountProofs["of"]>;

/**
 * The objects of the state that the token of this command sees. The service answers 404 for an object of another account, as for a
 * deleted one. A token that sees another object of the same recorded account and maker belongs to that account. Any token can create an
 * object, so one that this command created proves nothing, and one that an earlier command created proves only what the same token made.
 */
export class AccountProofs {
  readonly #seen = new Set<string>();
  readonly #missing = new Set<string>();
  /** The objects that the engine compared or asks for: an `up` sends nothing else for a resource without a change. */
  readonly #recorded: { readonly id: string; readonly group: string; readonly read: ApiRequest }[] = [];

  record(id: string, account: RecordedAccount, read: ApiRequest): void {
    this.#recorded.push({ id, group: groupOf(account), read });
  }

  of(id: string, account: RecordedAccount) {
    const group = groupOf(account);
    return {
      saw: () => void this.#seen.add(group),
      missed: () => void this.#missing.add(id),
      /** True if the token, which does not see the object, has seen another one, or sees one more or the witness. Sends at most one GET. */
      isOfAccount: async (client: QoderClient, witness: ApiRequest | undefined): Promise<boolean> => {
        const other = this.#recorded.find((one) => one.group === group && !this.#missing.has(one.id));
        const read = other?.read ?? witness;
        return this.#seen.has(group) || (read !== undefined && client.send(read).then(() => true, falseIfInvisible));
      },
    };
  }
}

/** The objects that prove the account of each other. */
function groupOf({ __account, __maker }: RecordedAccount): string {
  return JSON.stringify([__account, __maker]);
}

function falseIfInvisible(error: unknown): false {
  if (error instanceof QoderApiError && (error.status === 404 || error.status === 403)) {
    return false;
  }
  throw error;
}

interface Asking {
  readonly client: QoderClient;
  readonly kind: ResourceKind;
  readonly recorded?: AccountProof | undefined;
}

/** Throws unless the token proves to belong to the account of the object: another account answers 404 too. */
export async function assureRightAccount(
  { client, kind, recorded }: Asking,
  id: string,
  given: Properties,
): Promise<void> {
  const proving = (kind.named ?? []).filter(({ provesAccount }) => provesAccount);
  const [witness] = namedObjects(proving, given);
  if (!(await recorded?.isOfAccount(client, witness && getRequest(witness.kind, witness.id)))) {
    const nor = witness === undefined ? `${id} cannot` : `neither ${id} nor its ${witness.kind.noun} ${witness.id} can`;
    throw new QoderError(
      `${nor} be seen by this token, nor any other object: it probably belongs to another account or workspace.\n` +
        "Check qoder:pat, workspaceId, baseUrl. If it is gone, run `pulumi refresh` without `--target` and without `--parallel 1`, or `pulumi state delete`",
    );
  }
}

/** Another account would be another place for the object, and nothing moves it there. Old states do not name their account. */
export function accountRemarks({ id, olds, account, declaration }: Compared): PlanRemark[] {
  const { __account: recorded } = hiddenOutputs(olds);
  const given = account === undefined ? "the account of the stack" : `the QoderProvider "${account}"`;
  return declaration === undefined || recorded === undefined || recorded === account
    ? []
    : [
        planWarning(
          "account",
          `${id} stays in the account of the QoderProvider "${recorded}", although the program gives ${given}. Restore the provider; or rename the resource, which ends ${id} and creates another one here. If both are one account, run \`pulumi refresh\``,
        ),
      ];
}
