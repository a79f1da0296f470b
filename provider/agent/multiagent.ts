import { z } from "zod";
import type { Json } from "../api/schema";
import { same, wholeValue } from "../resource/fields/field";
import { agentId } from "../resource/fields/id";
import { idReference, type OutputsOf, Reference } from "../resource/fields/reference";
import { strangeMembers, strangeShape } from "../resource/fields/strange-members";
import { toWireCase } from "../resource/fields/wire-case";
import type { AgentField } from "./field";
import { type Model, modelFromWire, modelProblem, modelSchema, modelToWire, normalModel, recordedModel } from "./model";

const example = '{ type: "coordinator", agents: ["agent_..."] }';
const member = z.union([
  agentId,
  z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("agent"), id: agentId, version: z.int().min(1).optional() }),
    z.strictObject({ type: z.literal("self") }),
    z.strictObject({ type: z.literal("advisor"), model: modelSchema }),
  ]),
]);
const recordedMember = z.union([z.string(), z.looseObject({ type: z.string() })]);
const recorded = z.object({ type: z.string(), agents: z.array(recordedMember) });

type Member = z.infer<typeof recordedMember>;

/** The agents that this one hands work to. */
export type Multiagent = z.infer<typeof recorded>;

export const multiagentField: AgentField<Multiagent> = wholeValue({
  wire: "multiagent",
  leftOut: "cleared",
  schema: z.strictObject(
    { type: z.literal("coordinator"), agents: z.array(member, { error: 'write ["agent_..."]' }).min(1).max(20) },
    { error: `write ${example}` },
  ),
  recorded,
  cleared: null,
  empty: null,
  normal: ({ type, agents }) => [type, agents.map(normalMember)],
  toWire: ({ type, agents }) => ({ type, agents: agents.map(memberToWire) }),
  fromWire({ multiagent }, asked) {
    if (multiagent == null) {
      return undefined;
    }
    const members = z.array(recordedMember).safeParse(multiagent.agents ?? []).data ?? [];
    return { type: multiagent.type, agents: members.map((one, index) => asAsked(one, asked?.agents[index])) };
  },
  undescribable({ multiagent }) {
    return multiagent == null
      ? undefined
      : (strangeMembers(multiagent, ["type", "agents"]) ?? membersProblem(multiagent));
  },
  referring: ({ type, agents }, outputsOf) => ({ type, agents: agents.map((one) => referring(one, outputsOf)) }),
  meaning: {
    leftOut: "none",
    removed: "`null`, and the reply must show it; otherwise an error that names `replaceOnChanges`",
    sameWhen: 'same agents in the same order; an id alone is `{ type: "agent", id }`. Sent whole',
  },
});

function modelOf(value: Member): Model | undefined {
  return typeof value === "string" || value.type !== "advisor"
    ? undefined
    : recordedModel.safeParse(value["model"]).data;
}

function normalMember(value: Member): Json {
  const model = modelOf(value);
  if (model !== undefined) {
    return { type: "advisor", model: normalModel(model) };
  }
  return toWireCase(typeof value === "string" ? { type: "agent", id: value } : value);
}

function memberToWire(value: Member): Json {
  const model = modelOf(value);
  return model === undefined ? toWireCase(value) : { type: "advisor", model: modelToWire(model) };
}

/** The service may answer with the version that it chose where the program leaves that to it. */
function asAsked(live: Member, asked: Member | undefined): Member {
  if (typeof live === "string") {
    return live;
  }
  if (live.type === "advisor") {
    return { type: "advisor", model: modelFromWire(live["model"], asked === undefined ? undefined : modelOf(asked)) };
  }
  const { version, ...unversioned } = live;
  const isUnversioned = asked !== undefined && (typeof asked === "string" || asked["version"] === undefined);
  if (isUnversioned && same(normalMember(asked), normalMember({ ...unversioned, type: live.type }))) {
    return asked;
  }
  return version === null ? { ...unversioned, type: live.type } : live;
}

function membersProblem({ agents }: { readonly agents?: unknown }): string | undefined {
  const members = z.array(recordedMember).safeParse(agents ?? []);
  return members.success ? members.data.flatMap((one) => advisorProblem(one) ?? [])[0] : strangeShape;
}

// The check sees to the others: what they hold is described as it is.
function advisorProblem(live: Member): string | undefined {
  return typeof live === "string" || live.type !== "advisor"
    ? undefined
    : (strangeMembers(live, ["type", "model"]) ?? modelProblem(live["model"]));
}

/** A member at the newest version of its agent moves with it, as a deployment does. */
function referring(value: Member, outputsOf: OutputsOf): unknown {
  if (typeof value === "string") {
    return idReference(value, outputsOf);
  }
  const { id, version } = value;
  const outputs = value.type === "agent" && typeof id === "string" ? outputsOf(id) : undefined;
  if (typeof id !== "string" || outputs === undefined) {
    return value;
  }
  const isNewest = version !== undefined && version === outputs["version"];
  return { ...value, id: new Reference(id, "id"), ...(isNewest ? { version: new Reference(id, "version") } : {}) };
}
