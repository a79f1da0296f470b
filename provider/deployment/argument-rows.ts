import { z } from "zod";
import { deployments, environments, vaults } from "../kinds/table";
import {
  acknowledgeField,
  adoptField,
  idOf,
  localValue,
  namedId,
  nameField,
  textField,
} from "../resource/kind/common-fields";
import { checkedText, identical, idReference, Reference, wholeValue } from "../resource/kind/field";
import { metadataField } from "../resource/kind/metadata";
import { rowsOf, type ValuesOf } from "../resource/kind/rows";
import { fromWireCase } from "../resource/kind/wire-case";
import { expressionProblem } from "../schedule/expression";
import { timezoneName, timezoneProblem } from "../schedule/timezone";
import { agentField } from "./agent";
import type { DeploymentInitialEvent, QoderDeploymentArgs } from "./arguments";
import { casConfigField, reservedKey } from "./cas-config";
import { withoutComputed } from "./computed";
import { holdsKey } from "./holds";
import { initialEventsField } from "./initial-events";
import { limitsField } from "./limits";
import { pausedField } from "./paused";
import type { Deployment } from "./reply";
import { resourcesField } from "./resources";

const heldSchedule = z.looseObject({ expression: z.string(), timezone: z.string() });
// The older generation returns the limit as a number.
const heldBudget = z.looseObject({ maxCreditCost: z.union([z.string(), z.number().transform(String)]) });

/** Leaves out `type` if it has the only documented value: programs do not write it. */
function withoutType({ type, ...rest }: Readonly<Record<string, unknown>>, only: string): object {
  return type === only ? rest : { type, ...rest };
}

const cost = /^\d{1,12}(\.\d{1,2})?$/;

// The value as the program should write it: the given number, or an example.
function givenCost(given: unknown): string {
  const text = typeof given === "number" ? String(given) : given;
  return typeof text === "string" && cost.test(text) ? text : "12.50";
}

function givenExpression(given: unknown): string {
  return typeof given === "string" && expressionProblem(given) === undefined ? given : "0 9 * * *";
}

/** The arguments after the program has expanded the short forms. */
interface WrittenOut extends Omit<QoderDeploymentArgs, "initialEvents"> {
  readonly initialEvents: readonly DeploymentInitialEvent[];
}

/**
 * For each argument one row: how the provider checks, compares, sends, clears and reads it. A new argument needs a row here, its
 * documentation in `arguments.ts` and its output in `index.ts`; the compiler reports a missing one.
 */
export const fields = rowsOf<WrittenOut>()({
  name: nameField(z.string().min(1).max(256)),
  description: textField({ wire: "description", schema: z.string() }),
  agent: agentField,
  environmentId: {
    schema: namedId(environments),
    ...wholeValue({
      wire: "environment_id",
      leftOut: "refused",
      recorded: z.string(),
      normal: identical,
      toWire: identical,
      import: { referring: idReference },
    }),
  },
  schedule: {
    schema: z.strictObject(
      { expression: checkedText(expressionProblem), timezone: checkedText(timezoneProblem) },
      { error: ({ input }) => `write { expression: "${givenExpression(input)}", timezone: "Europe/Berlin" }` },
    ),
    ...wholeValue({
      wire: "schedule",
      leftOut: "cleared",
      recorded: heldSchedule,
      cleared: null,
      empty: null,
      // The service may return the same schedule in another spelling.
      normal: ({ expression, timezone, ...rest }) => ({
        ...rest,
        expression: expression.trim().split(/\s+/),
        timezone: timezoneName(timezone),
      }),
      // "Update a deployment": a schedule must include all its sub-fields; it is not merged.
      toWire: ({ expression, timezone }) => ({ type: "cron", expression, timezone }),
      insteadOfRemoval: "Or keep this deployment with its schedule, and set paused: true",
      fromWire({ schedule }: Deployment) {
        const own = withoutComputed("schedule", schedule);
        return heldSchedule.safeParse(fromWireCase(withoutType(own, "cron"))).data;
      },
    }),
  },
  initialEvents: initialEventsField,
  resources: resourcesField,
  vaultIds: {
    schema: z.array(namedId(vaults), { error: 'write ["vault_..."]' }).max(50),
    ...wholeValue({
      wire: "vault_ids",
      leftOut: "cleared",
      recorded: z.array(z.string()),
      cleared: [],
      empty: [],
      normal: (ids) => [...new Set(ids)].sort(),
      toWire: (ids) => [...ids],
      import: {
        referring: (ids, outputsOf) => ids.map((id) => (outputsOf(id) === undefined ? id : new Reference(id))),
      },
    }),
  },
  metadata: metadataField({ key: reservedKey, advice: "use the argument casConfig for its settings" }, [holdsKey]),
  casConfig: casConfigField,
  environmentVariables: {
    schema: z.record(checkedText(environmentVariableNameProblem), checkedText(environmentVariableValueProblem), {
      error: 'write { NAME: "value" }',
    }),
    ...wholeValue({
      wire: "environment_variables",
      leftOut: "cleared",
      recorded: z.record(z.string(), z.string()),
      cleared: "",
      empty: [],
      // Compared as a list of entries: a variable that a person adds is drift, while an unknown member of an object would count as filled
      // in by the service.
      normal: (variables) => Object.entries(variables).sort(),
      toWire: formatEnvironmentVariables,
      reply: z.string().nullish(),
      fromWire({ environment_variables: text }) {
        return typeof text !== "string" || text.trim() === "" ? undefined : parseEnvironmentVariables(text);
      },
    }),
  },
  budget: {
    schema: z.strictObject(
      {
        maxCreditCost: z
          .string({ error: ({ input }) => `write it as a string: "${givenCost(input)}"` })
          .regex(cost, {
            error: "is not a number of credits: a decimal with at most 12 digits before and 2 after the point",
            abort: true,
          })
          .refine((text) => Number(text) > 0, "is not above 0"),
      },
      { error: ({ input }) => `write { maxCreditCost: "${givenCost(input)}" }, in credits` },
    ),
    ...wholeValue({
      wire: "budget",
      leftOut: "untouched",
      recorded: heldBudget,
      cleared: null,
      normal: ({ maxCreditCost, ...rest }) => ({ ...rest, maxCreditCost: normalDecimal(maxCreditCost) }),
      toWire: ({ maxCreditCost }) => ({ type: "limit", max_credit_cost: maxCreditCost }),
      fromWire: ({ budget }: Deployment) => heldBudget.safeParse(fromWireCase(withoutType(budget ?? {}, "limit"))).data,
    }),
  },
  limits: limitsField,
  // The commands alone read them: the API has no such member.
  expectedArtifacts: {
    ...localValue(z.array(z.string().min(1, "is empty"), { error: `write ["report.md"]` })),
    recorded: z.array(z.string()),
  },
  paused: pausedField,
  adopt: adoptField(idOf(deployments)),
  acknowledge: acknowledgeField,
});
export type DeploymentArguments = ValuesOf<typeof fields>;

function normalDecimal(text: string): string {
  const short = text.replace(/^0+(?=\d)/, "");
  if (!short.includes(".")) {
    return short;
  }
  // A loop, because a regular expression for trailing zeros needs quadratic time, and the service may send a number of any length.
  let end = short.length;
  while (short[end - 1] === "0") {
    end -= 1;
  }
  return short.slice(0, short[end - 1] === "." ? end - 1 : end);
}

/** Environment variables by name. The API keeps them as one string of `NAME=VALUE` pairs. */
export type EnvironmentVariables = Readonly<Record<string, string>>;

/**
 * The string that the API keeps, sorted by name so that equal maps give equal strings. A line feed separates the pairs: the API also
 * accepts `;`, which is more common in values.
 */
export function formatEnvironmentVariables(variables: EnvironmentVariables): string {
  return Object.keys(variables)
    .sort()
    .map((name) => `${name}=${variables[name]}`)
    .join("\n");
}

/** Reads the API's string with either separator and in any order; if a name is repeated, its last value counts. */
export function parseEnvironmentVariables(text: string): EnvironmentVariables {
  const pairs = text
    .split(/[;\n\r]/)
    .map((pair) => [pair, pair.indexOf("=")] as const)
    .filter(([, equals]) => equals > 0)
    .map(([pair, equals]) => [pair.slice(0, equals).trim(), pair.slice(equals + 1)] as const);
  return Object.fromEntries(pairs);
}

/** The reason for which the API would refuse the name of a variable; undefined for a valid name. */
export function environmentVariableNameProblem(name: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return `"${name}" is not a variable name: letters, digits and _, not starting with a digit`;
  }
  // "Create a deployment": names that the runtime sets itself.
  if (["SERVER_ENDPOINT", "USER_ID", "WORK_DIR"].includes(name) || /^(CAW_|QODER_)/.test(name)) {
    return `"${name}" is reserved by Qoder (SERVER_ENDPOINT, USER_ID, WORK_DIR and names that start with CAW_ or QODER_)`;
  }
  return undefined;
}

/**
 * The reason for which the API cannot store the value; undefined for a valid value. The API has no quoting, so a separator in a value would
 * start a new pair.
 */
export function environmentVariableValueProblem(value: string): string | undefined {
  return /[;\n\r]/.test(value)
    ? "the value holds ; or a line break, which the API reads as the next variable"
    : undefined;
}
