import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as engineServices from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engineMessages from "@pulumi/pulumi/proto/engine_pb";
import * as services from "@pulumi/pulumi/proto/provider_grpc_pb";
import { z } from "zod";
import { servedKinds } from "./plugin-server/kinds";
import { grpc } from "./plugin-server/sdk";
import { implementationOf } from "./plugin-server/server";
import { addressText, engineAddress, onCommandEnd, surroundingsOf, written } from "./resource/engine/watch";
import { Session } from "./resource/session/session";

/** The schema is next to the running script. */
const schemaFile = join(dirname(process.argv[1] ?? ""), "schema.json");
const schema = () => readFileSync(schemaFile, "utf8");

/** The SDK's own limit, because a state may be large (@pulumi/pulumi runtime/settings.js). */
const mostBytes = 1024 * 1024 * 400;

/** Sends messages to the engine's log, which shows a message without a URN under the stack. */
function engineLog(address: string) {
  const engine = new engineServices.EngineClient(address, grpc.credentials.createInsecure());
  return (severity: "INFO" | "WARNING", text: string, urn = ""): Promise<void> => {
    const { LogRequest, LogSeverity } = engineMessages;
    const request = new LogRequest().setSeverity(LogSeverity[severity]).setMessage(text).setUrn(urn);
    // A message that cannot be sent must not fail the command.
    return new Promise((done) => engine.log(request, () => done()));
  };
}

const engine = engineAddress(process.argv.slice(2));
const server = new grpc.Server({ "grpc.max_receive_message_length": mostBytes });
const log = engine === undefined ? undefined : engineLog(addressText(engine));
// Messages go to the engine's log, because the engine shows printed lines of a plugin only as debug output (pulumi/pulumi
// pkg/resource/plugin/plugin.go).
const session = new Session(
  surroundingsOf(
    engine,
    (text, urn) => log?.("WARNING", text, urn) ?? written(text),
    (line) => log?.("INFO", line) ?? written(line),
  ),
);
onCommandEnd(() => session.remarks.end());
const { version } = z.object({ version: z.string() }).parse(JSON.parse(schema()));
server.addService(services.ResourceProviderService, implementationOf({ session, schema, version, kinds: servedKinds }));
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) {
    throw error;
  }
  // The engine reads the port from the output (pulumi/pulumi pkg/resource/plugin/plugin.go).
  process.stdout.write(`${port}\n`);
});
