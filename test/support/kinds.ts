import { deploymentKind } from "../../provider/deployment/kind";
import { deploymentSource, deploymentType } from "../../provider/deployment/type";
import { providerSource, resourceType } from "../../provider/program/source";
import { argumentsIn } from "../../provider/resource/arguments";
import type { ResourceKind } from "../../provider/resource/kind";
import type { BaseReply } from "../../provider/resource/outputs";
import { KindProvider } from "../../provider/resource/provider";
import type { QoderApi, Switches } from "../qoder-api";
import type { Console } from "../qoder-api/console";
import type { JsonObject } from "../qoder-api/wire";
import { createNamed, rowOf } from "./argument-table";
import { argumentNames } from "./deployment";
import type { LoadedKind } from "./in-process-provider";
import type { Properties } from "./provider";
import { toyKind } from "./toy-kind";
import type { ToyService } from "./toy-service";

/** An argument that the body of an update carries. */
interface ArgumentRow {
  readonly value: unknown;
  /** What somebody makes of it at the service, as the body of an update, and how a program would write that. */
  readonly edit: JsonObject;
  readonly edited: unknown;
  /** What puts the value back. */
  readonly repair: JsonObject;
  /** What takes the edit back where the program leaves the argument out; absent where it is left to others. */
  readonly cleared?: JsonObject;
  /** The services that know the argument; absent where all do. */
  readonly under?: readonly Partial<Switches>[];
}

type KindConsole = Pick<
  Console<{ readonly id: string; readonly name: string }>,
  "get" | "all" | "live" | "edit" | "archive" | "remove"
>;

interface Described {
  readonly type: string;
  readonly source: string;
  /** The least that a program can declare, besides the name. */
  readonly least: Properties;
  readonly arguments: Readonly<Record<string, ArgumentRow>>;
  /** Arguments that hold the secret. */
  readonly secret: (secret: string) => Properties;
  /** Makes what the arguments name. */
  readonly prepare?: (api: QoderApi) => void;
  readonly console: (api: QoderApi, toys: ToyService) => KindConsole;
}

/** What the tests need to know of a kind. All else that they expect follows from its paths and fields. */
export interface KindRow extends Described, LoadedKind {
  readonly label: string;
  readonly noun: string;
  /** What its arguments name by ids, in words. */
  readonly references: string | undefined;
  readonly collection: string;
  readonly fields: Readonly<
    Record<string, { readonly secretMembers?: readonly string[]; readonly buildsOnLive?: true }>
  >;
  /** The argument that is set by a request of its own. */
  readonly statusArgument: string | undefined;
  /** The path of what proves the right account. */
  witness(properties: Properties): string | undefined;
}

export function kindRow<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  kind: ResourceKind<Arguments, Outputs, Reply>,
  described: Described,
): KindRow {
  const { label, noun, references, collection, fields, statusChange } = kind;
  return {
    ...described,
    ...{ label, noun, references, collection, fields },
    statusArgument: statusChange === undefined ? undefined : String(statusChange.argument),
    begin: (session) => new KindProvider(kind, session),
    witness(properties) {
      const path = kind.witness(argumentsIn(kind, properties))?.path;
      return path === undefined ? undefined : `/${path.join("/")}`;
    },
  };
}

const deploymentArguments = argumentNames.flatMap((name): [string, ArgumentRow][] => {
  const { value, edited, sent, removed, leftOut, generations = [1, 2] } = rowOf(name);
  if (edited === undefined) {
    return [];
  }
  const { declared = value, by: edit, to, repaired: repair = sent } = edited;
  const cleared = leftOut === "cleared" ? { cleared: removed } : {};
  const under = generations.map((generation) => ({ generation }));
  return [[name, { value: declared, edit, edited: to, repair, ...cleared, under }]];
});

const deployment = kindRow(deploymentKind, {
  type: deploymentType,
  source: deploymentSource,
  least: {
    agent: "agent_a",
    environmentId: "env_a",
    initialEvents: [{ type: "user.message", content: "Generate today's status report" }],
  },
  arguments: Object.fromEntries(deploymentArguments),
  secret: (authorizationToken) => ({
    resources: [{ type: "github_repository", url: "https://github.com/acme/shop", authorizationToken }],
  }),
  prepare: createNamed,
  console: (api) => api.deployments,
});

export const toyDescribed: Described = {
  type: resourceType("Toy"),
  source: providerSource("toy"),
  least: {},
  arguments: {
    name: { value: "daily", edit: { name: "nightly" }, edited: "nightly", repair: { name: "daily" } },
    colour: {
      value: "red",
      edit: { colour: "blue" },
      edited: "blue",
      repair: { colour: "red" },
      cleared: { colour: "" },
    },
    lock: {
      value: { type: "bolt", code: "four-seven-one" },
      edit: { lock: { type: "chain" } },
      edited: { type: "chain", code: "four-seven-one" },
      repair: { lock: { type: "bolt", code: "four-seven-one" } },
    },
  },
  secret: (code) => ({ lock: { type: "bolt", code } }),
  console: (_, toys) => toys.console,
};

/** A row a kind; a kind of `plugin.ts` that has none fails a test. */
export const kinds: readonly KindRow[] = [deployment, kindRow(toyKind, toyDescribed)];
