import { agent } from "../kinds/agent";
import { deployment } from "../kinds/deployment";
import { environment } from "../kinds/environment";
import { file, fileOf } from "../kinds/file";
import type { KindRow } from "../kinds/kind-row";
import { skill, skillOf } from "../kinds/skill";
import { vault } from "../kinds/vault";
import { vaultCredential } from "../kinds/vault-credential";
import { momentOf, objectIn, observations, placeShown } from "../support/observed";
import { skillMd } from "../support/skill-folder";
import { doors, type Properties, useDoor, World } from "../support/world";

interface Row {
  readonly kind: KindRow;
  /** The program after another change of the object. */
  changed(args: Properties, count: number): Properties;
}

const described = (args: Properties, count: number) => ({ ...args, description: `${count}` });
const secrets: Readonly<Record<string, string>> = { static_bearer: "token", mcp_oauth: "accessToken" };
function rotated(args: Properties, count: number): Properties {
  const auth = Object(args["auth"]);
  return { ...args, auth: { ...auth, [secrets[auth.type] ?? ""]: `${count}` } };
}
const folder = ({ name, ...args }: Properties, count: number) => ({
  ...args,
  ...skillOf({ "SKILL.md": skillMd(String(name)), "notes.md": `${count}` }),
});

/** By the `type` of the object. */
const rows: Readonly<Record<string, Row>> = {
  agent: { kind: agent, changed: described },
  deployment: { kind: deployment, changed: described },
  environment: { kind: environment, changed: described },
  file: { kind: file, changed: (args, count) => ({ ...args, ...fileOf(`${count}\n`), name: args["name"] }) },
  skill: { kind: skill, changed: folder },
  skill_version: { kind: skill, changed: folder },
  vault: { kind: vault, changed: (args, count) => ({ ...args, displayName: `${count}` }) },
  vault_credential: { kind: vaultCredential, changed: rotated },
};

const second = 1_000_000;

/**
 * Objects of this type with the members of the observed one, and with the distance of its times: of those within a second of the object's
 * number, or else of its creation, which belong to one write.
 */
function like(observed: Properties): (reply: unknown) => Properties {
  const { type } = observed;
  const base = ["latest_version", "version", "created_at"].find((name) => momentOf(observed[name]) !== undefined) ?? "";
  const distanceOf = (name: string) => (momentOf(observed[name]) ?? Number.NaN) - (momentOf(observed[base]) ?? 0);
  const shaped = (object: Properties): Properties =>
    Object.fromEntries(
      Object.entries(observed).map(([name, value]) => {
        const [shown, distance] = [object[name] ?? value, distanceOf(name)];
        const at = momentOf(shown);
        const isNear = name !== base && name.endsWith("_at") && Math.abs(distance) < second;
        return [name, isNear && at !== undefined ? timeOf(at + distance) : shown];
      }),
    );
  const inside = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(inside);
    }
    if (typeof value !== "object" || value === null) {
      return value;
    }
    const object: Properties = { ...value };
    return object["type"] === type && "id" in object && "created_at" in object
      ? shaped(object)
      : Object.fromEntries(Object.entries(object).map(([name, member]) => [name, inside(member)]));
  };
  return (reply) => Object(inside(reply));
}

/** RFC 3339 with microseconds. */
function timeOf(moment: number): string {
  const seconds = new Date(Math.floor(moment / second) * 1_000).toISOString().slice(0, 19);
  return `${seconds}.${String(moment % second).padStart(6, "0")}Z`;
}

const lives = observations.flatMap((observed) => {
  const shown = objectIn(observed);
  const row = rows[shown?.type ?? ""];
  return shown === undefined || row === undefined || shown["archived_at"] != null ? [] : [{ ...row, shown, observed }];
});

describe.each(doors)("by the %s door", (door) => {
  const world = World.ofTests(deployment);
  beforeEach(() => useDoor(door));

  test.each(lives)(
    "an object like $observed.name is imported, changed, refreshed and changed again, and no preview shows a difference",
    async ({ kind, changed, shown, observed: { switches } }) => {
      world.reset(switches, kind);
      placeShown(world.api, shown);
      const id = [shown["vault_id"], shown["skill_id"] ?? shown.id].filter((part) => part !== undefined).join("/");
      const transform = like(shown);
      const path = /^(?!.*\/content$)/;
      world.api.fault({ kind: "replace-body", path, times: Number.POSITIVE_INFINITY, transform });

      const stack = world.stackOf(kind);
      stack.state = await world.command({ kind }).read(id, {});
      const { inputs = {} } = stack.state ?? {};
      const args = Object.fromEntries(Object.entries(inputs).filter(([name]) => !name.startsWith("__")));
      // The first program adds what no import reads: the secret of a credential, the contents of a file and of a skill.
      for (const count of [0, 1, 2]) {
        await stack.up(changed(args, count));
        expect(await stack.preview(changed(args, count))).toBe("same");
      }
      expect(await stack.refresh()).toBe("same");
      await stack.up(changed(args, 3));
      await stack.findsNoDifference(changed(args, 3));
    },
  );
});
