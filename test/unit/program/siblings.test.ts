import { existsSync, readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { QoderDeploymentRun } from "../../../provider";
import { until } from "../../support/until";

const placeSchema = z.object({ file: z.string(), place: z.number() });
const registered: { readonly name: string; readonly siblings: z.infer<typeof placeSchema> | undefined }[] = [];
/** The test calls a function of these to let the engine answer a registration. */
const answers = new Map<string, (id: string | undefined) => void>();

function declareIn(isPreview: boolean): void {
  pulumi.runtime.setMocks(
    {
      async newResource({ name, inputs, id: given }) {
        registered.push({ name, siblings: placeSchema.optional().parse(inputs["__command"]?.siblings) });
        const id = given || (await new Promise<string | undefined>((resolve) => answers.set(name, resolve)));
        return { id, state: inputs };
      },
      call: () => ({}),
    },
    "project",
    "dev",
    isPreview,
  );
}

beforeEach(() => {
  registered.length = 0;
  answers.clear();
});

const deploymentId = "dep_1";
const what = () => JSON.stringify(registered);

test("the program writes the id of each run when the engine answers, and removes the file after the last answer", async () => {
  declareIn(false);
  new QoderDeploymentRun("alone", { deploymentId });
  await until(() => answers.size === 1, what);
  const { file } = registered[0]?.siblings ?? { file: "" };
  expect(existsSync(file)).toBe(false);

  new QoderDeploymentRun("second", { deploymentId });
  new QoderDeploymentRun("third", { deploymentId });
  await until(() => answers.size === 3, what);
  const lines = () =>
    readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  expect(registered.map(({ siblings }) => siblings)).toEqual([0, 1, 2].map((place) => ({ file, place })));
  expect(lines()).toEqual([{ place: 0 }, { place: 1 }, { place: 2 }]);

  answers.get("second")?.("drun_2");
  // The run is no target of the command, and the state has no id.
  answers.get("third")?.(undefined);
  await until(() => lines().length === 6, what);
  expect(lines().slice(3)).toEqual(
    expect.arrayContaining([
      { place: 1, id: "drun_2" },
      { place: 1, isRegistered: true },
      { place: 2, isRegistered: true },
    ]),
  );

  answers.get("alone")?.("drun_1");
  await until(() => !existsSync(file), what);
  new QoderDeploymentRun("later", { deploymentId });
  expect(lines()).toContainEqual({ place: 0, id: "drun_1" });
  await until(() => answers.size === 4, what);
  answers.get("later")?.("drun_4");
  await until(() => !existsSync(file), what);
});

test("a run in a preview and a look-up of a run get no place in the file", async () => {
  declareIn(true);
  new QoderDeploymentRun("planned", { deploymentId });
  declareIn(false);
  QoderDeploymentRun.get("found", "drun_9");
  await until(() => registered.length === 2, what);
  expect(registered.map(({ siblings }) => siblings)).toEqual([undefined, undefined]);
});
