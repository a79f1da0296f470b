import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { objectLiteral } from "../../command/import/texts";
import { writeOnlyOf, writtenSecrets } from "../../command/import/write-only";
import * as program from "../../provider";
import { deploymentKind } from "../../provider/deployment/kind";
import { deploymentSchema } from "../../provider/deployment/reply";
import * as dynamicProvider from "../../provider/dynamic-provider";
import { vaultCredentials } from "../../provider/kinds/table";
import { servedKinds } from "../../provider/plugin-server/kinds";
import { answerEngine } from "../../provider/resource/engine/answer";
import { Session } from "../../provider/resource/session/session";
import { vaultCredentialKind } from "../../provider/vault-credential/kind";
import { argumentNames } from "../support/deployment";
import { mockEngine, registration } from "../support/registrations";
import { SkippingClock } from "../support/skipping-clock";

type Schema = z.core.$ZodType;

interface TextPlace {
  /** The path as in messages, with `[]` for an element and `{}` for the value of a map. */
  readonly path: string;
  /** The member that holds the text, directly or in a list or map. */
  readonly member: string;
  /** The value of `.meta({ secret: ... })` at this place or further out; undefined without one. */
  readonly marked: boolean | undefined;
}

const wrappers = [
  z.ZodOptional,
  z.ZodNullable,
  z.ZodDefault,
  z.ZodPrefault,
  z.ZodNonOptional,
  z.ZodCatch,
  z.ZodReadonly,
] as const;

/** The schema inside a wrapper; undefined for other schemas. Refinements of zod 4 are no wrappers. */
function wrapped(schema: Schema): Schema | undefined {
  const wrapper = wrappers.find((one) => schema instanceof one);
  return wrapper !== undefined && schema instanceof wrapper ? schema.unwrap() : undefined;
}

/** The schemas at the same place: those of a union, of an intersection, or of a pipe. */
function alternatives(schema: Schema): readonly Schema[] | undefined {
  if (schema instanceof z.ZodUnion) {
    return schema.options;
  }
  if (schema instanceof z.ZodIntersection) {
    return [schema.def.left, schema.def.right];
  }
  if (schema instanceof z.ZodPipe) {
    return [schema.def.in, schema.def.out].filter((end) => !(end instanceof z.ZodTransform));
  }
  const inner = wrapped(schema);
  return inner === undefined ? undefined : [inner];
}

/** True if the schema accepts text, as a schema for any value does. */
function isText(schema: Schema): boolean {
  return [z.ZodString, z.ZodStringFormat, z.ZodTemplateLiteral, z.ZodAny, z.ZodUnknown, z.ZodCustom].some(
    (one) => schema instanceof one,
  );
}

function constantOf(schema: Schema): unknown {
  if (schema instanceof z.ZodLiteral || schema instanceof z.ZodEnum) {
    return schema instanceof z.ZodLiteral ? [...schema.values][0] : schema.options[0];
  }
  if (schema instanceof z.ZodNumber) {
    return 1;
  }
  if (schema instanceof z.ZodBoolean) {
    return true;
  }
  // Add other kinds of schemas above, or this walk would overlook secrets inside them.
  throw new Error(`a schema of the kind ${schema._zod.def.type} is not known to this walk`);
}

function textPlaces(schema: Schema, member: string, path = member, outer?: boolean): TextPlace[] {
  const marked = markOf(schema) ?? outer;
  const same = alternatives(schema);
  if (same !== undefined) {
    return same.flatMap((one) => textPlaces(one, member, path, marked));
  }
  if (schema instanceof z.ZodObject) {
    const inner = Object.entries<Schema>(schema.shape);
    return inner.flatMap(([name, one]) => textPlaces(one, name, `${path}.${name}`, marked));
  }
  if (schema instanceof z.ZodArray) {
    return textPlaces(schema.element, member, `${path}[]`, marked);
  }
  if (schema instanceof z.ZodRecord) {
    return textPlaces(schema.valueType, member, `${path}{}`, marked);
  }
  if (isText(schema)) {
    return [{ path, member, marked }];
  }
  constantOf(schema);
  return [];
}

function markOf(schema: Schema): boolean | undefined {
  return z.object({ secret: z.boolean().optional() }).safeParse(z.globalRegistry.get(schema)).data?.secret;
}

/** Values of the shape of the schema that together have a text at every place for text: its path in angle brackets. */
function filledIn(schema: Schema, path: string): unknown[] {
  const same = alternatives(schema);
  if (same !== undefined) {
    return same.flatMap((one) => filledIn(one, path));
  }
  if (schema instanceof z.ZodObject) {
    const inner = Object.entries<Schema>(schema.shape);
    const members = inner.map(([name, one]) => [name, filledIn(one, `${path}.${name}`)] as const);
    const count = Math.max(1, ...members.map(([, values]) => values.length));
    return Array.from({ length: count }, (_, index) =>
      Object.fromEntries(members.map(([name, values]) => [name, values[index % values.length]])),
    );
  }
  if (schema instanceof z.ZodArray) {
    return [filledIn(schema.element, `${path}[]`)];
  }
  if (schema instanceof z.ZodRecord) {
    return filledIn(schema.valueType, `${path}{}`).map((value) => ({ key: value }));
  }
  return [isText(schema) ? `<${path}>` : constantOf(schema)];
}

/** The value with the results of `change` in place of the texts of `filledIn`; undefined removes a text. */
function withTexts(
  value: unknown,
  member: string,
  change: (text: string, member: string) => string | undefined,
): unknown {
  if (Array.isArray(value)) {
    return value.map((element) => withTexts(element, member, change)).filter((element) => element !== undefined);
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([name, inner]) => [name, withTexts(inner, name, change)] as const);
    return Object.fromEntries(members.filter(([, inner]) => inner !== undefined));
  }
  return typeof value === "string" && value.startsWith("<") ? change(value, member) : value;
}

// The engine encrypts only the values that are marked as secrets: the state shows an undeclared secret in plain text.

const fieldSchema = z.object({ schema: z.instanceof(z.ZodType), secretMembers: z.array(z.string()).default([]) });
const kindSchema = z.object({
  label: z.string(),
  noun: z.string(),
  references: z.string().default(""),
  fields: z.record(z.string(), fieldSchema),
});
type Field = z.infer<typeof fieldSchema>;

/** Every kind that the engine can load: the tests cover a new kind, too. */
const kinds = Object.values(servedKinds).map(({ kind }) => kindSchema.parse(kind));

const fields = kinds.flatMap(({ label, fields }) =>
  Object.entries(fields).map(([name, field]) => [`${label}.${name}`, name, field] as const),
);

const looksSecret = /secret|token|password|credential|api_?key|private_?key|authorization|passphrase/i;

/** `.meta({ secret: false })` on a schema marks a text that is no secret despite its name. */
function secretPlaces(name: string, schema: z.ZodType) {
  return textPlaces(schema, name).filter(({ member, marked }) => marked ?? looksSecret.test(member));
}

/** The undeclared secrets of the schema: the state shows them in plain text. */
function undeclared(name: string, { schema, secretMembers }: Field): string[] {
  return secretPlaces(name, schema)
    .filter(({ member }) => !secretMembers.includes(member))
    .map(({ path }) => path);
}

/** The declared secrets that the schema lacks: a misspelt name protects no value. */
function unknown(name: string, { schema, secretMembers }: Field): string[] {
  const members = textPlaces(schema, name).map(({ member }) => member);
  return secretMembers.filter((member) => !members.includes(member));
}

test("these tests cover every kind that the engine loads", () => {
  expect(kinds.map(({ label }) => label)).toContain("QoderDeployment");
  expect(kinds).toHaveLength(Object.keys(dynamicProvider).filter((name) => name !== "verdict").length);
});

test.each(fields)("%s declares all its secrets, and no others", (_, name, field) => {
  expect({ undeclared: undeclared(name, field), unknown: unknown(name, field) }).toEqual({
    undeclared: [],
    unknown: [],
  });
});

describe("the walk through a schema finds a secret", () => {
  const text = z.string().min(1);
  const bucket = z.strictObject({ type: z.literal("bucket"), url: text, secretKey: text });
  const listOf = (element: z.ZodType) => z.array(element);

  test.each<[string, z.ZodType, string]>([
    ["in a new kind of resource", listOf(z.discriminatedUnion("type", [bucket])), "x[].secretKey"],
    ["in one of two forms", z.union([text, z.strictObject({ token: text })]), "x.token"],
    ["in a map", z.record(z.string(), z.strictObject({ privateKey: text })), "x{}.privateKey"],
    ["that is a map", z.strictObject({ credentials: z.record(z.string(), text) }), "x.credentials{}"],
    ["that is a list", z.strictObject({ tokens: z.array(text) }), "x.tokens[]"],
    ["behind a preparation", z.preprocess((value) => value, z.strictObject({ token: text })), "x.token"],
    ["in an intersection of two objects", z.strictObject({ a: text }).and(z.strictObject({ token: text })), "x.token"],
    ["that is marked, whatever its name", z.strictObject({ value: text.meta({ secret: true }).optional() }), "x.value"],
    ["in a marked object", z.strictObject({ value: text }).meta({ secret: true }), "x.value"],
    ["that has the name of the argument", text, "password"],
  ])("%s", (_, schema, path) => {
    const names = path.match(/\w+/g) ?? [];
    const [name = "", member = ""] = [names[0], names.at(-1)];
    expect([...new Set(undeclared(name, { schema, secretMembers: [] }))]).toEqual([path]);
    expect(undeclared(name, { schema, secretMembers: [member] })).toEqual([]);
    expect(unknown(name, { schema, secretMembers: [member] })).toEqual([]);
  });
});

test("the walk reports a declared secret that the schema lacks, and fails on a schema of an unknown kind", () => {
  const schema = z.array(z.strictObject({ authorizationToken: z.string() }));
  const declared = ["authorisationToken", "authorizationToken"];
  expect(unknown("x", { schema, secretMembers: declared })).toEqual(["authorisationToken"]);
  const map = { schema: z.map(z.string(), z.string()), secretMembers: [] };
  expect(() => undeclared("x", map)).toThrow("a schema of the kind map is not known to this walk");
});

/** Each text of each argument, with the value that contains it. */
const texts = fields.flatMap(([path, name, field]) =>
  filledIn(field.schema, path).flatMap((value) => {
    const found: { path: string; name: string; text: string; isDeclared: boolean; value: unknown }[] = [];
    withTexts(value, name, (text, member) => {
      found.push({ path, name, text, isDeclared: field.secretMembers.includes(member), value });
      return text;
    });
    return found;
  }),
);

test("the tests below cover every declared secret", () => {
  const declared = fields.filter(([, , { secretMembers }]) => secretMembers.length > 0).map(([path]) => path);
  expect([...new Set(texts.filter(({ isDeclared }) => isDeclared).map(({ path }) => path))]).toEqual(declared);
  const found = texts.filter(({ isDeclared }) => isDeclared).map(({ text }) => text);
  const tokens = ["authorizationToken", "password"].map((member) => `<QoderDeployment.resources[].${member}>`);
  expect(found).toEqual(expect.arrayContaining(tokens));
});

describe("a program", () => {
  beforeAll(() => mockEngine());

  /** True if the program marks the argument as a secret for the engine. */
  async function isSecret(path: string, name: string, value: unknown): Promise<boolean> {
    const [label = ""] = path.split(".");
    const resource: unknown = Reflect.construct(Reflect.get(program, label), ["daily", { [name]: value }]);
    if (!(resource instanceof pulumi.CustomResource)) {
      throw new Error(`${label} is no resource`);
    }
    return pulumi.runtime.isRpcSecret((await registration(resource)).inputs[name]);
  }

  /** Arguments that the program reads from files. */
  const read = ["QoderSkill.name", "QoderSkill.files", "QoderFile.digest"];
  const given = texts.filter(({ path }) => !read.some((one) => path.startsWith(one)));

  test.each(given.filter(({ text }, index) => given.findIndex((one) => one.text === text) === index))(
    "marks the argument with $text as a secret exactly if the member is declared ($isDeclared)",
    async ({ path, name, text, isDeclared, value }) => {
      const alone = withTexts(value, name, (one) => (one === text ? one : undefined));
      expect(JSON.stringify(alone)).toContain(text);
      expect(await isSecret(path, name, alone)).toBe(isDeclared);
      expect(await isSecret(path, name, pulumi.output(alone))).toBe(isDeclared);
    },
  );
});

test.each(kinds)("an error about a $label hides declared secrets, and no other text", async (kind) => {
  const own = texts.filter(({ path }) => path.startsWith(`${kind.label}.`));
  for (const { name, value } of own) {
    const said = own.filter((one) => one.value === value);
    const subject = { kind, operation: "update", id: "x_1", properties: { [name]: value } } as const;
    const message = said.map(({ text }) => text).join(" ");
    const session = new Session({ clock: new SkippingClock(), environment: {}, tell: async () => {} });
    const failing = answerEngine(session, subject, () => Promise.reject(new Error(message)));
    const shown = said.map(({ text, isDeclared }) => (isDeclared ? "[secret]" : text)).join(" ");
    await expect(failing).rejects.toThrow(`(x_1): update failed: ${shown}`);
  }
});

test("the import writes a comment in place of each declared secret of a deployment, and of no other text", () => {
  const [created_at, updated_at] = ["2026-11-20T01:00:00Z", "2026-11-20T01:00:00Z"];
  const live = { id: "dep_1", status: "active", created_at, updated_at };
  for (const name of argumentNames) {
    const { schema, secretMembers = [] } = deploymentKind.fields[name];
    for (const value of filledIn(schema, name)) {
      const secrets: string[] = [];
      const told = withTexts(value, name, (text, member) => {
        secrets.push(...secretMembers.filter((one) => one === member));
        return secretMembers.includes(member) ? undefined : text;
      });
      const writeOnly = writeOnlyOf(deploymentKind, deploymentSchema.parse(live), { [name]: told });
      const [secretsIn, plainSecrets, identifiers, resources] = [new Map(), new Map(), new Map(), new Map()];
      const given = { writeOnly, secrets: secretsIn, plainSecrets, identifiers, resources };
      const written = objectLiteral({ [name]: told }, "", given);
      const lines = [...written.matchAll(/^ +\/\/ (\w+): config\.requireSecret\("(\w+)"\),$/gm)];
      expect(lines.map(([, member]) => member)).toEqual(secrets);
      expect(lines.map(([, , key]) => key)).toEqual(secrets);
    }
  }
});

test("the import writes a configuration value in place of each declared secret of a credential, and of no other text", () => {
  const { schema } = vaultCredentialKind.fields.auth;
  for (const value of filledIn(schema, "auth")) {
    const secrets: string[] = [];
    const told = withTexts(value, "auth", (text, member) => {
      const isSecret = vaultCredentials.secretMembers.auth.some((one) => one === member);
      secrets.push(...(isSecret ? [member] : []));
      return isSecret ? undefined : text;
    });
    const writeOnly = writeOnlyOf(vaultCredentialKind, { id: "vault_1/vcred_1" }, { auth: told });
    const written = [...writtenSecrets(writeOnly, "x", new Set()).values()].flat();
    expect(written.map(([member]) => member).sort()).toEqual(secrets.sort());
  }
});
