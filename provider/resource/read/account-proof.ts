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

type Maker = string | undefined;
export type AccountProof = ReturnType<AccountProofs["of"]>;

/**
 * The service answers 404 for an object of another account, as for a deleted one. The token that made an object (see `__maker`) belongs
 * to its account. Another token does if it sees another object that the same token made. Nothing else is a proof: any token can
 * create an object in its own account.
 */
export class AccountProofs {
  /** The makers of the objects that this command has seen. */
  readonly #seen = new Set<Maker>();
  readonly #missing = new Set<string>();
  /** The objects that the engine compared or asks for: an `up` sends nothing else for a resource without a change. */
  readonly #recorded: { readonly id: string; readonly maker: Maker; readonly read: ApiRequest }[] = [];

  record(id: string, maker: Maker, read: ApiRequest): void {
    this.#recorded.push({ id, maker, read });
  }

  /** `maker`: the recorded one; `present`: the one of this command. */
  of(id: string, maker: Maker, present: string) {
    let isSeen = false;
    return {
      saw: () => {
        isSeen = true;
        this.#seen.add(maker);
      },
      missed: () => void this.#missing.add(id),
      /** The maker to record after an update: a write that only the state keeps proves nothing about the token. */
      makerAfterUpdate: (): Maker => (isSeen ? present : maker),
      /** Sends at most one GET, of another object of the maker or of the witness. */
      isOfAccount: async (client: QoderClient, witness: ApiRequest | undefined): Promise<boolean> => {
        if (maker !== undefined && (maker === present || this.#seen.has(maker))) {
          return true;
        }
        const isProof = (one: { id: string; maker: Maker }) => one.maker !== undefined && one.maker === maker;
        const other = this.#recorded.find((one) => isProof(one) && !this.#missing.has(one.id));
        const read = other?.read ?? witness;
        return read !== undefined && client.send(read).then(() => true, falseIfInvisible);
      },
    };
  }
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
      `${nor} be seen by this token, nor another object of its token: it probably belongs to another account or workspace.\n` +
        "Check qoder:pat, workspaceId, baseUrl. If it is gone: `pulumi refresh` without `--target` and `--parallel 1`, or `pulumi state delete`",
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
