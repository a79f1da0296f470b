import { z } from "zod";
import type { Json } from "../api/schema";
import { agents } from "../kinds/table";
import { namedId } from "../resource/kind/common-fields";
import { idReference, type OutputsOf, Reference, wholeValue } from "../resource/kind/field";
import { membersOf } from "../resource/kind/program-values";
import { fromWireCase, strangeShape, toWireCase } from "../resource/kind/wire-case";
import {
  type Model,
  modelFromWire,
  modelProblem,
  modelSchema,
  modelSettings,
  modelToWire,
  recordedModel,
} from "./model";
import { withNewest } from "./versions";

const example = '{ type: "coordinator", agents: ["agent_..."] }';
const agentId = namedId(agents);
const member = z.union([
  agentId,
  z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("agent"), id: agentId, version: z.int().min(1).optional() }),
    z.strictObject({ type: z.literal("self") }),
    z.strictObject({ type: z.literal("advisor"), model: modelSchema }),
  ]),
]);
const recordedMember = z.union([z.string(), z.looseObject({ type: z.string() })]);
const recordedMembers = z.array(recordedMember);
const recorded = z.looseObject({ type: z.string(), agents: recordedMembers });
const shownTeam = z.looseObject({ type: z.string(), agents: z.array(z.unknown()).nullish() }).nullish();

type Member = z.infer<typeof recordedMember>;

export const multiagentField = {
  schema: z.strictObject(
    { type: z.literal("coordinator"), agents: z.array(member, { error: 'write ["agent_..."]' }).min(1).max(20) },
    { error: `write ${example}` },
  ),
  ...wholeValue({
    wire: "multiagent",
    leftOut: "cleared",
    recorded,
    cleared: null,
    empty: null,
    normal: ({ agents, ...rest }) => [rest, agents.map(normalMember)],
    toWire: ({ type, agents }) => ({ type, agents: agents.map(memberToWire) }),
    reply: shownTeam,
    fromWire({ multiagent }) {
      const { agents, ...rest } = shownTeam.safeParse(multiagent).data ?? {};
      const members = recordedMembers.safeParse(agents ?? []).data ?? [];
      return recorded.safeParse({ ...membersOf(fromWireCase(rest)), agents: members.map(asWritten) }).data;
    },
    filledIn: ["version", ...modelSettings],
    import: {
      undescribable({ multiagent }) {
        const team = shownTeam.safeParse(multiagent).data;
        return team == null ? undefined : membersProblem(team);
      },
      referring: ({ type, agents }, outputsOf) => ({ type, agents: agents.map((one) => referring(one, outputsOf)) }),
    },
  }),
};

function modelOf(value: Member): Model | undefined {
  return typeof value === "string" || value.type !== "advisor"
    ? undefined
    : recordedModel.safeParse(value["model"]).data;
}

function normalMember(value: Member): Json {
  const model = modelOf(value);
  const member = typeof value === "string" ? { type: "agent", id: value } : value;
  return toWireCase(model === undefined ? member : { ...member, model: modelToWire(model) });
}

function memberToWire(value: Member): Json {
  const model = modelOf(value);
  return model === undefined ? toWireCase(value) : { type: "advisor", model: modelToWire(model) };
}

function asWritten(live: Member): Member {
  const member = recordedMember.parse(fromWireCase(live));
  return typeof member === "string" || member.type !== "advisor"
    ? member
    : { ...member, model: modelFromWire(member["model"]) };
}

function membersProblem({ agents }: { readonly agents?: unknown }): string | undefined {
  const members = recordedMembers.safeParse(agents ?? []);
  return members.success ? members.data.flatMap((one) => advisorProblem(one) ?? [])[0] : strangeShape;
}

// Only advisors need this test: `check` refuses a wrong member of another kind.
function advisorProblem(live: Member): string | undefined {
  return typeof live === "string" || live.type !== "advisor" ? undefined : modelProblem(live["model"]);
}

/**
 * In the imported program a member at the newest version of its agent becomes the `QoderAgent` itself, as in a deployment.
 */
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
  const reference = {
    ...value,
    id: new Reference(id, "id"),
    ...(isNewest ? { version: new Reference(id, "version") } : {}),
  };
  return withNewest(reference, id, outputs, (called) => called);
}
