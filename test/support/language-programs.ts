import { secrets } from "./secret-scan";

/** Resources by their names, with their kinds and arguments: as in YAML, `${name.id}` is an output and `fn::secret` a secret. */
export type Resources = Readonly<Record<string, readonly [kind: string, args: object]>>;

/** The program as JSON, which is also YAML. All resources use an explicit provider. */
export function yamlOf(resources: Resources): string {
  const options = { provider: `\${account}` };
  const declared = Object.entries(resources).map(([name, [kind, properties]]) => [
    name,
    { type: `qoder:${kind}`, properties, options },
  ]);
  const account = { type: "pulumi:providers:qoder", properties: { pat: secrets.pat } };
  return `resources: ${JSON.stringify({ account, ...Object.fromEntries(declared) })}\n`;
}

/** The same program in JavaScript. */
export function javascriptOf(resources: Resources): string {
  const declared = Object.entries(resources).map(([name, [kind, args]]) => {
    const written = JSON.stringify(args)
      .replaceAll(/"\$\{([\w.]+)\}"/g, "$1")
      .replaceAll(/\{"fn::secret":("[^"]*")\}/g, "pulumi.secret($1)");
    return `const ${name} = new qoder.Qoder${kind}("${name}", ${written}, { provider: account });`;
  });
  return [
    'const pulumi = require("@pulumi/pulumi");',
    'const qoder = require("pulumi-qoder");',
    `const account = new qoder.QoderProvider("account", { pat: "${secrets.pat}" });`,
    ...declared,
  ].join("\n");
}
