import { randomUUID } from "node:crypto";
import { durationText } from "../../../provider/api/clock";
import { idOf, type Lab, type Made, type Reply, takenOr, Untried } from "../lab";
import {
  agentOfSameName,
  environmentOfSameName,
  ownAgent,
  ownDeployment,
  ownEnvironment,
  ownVault,
} from "../own-objects";
import { type Answer, asked, assumed, duplicates, expected, harmless, type Row } from "../row";

/** A row about the create of one kind. `ignored` is the answer of a service that creates another object for the same key. */
export function keyRow(
  name: string,
  object: string,
  ignored: Answer,
  create: (lab: Lab) => Promise<readonly [id: string, again: Reply]>,
): Row {
  return assumed({
    name,
    question: `Does the create of ${object} honour \`Idempotency-Key\`?`,
    yes: [
      "the same create under the same key is answered with the first object",
      "an `up` that is repeated makes nothing twice",
    ],
    no: ignored,
    async ask(lab) {
      const [id, again] = await create(lab);
      return idOf(again) === id;
    },
  });
}

/** Sends the create of the object once more under its key. */
export function twice(make: (lab: Lab) => Promise<Made>) {
  return async (lab: Lab) => {
    const { path, sent, key, id } = await make(lab);
    return [id, await lab.post(path.slice(0, -1), sent, key)] as const;
  };
}

/** A row about two objects of one kind with the same name. `second` creates the second one. */
export function nameRow(noun: string, turn: NonNullable<Answer["turn"]>, second: (lab: Lab) => Promise<unknown>): Row {
  return assumed({
    name: `${noun}-names`,
    question: `May two ${noun}s have one name?`,
    yes: [`a second ${noun} with the name is made`, `a replacement creates the new ${noun} first`],
    no: harmless(
      "a second create with the name is refused",
      "the error advises `deleteBeforeReplace: true`; nothing else changed",
      { turn },
    ),
    async ask(lab) {
      try {
        await second(lab);
        return true;
      } catch (error) {
        if (error instanceof Untried && error.message.includes(" 409")) {
          return "409";
        }
        throw error;
      }
    },
  });
}

const ignored = "the key is ignored";
export const second = (noun: string, turn: NonNullable<Answer["turn"]>) =>
  duplicates(ignored, `an \`up\` that is killed half-way may leave a second ${noun}`, {
    remedy: `After an interrupted \`up\` look for a second ${noun} with the name at the console`,
    turn,
  });
/** If deployment names are unique and keys are ignored, the service refuses the repeated create. */
const lookedFor = harmless(ignored, "after a lost answer the provider looks for the name before it repeats anything", {
  turn: { idempotencyKeys: "ignore" },
});

export const keyRows = [
  keyRow("agent-key", "an agent", second("agent", { idempotencyKeys: "ignore" }), twice(ownAgent)),
  keyRow("deployment-key", "a deployment", lookedFor, twice(ownDeployment)),
  keyRow(
    "environment-key",
    "an environment",
    second("environment", { idempotencyKeysElsewhere: "ignore" }),
    twice(ownEnvironment),
  ),
  keyRow("vault-key", "a vault", second("vault", { idempotencyKeysElsewhere: "ignore" }), twice(ownVault)),
  asked({
    name: "refused-key",
    question: "Does a refused request keep its key?",
    assumed: "free",
    answers: {
      free: expected("the key is free again", "a lost answer can be resolved under the same key"),
      kept: harmless(
        "the refusal keeps it",
        "the refusal is repeated for 24 hours; the error advises to change another argument as well",
        {
          remedy: "After a refusal change another argument as well, or wait a day",
          turn: { idempotencyKeys: "keep-refusals" },
        },
      ),
    },
    async ask(lab) {
      const key = randomUUID();
      const refusal = await lab.post(["agents"], { name: lab.name }, key);
      if (refusal.status < 300) {
        throw new Untried("the service took an agent without a model, so nothing was refused");
      }
      const { sent } = await ownAgent(lab);
      return takenOr(await lab.post(["agents"], { ...sent, name: `${lab.name}-refused` }, key), "free", "kept");
    },
  }),
  asked({
    name: "deployment-names",
    question: "Are names unique among live deployments?",
    assumed: "unique",
    answers: {
      unique: expected("a second create with the name is refused", "the error names the deployment and `adopt`"),
      free: harmless(
        "a second deployment with the name is made",
        "a replacement archives the old deployment first all the same",
        { turn: { duplicateNames: "allow" } },
      ),
    },
    async ask(lab) {
      const { sent } = await ownDeployment(lab);
      return takenOr(await lab.post(["deployments"], sent, randomUUID()), "free", "unique");
    },
  }),
  nameRow("agent", { duplicateNamesElsewhere: "conflict" }, agentOfSameName),
  nameRow("environment", { duplicateNamesElsewhere: "conflict" }, environmentOfSameName),
];

/** Asked last, so that the key is as old as possible. */
export const lateKeyRow = asked({
  name: "key-memory",
  question: "How long is a key remembered?",
  assumed: "still",
  answers: {
    still: expected(
      "at the end of the probe a replay is still seen",
      "any time is taken: an old answer is recognised by its times, and read",
    ),
    forgotten: duplicates(
      "at the end of the probe it is forgotten",
      "a create that is repeated later than that makes another object",
      {
        remedy: "Repeat an interrupted `up` soon, or look for its objects at the console first",
        turn: { keyHours: 1 / 3_600 },
      },
    ),
  },
  async ask(lab) {
    const agent = await ownAgent(lab);
    // Even if no other row was asked, some time passes.
    await lab.wait(2_000);
    const age = durationText(lab.now() - agent.madeAt);
    const again = async (key: string) => idOf(await lab.post(["agents"], agent.sent, key));
    if ((await again(agent.key)) === agent.id) {
      return ["still", `after ${age}`];
    }
    const key = randomUUID();
    const [first, second] = [await again(key), await again(key)];
    if (first !== second) {
      throw new Untried("the service ignores the key at once");
    }
    return ["forgotten", `after ${age}`];
  },
});
