import { createHash } from "node:crypto";
import { z } from "zod";
import { parseJson } from "../api/foreign-text";
import { only } from "./arguments";
import type { Known, ResourceKind } from "./kind";
import type { Predecessor } from "./ownership";
import { type PlanRemark, planInfo } from "./plan-remark";
import { containsUnknown, type Properties } from "./program-values";
import { canonical } from "./write/idempotency";

/** The end of an earlier run of a resource. While the program asks for the same work again, no run starts and nothing is paid. */
const endSchema = z.object({ work: z.string(), run: z.looseObject({ id: z.string() }) });
type KeptEnd = z.infer<typeof endSchema>;

const mostEnds = 20;

function endsIn({ ends = "[]" }: Known): KeptEnd[] {
  return z.array(endSchema).safeParse(parseJson(ends).value).data ?? [];
}

/** The ends that the state of the next run keeps, as JSON: those that the replaced run keeps, and its own if it counts. */
export function keptEnds(kind: ResourceKind, replaced: Predecessor | undefined): string | undefined {
  const ends = replaced === undefined ? [] : countingEnds(kind, replaced);
  return ends.length === 0 ? undefined : JSON.stringify(ends);
}

function countingEnds(kind: ResourceKind, { id, known }: Predecessor): KeptEnd[] {
  const work = workOf(kind, known.arguments);
  const run = kind.start?.ending?.kept({ id, outputs: known.outputs }, known.arguments);
  const own = run === undefined ? [] : [{ work, run }];
  return [...endsIn(known).filter((end) => end.work !== work), ...own].slice(-mostEnds);
}

/** The run whose end counts again. None counts for the work of the replaced run, as `--replace` asks for another one. */
export function keptEndOf(kind: ResourceKind, replaced: Predecessor | undefined, wanted: Properties) {
  if (replaced === undefined || kind.start?.ending?.waitMs(wanted) === undefined || containsUnknown(wanted)) {
    return undefined;
  }
  const work = workOf(kind, wanted);
  return work === workOf(kind, replaced.known.arguments)
    ? undefined
    : countingEnds(kind, replaced).find((end) => end.work === work)?.run;
}

/** What a preview says in place of a start. */
export function keptEndRemarks(kind: ResourceKind, replaced: Predecessor, wanted: Properties): PlanRemark[] {
  return keptEndOf(kind, replaced, wanted) === undefined ? [] : [planInfo("evaluation", text)];
}

const text =
  "starts no run: an earlier run with the same triggers has ended already, and its end counts again. `pulumi up --replace` starts another run";

/** The arguments whose changes start another run. */
export function workArguments({ fields }: ResourceKind, given: Properties): Properties {
  return only(
    given,
    Object.keys(fields).filter((name) => fields[name]?.replaces),
  );
}

/** A digest of them. The state contains no second copy of a secret among them. */
export function workOf(kind: ResourceKind, given: Properties): string {
  return createHash("sha256")
    .update(canonical(workArguments(kind, given)))
    .digest("hex")
    .slice(0, 32);
}
