import type { z } from "zod";
import { agentKind } from "../../agent/kind";
import type { QoderClient } from "../../api/client";
import type { ListedKind } from "../../api/object-list";
import { type Listed, shapeProblem } from "../../api/schema";
import { deploymentKind } from "../../deployment/kind";
import { environmentKind } from "../../environment/kind";
import {
  agentSource,
  agentType,
  deploymentSource,
  deploymentType,
  environmentSource,
  environmentType,
} from "../../program/source";
import { argumentOutputs, chosenArguments } from "../../resource/arguments";
import { argumentFailures } from "../../resource/check/check";
import { memberNames } from "../../resource/check/problems";
import { agentId, deploymentId, environmentId } from "../../resource/fields/common-fields";
import type { OutputsOf } from "../../resource/fields/field";
import type { ResourceKind } from "../../resource/kind";
import { Objects } from "../../resource/objects";
import { type BaseReply, serverOutputs } from "../../resource/outputs";
import type { Properties } from "../../resource/program-values";

/** A row a kind, in the order in which a program declares them where nothing asks for another. */
export const importKinds: readonly ImportKind[] = [
  importKind(environmentKind, { type: environmentType, source: environmentSource, id: environmentId }),
  importKind(agentKind, { type: agentType, source: agentSource, id: agentId }),
  importKind(deploymentKind, {
    type: deploymentType,
    source: deploymentSource,
    id: deploymentId,
    agentParameter: "agent_id",
  }),
];

/** An object at Qoder, and how a program declares it so that nothing is left to change. */
export interface Described {
  readonly kind: ImportKind;
  readonly id: string;
  readonly name?: string | undefined;
  readonly archivedAt: string | null | undefined;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** What cannot be told of it, or else what this version's own check would refuse. */
  readonly failures: readonly string[];
  readonly comments: Comments;
  /** The inputs of a program that declares other objects too. */
  referring(outputsOf: OutputsOf): Properties;
}

/** A kind of object that can be taken over. What kind it is, nothing else of this command knows. */
export interface ImportKind extends ListedKind {
  /** The class that a program uses. */
  readonly label: string;
  readonly type: string;
  /** See `program/source.ts`. */
  readonly source: string;
  readonly id: z.ZodType<string>;
  /** The parameter of the list that asks for those of one agent; undefined where they belong to none. */
  readonly agentParameter: string | undefined;
  /** Undefined where the service shows this account none of this id. */
  find(client: QoderClient, id: string): Promise<Described | undefined>;
  /** An entry of the list, or why it cannot be read. */
  parse(entry: Listed): Described | { readonly problem: string };
}

interface Row extends Pick<ImportKind, "type" | "source" | "id"> {
  readonly agentParameter?: string;
}

function importKind(kind: ResourceKind, row: Row): ImportKind {
  const { label, noun, collection, idPrefix } = kind;
  const self: ImportKind = {
    ...{ label, noun, collection, idPrefix, agentParameter: undefined },
    ...row,
    async find(client, id) {
      const reply = await new Objects(client, kind).find(id);
      return reply === undefined ? undefined : described(reply);
    },
    parse(entry) {
      const reply = kind.reply.safeParse(entry);
      return reply.success ? described(reply.data) : { problem: shapeProblem(reply.error) };
    },
  };
  const described = (reply: BaseReply): Described => {
    const inputs = chosenArguments(kind, reply);
    const untold = untoldArguments(kind, reply);
    return {
      kind: self,
      id: reply.id,
      name: reply.name,
      archivedAt: reply.archived_at,
      inputs: { ...inputs },
      outputs: { ...argumentOutputs(kind, inputs), ...serverOutputs(kind, reply) },
      failures: untold.length > 0 ? untold : argumentFailures(kind, inputs),
      comments: commentsOn(kind, reply, inputs),
      referring: (outputsOf) => referringArguments(kind, inputs, outputsOf),
    };
  };
  return self;
}

function untoldArguments(kind: ResourceKind, reply: BaseReply): string[] {
  return Object.entries(kind.fields).flatMap(([name, field]) => {
    const reason = field.undescribable?.(reply);
    return reason === undefined ? [] : [`${name}: ${reason}`];
  });
}

function referringArguments(kind: ResourceKind, inputs: Properties, outputsOf: OutputsOf): Properties {
  const written = Object.entries(kind.fields).flatMap(([name, field]) => {
    const value = inputs[name];
    return value === undefined ? [] : [[name, field.referring?.(value, outputsOf) ?? value] as const];
  });
  return Object.fromEntries(written);
}

/** Lines to put at the end of an object of a value, and the secrets that they stand for. */
interface Comment {
  readonly lines: readonly string[];
  readonly secrets: readonly string[];
}
export type Comments = ReadonlyMap<unknown, Comment>;

/** What no reply shows, beside the values that may need it. */
export function commentsOn(kind: ResourceKind, reply: BaseReply, inputs: Properties): Comments {
  const comments = Object.entries(kind.fields).flatMap(([name, { schema, secretMembers = [], ...field }]) => {
    const lines = field.caveat?.(reply) ?? [];
    return [[inputs[name], { lines, secrets: [] }] as const, ...missingSecrets(schema, secretMembers, inputs[name])];
  });
  return new Map(comments.filter(([, { lines }]) => lines.length > 0));
}

/** What is secret no reply shows, so nobody can tell whether it is set: each object of the value that may have some. */
function missingSecrets(
  schema: z.ZodType,
  secretMembers: readonly string[],
  value: unknown,
  path: readonly PropertyKey[] = [],
): (readonly [unknown, Comment])[] {
  if (typeof value !== "object" || value === null || secretMembers.length === 0) {
    return [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((element) => missingSecrets(schema, secretMembers, element, [...path, 0]));
  }
  const secrets = memberNames(schema, path, value).filter((member) => secretMembers.includes(member));
  const inner = Object.entries(value).flatMap(([name, member]) =>
    missingSecrets(schema, secretMembers, member, [...path, name]),
  );
  return [[value, { lines: secrets.flatMap(secretLines), secrets }], ...inner];
}

function secretLines(member: string): string[] {
  return [
    `The API does not give ${member} back. If it is needed here, set it as the first change after the import:`,
    `${member}: config.requireSecret("${member}"),`,
  ];
}
