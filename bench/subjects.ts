import { runInNewContext } from "node:vm";

/** One of the compared programs. Each is plain JavaScript or YAML, because a compiler would add the same cost to all. */
export interface Subject {
  readonly name: string;
  /** The subject in words. */
  readonly meaning: string;
  /** The program is a part of Pulumi.yaml. */
  readonly isYaml?: true;
  /** What Pulumi.yaml contains beside the name of the project; if left out, the runtime of JavaScript. */
  readonly settings?: string;
  /**
   * The program, which declares `amount` resources; `text` is the description of each. YAML cannot read the environment, so the
   * program contains what it needs of it.
   */
  readonly program: (amount: number, text: string, env: Readonly<Record<string, string>>) => string;
}

/** The minute differs for each deployment, as two in one minute cause a warning; the names differ for each subject. */
const argumentsOf = (text: string, names = "daily-") => `({
  name: ${JSON.stringify(names)} + index,
  agent: process.env.BENCH_AGENT,
  environmentId: process.env.BENCH_ENVIRONMENT,
  description: ${JSON.stringify(text)},
  schedule: { expression: index % 60 + " " + (9 + Math.floor(index / 60)) + " * * *", timezone: "Europe/Berlin" },
  initialEvents: [{ type: "user.message", content: "Generate today's status report of team " + index }],
  metadata: { team: "platform", job: "daily-" + index },
})`;

const each = (amount: number, statement: string) => `
for (let index = 0; index < ${amount}; index += 1) {
  ${statement}
}
`;

export const ours: Subject = {
  name: "pulumi-qoder",
  meaning: "this package",
  program: (amount, text) => `
const { QoderDeployment } = require("pulumi-qoder");
${each(amount, `new QoderDeployment("daily-" + index, ${argumentsOf(text)});`)}`,
};

export const floor: Subject = {
  name: "floor",
  meaning: "a dynamic resource with the same inputs whose provider does nothing",
  program: (amount, text) => `
const { dynamic } = require("@pulumi/pulumi");
const provider = {
  create: async (inputs) => ({ id: inputs.name, outs: inputs }),
  update: async (id, olds, news) => ({ outs: news }),
};
class Floor extends dynamic.Resource {
  constructor(name, args) {
    super(provider, name, args);
  }
}
${each(amount, `new Floor("daily-" + index, ${argumentsOf(text)});`)}`,
};

export const empty: Subject = {
  name: "empty",
  meaning: "a dynamic resource with one short input whose provider does nothing",
  program: (amount, text) => `
const { dynamic } = require("@pulumi/pulumi");
const provider = {
  create: async (inputs) => ({ id: "empty", outs: inputs }),
  update: async (id, olds, news) => ({ outs: news }),
};
class Empty extends dynamic.Resource {
  constructor(name, args) {
    super(provider, name, args);
  }
}
${each(amount, `new Empty("daily-" + index, { text: ${JSON.stringify(text)} });`)}`,
};

export const commonPattern: Subject = {
  name: "common pattern",
  meaning:
    "a dynamic provider as most are written: one object for each resource, kept by value in the state, that sends whole bodies",
  program: (amount, text) => `
const { dynamic } = require("@pulumi/pulumi");
async function call(method, path, body) {
  const response = await fetch(process.env.QODER_BASE_URL + path, {
    method,
    headers: { authorization: "Bearer " + process.env.QODER_PAT, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(method + " " + path + ": " + response.status + " " + (await response.text()));
  }
  return response.json();
}
function bodyOf(inputs) {
  return {
    name: inputs.name,
    agent: inputs.agent,
    environment_id: inputs.environmentId,
    description: inputs.description,
    schedule: { type: "cron", ...inputs.schedule },
    initial_events: inputs.initialEvents.map((event) => ({ ...event, content: [{ type: "text", text: event.content }] })),
    metadata: inputs.metadata,
  };
}
class Provider {
  async create(inputs) {
    const made = await call("POST", "/deployments", bodyOf(inputs));
    return { id: made.id, outs: { ...inputs, status: made.status } };
  }
  async diff(id, olds, news) {
    return { changes: Object.keys(news).some((name) => JSON.stringify(news[name]) !== JSON.stringify(olds[name])) };
  }
  async update(id, olds, news) {
    const made = await call("POST", "/deployments/" + id, bodyOf(news));
    return { outs: { ...news, status: made.status } };
  }
  async read(id, props) {
    const found = await call("GET", "/deployments/" + id);
    return { id, props: { ...props, description: found.description, status: found.status } };
  }
  async delete(id) {
    await call("POST", "/deployments/" + id + "/archive", {});
  }
}
class Deployment extends dynamic.Resource {
  constructor(name, args) {
    super(new Provider(), name, { status: undefined, ...args });
  }
}
${each(amount, `new Deployment("daily-" + index, ${argumentsOf(text, "plain-")});`)}`,
};

export const subjects: readonly Subject[] = [ours, floor, empty, commonPattern];

const plugin = "plugins:\n  providers:\n    - name: qoder\n      path: node_modules/pulumi-qoder/plugin\n";

/** What a generated SDK for Node.js does. */
const javascript: Subject = {
  name: "JavaScript, plugin",
  meaning: "this package's plugin of the engine, with a program in JavaScript",
  settings: `runtime: nodejs\n${plugin}`,
  program: (amount, text) => `
const { CustomResource } = require("@pulumi/pulumi");
${each(amount, `new CustomResource("qoder:index:Deployment", "daily-" + index, ${argumentsOf(text, "javascript-")});`)}`,
};

const yaml: Subject = {
  name: "YAML, plugin",
  meaning: "this package's plugin of the engine, with a program in YAML",
  isYaml: true,
  settings: `runtime: yaml\n${plugin}`,
  program: (amount, text, env) => {
    const declared = Array.from({ length: amount }, (_, index) => {
      const properties: unknown = runInNewContext(argumentsOf(text, "yaml-"), { process: { env }, index });
      return [`daily-${index}`, { type: "qoder:Deployment", properties }];
    });
    return `resources: ${JSON.stringify(Object.fromEntries(declared))}\n`;
  },
};

export const throughPlugin: readonly Subject[] = [javascript, yaml];

export const mixed: Subject = {
  name: "pulumi-qoder, all kinds",
  meaning: "this package: a tenth of them agents, a tenth environments, and deployments of these",
  program: (amount, text) => `
const { QoderAgent, QoderDeployment, QoderEnvironment } = require("pulumi-qoder");
const agents = [];
const environments = [];
${each(
  amount / 10,
  `agents.push(new QoderAgent("agent-" + index, { model: "ultimate", system: "You report.", description: ${JSON.stringify(text)} }));
  environments.push(new QoderEnvironment("cloud-" + index, { config: { type: "cloud", networking: { type: "unrestricted" } } }));`,
)}
${each(
  amount - (2 * amount) / 10,
  `new QoderDeployment("daily-" + index, {
    ...${argumentsOf(text)},
    agent: agents[index % agents.length],
    environmentId: environments[index % environments.length].id,
  });`,
)}`,
};
