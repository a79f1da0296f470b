import type { JsonObject } from "../../../provider/api/schema";
import { at, type Lab, type Reply, statusText, takenOr, Untried } from "../lab";
import { ownDeployment, updateOwn } from "../own-objects";
import { asked, expected, harmless, loses } from "../row";

/** A schedule so rare that it cannot fire between two requests, even if the pause failed. */
const onLeapDays = { type: "cron", expression: "0 0 29 2 *", timezone: "UTC" };

/** Gives the deployment a schedule, only while the deployment is paused. */
async function scheduled(lab: Lab, schedule: JsonObject): Promise<Reply> {
  const { path } = await ownDeployment(lab);
  if ((await lab.get(path)).body["status"] !== "paused") {
    throw new Untried("the deployment could not be paused, so the probe gave it no schedule");
  }
  return lab.post(path, { schedule });
}

/** Sends null for a member that is set. */
async function nulled(lab: Lab, member: string): Promise<"cleared" | "ignored" | readonly ["refused", string]> {
  const reply = await updateOwn(lab, { [member]: null });
  if (reply.status >= 300) {
    return ["refused", statusText(reply)];
  }
  const { body } = await lab.get((await ownDeployment(lab)).path);
  return body[member] == null ? "cleared" : "ignored";
}

/** The deployment, if the service shows the settings that the older generation of the API keeps in the metadata. */
async function pathWithSettings(lab: Lab): Promise<readonly string[]> {
  const { path, shown } = await ownDeployment(lab);
  if (at(shown, "metadata", "cas_config") === undefined) {
    throw new Untried("the service shows no `metadata.cas_config`");
  }
  return path;
}

/** The questions about settings of a deployment: schedule, budget, and those of the older generation of the API. */
export const settingRows = [
  asked({
    name: "cas-config",
    question: "Does the service show `metadata.cas_config`?",
    assumed: "absent",
    answers: {
      absent: expected("it does not", "a program with `casConfig` gets an error that says so"),
      present: harmless(
        "it does (older generation of the API)",
        "`casConfig` is read and sent; its statistics are never compared",
        { turn: { casConfig: "present" } },
      ),
    },
    async ask(lab) {
      const { shown } = await ownDeployment(lab);
      return at(shown, "metadata", "cas_config") === undefined ? "absent" : "present";
    },
  }),
  asked({
    name: "cas-config-merge",
    question: "Is `metadata.cas_config` merged deeply?",
    assumed: "deeply",
    answers: {
      deeply: expected("a setting that was not sent stays", "the provider sends all settings that it knows"),
      shallowly: loses(
        "a setting that was not sent goes back to its default",
        "the provider sends all settings that it knows",
        {
          remedy: "Declare every setting of `casConfig` that somebody set",
          turn: { casConfig: "present", casConfigMerge: "shallow" },
        },
      ),
    },
    async ask(lab) {
      const path = await pathWithSettings(lab);
      const send = (config: JsonObject) => lab.post(path, { metadata: { cas_config: { config } } });
      await send({ max_retries: 2 });
      const { body } = await send({ timeout_ms: 600_000 });
      return at(body, "metadata", "cas_config", "config", "max_retries") === 2 ? "deeply" : "shallowly";
    },
  }),
  asked({
    name: "cron-names",
    question: "Does the service take names and steps in a cron expression?",
    assumed: "taken",
    answers: {
      taken: expected("it does", "the provider sends them as they are written"),
      refused: harmless("it does not", "the `up` fails with the refusal; write the numbers", {
        remedy: "Write numbers in place of names",
      }),
    },
    async ask(lab) {
      const reply = await scheduled(lab, { ...onLeapDays, expression: "*/30 0 29 FEB *" });
      await scheduled(lab, onLeapDays);
      return takenOr(reply, "taken", "refused");
    },
  }),
  asked({
    name: "schedule-null",
    question: "Does `schedule: null` clear the schedule?",
    assumed: "refused",
    answers: {
      refused: expected("null is refused", "the update fails, and its error names `replaceOnChanges`"),
      cleared: harmless("null clears it", "a schedule that leaves the program is removed in place", {
        turn: { scheduleNull: "accept" },
      }),
      ignored: harmless(
        "null is taken, and the schedule stays",
        "the update fails, and its error names `replaceOnChanges`",
        {
          remedy: 'Set `replaceOnChanges: ["schedule"]` before you remove a schedule',
          turn: { scheduleNull: "ignore" },
        },
      ),
    },
    async ask(lab) {
      const reply = await scheduled(lab, onLeapDays);
      if (reply.status >= 300) {
        throw new Untried(`the service answered ${statusText(reply)} to a schedule`);
      }
      return nulled(lab, "schedule");
    },
  }),
  asked({
    name: "budget-null",
    question: "Does `budget: null` clear the budget?",
    assumed: "cleared",
    answers: {
      cleared: expected("null clears it", "a budget that leaves the program is removed in place"),
      ignored: harmless(
        "null is taken, and the budget stays",
        "the update fails, and its error names `replaceOnChanges`",
        { remedy: 'Set `replaceOnChanges: ["budget"]` before you remove a budget', turn: { budget: "ignore-null" } },
      ),
      refused: harmless("null is refused", "the update fails, and its error names `replaceOnChanges`", {
        remedy: 'Set `replaceOnChanges: ["budget"]` before you remove a budget',
      }),
      unknown: harmless("the service takes no budget at all", "an `up` with `budget` fails with the refusal", {
        remedy: "Leave `budget` out",
        turn: { budget: "reject" },
      }),
    },
    async ask(lab) {
      const reply = await updateOwn(lab, { budget: { type: "limit", max_credit_cost: "1.00" } });
      return reply.status >= 300 ? ["unknown", statusText(reply)] : nulled(lab, "budget");
    },
  }),
];
