import type { handleUnaryCall, ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { Properties } from "../resource/program-values";
import type { Session } from "../resource/session";
import { failureOf } from "./failure";
import type { ServedKind } from "./kinds";
import { lookUp } from "./look-ups";
import { bareProperties } from "./marks";
import { type Door, Resources } from "./resources";
import { Empty, messages, pluginMessages } from "./sdk";
import { checkedSettings, commandSettings, configurationOf, isOtherAccount, stackSettings } from "./settings";
import { structOf, valuesIn } from "./structs";

/** The calls of the engine that are answered; to any other the library answers that it is not implemented. */
type Called =
  | "handshake"
  | "getSchema"
  | "getPluginInfo"
  | "checkConfig"
  | "diffConfig"
  | "configure"
  | "check"
  | "diff"
  | "create"
  | "update"
  | "read"
  | "delete"
  | "invoke"
  | "cancel";
type Answers = {
  readonly [Name in Called]: IResourceProviderServer[Name] extends handleUnaryCall<infer Request, infer Response>
    ? (request: Request) => Response | Promise<Response>
    : never;
};

/** What the process of the plugin is given. */
export interface Plugin {
  readonly session: Session;
  /** As a text of JSON. */
  schema(): string;
  readonly version: string;
  readonly kinds: Readonly<Record<string, ServedKind>>;
}

/** Translates between the engine's calls and the kinds; what a call means stands in neither. */
function answersOf({ session, schema, version, kinds }: Plugin): Answers {
  const stack = stackSettings(session.surroundings.environment);
  let door: Door = { session, configuration: configurationOf({}), command: commandSettings(stack) };
  let resources = new Map<string, Resources>();
  // A check does not tell whether it is part of a preview: the first call that does tells it for all.
  let isPreview: boolean | null = null;

  const begin = (preview: boolean) => {
    isPreview = preview;
    session.remarks.begun(preview);
  };
  const resourcesOf = (urn: string): Resources => {
    const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
    const name = type.split(":").at(-1) ?? "";
    const served = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (served === undefined) {
      throw new Error(`there is no resource type ${type}`);
    }
    const one = resources.get(name) ?? new Resources(served, door);
    resources.set(name, one);
    return one;
  };
  return {
    handshake() {
      const response = new messages.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      return response;
    },
    getSchema() {
      const response = new messages.GetSchemaResponse();
      response.setSchema(schema());
      return response;
    },
    getPluginInfo() {
      const response = new pluginMessages.PluginInfo();
      response.setVersion(version);
      return response;
    },
    checkConfig(request) {
      const { inputs, failures } = checkedSettings(request.getUrn(), valuesIn(request.getNews()), stack);
      return checkResponse(inputs, failures);
    },
    diffConfig(request) {
      const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
      const response = new messages.DiffResponse();
      const isOther = isOtherAccount(valuesIn(request.getOldInputs()), valuesIn(request.getNews()));
      response.setChanges(isOther ? DIFF_SOME : DIFF_NONE);
      return response;
    },
    configure(request) {
      const settings = bareProperties(valuesIn(request.getArgs()));
      door = { session, configuration: configurationOf(settings), command: commandSettings({ ...settings, ...stack }) };
      resources = new Map();
      const response = new messages.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      return response;
    },
    async check(request) {
      const [urn, olds, news] = [request.getUrn(), valuesIn(request.getOlds()), valuesIn(request.getNews())];
      const { inputs, failures } = await resourcesOf(urn).check(urn, olds, news, isPreview);
      return checkResponse(inputs, failures);
    },
    async diff(request) {
      const [olds, news] = [valuesIn(request.getOlds()), valuesIn(request.getNews())];
      return diffResponse(await resourcesOf(request.getUrn()).diff(request.getId(), olds, news));
    },
    async create(request) {
      begin(request.getPreview());
      const [one, inputs] = [resourcesOf(request.getUrn()), valuesIn(request.getProperties())];
      const response = new messages.CreateResponse();
      if (request.getPreview()) {
        response.setProperties(structOf(one.created(inputs)));
        return response;
      }
      const { id, outputs } = await one.create(inputs, request.getTimeout());
      response.setId(id);
      response.setProperties(structOf(outputs));
      return response;
    },
    async update(request) {
      begin(request.getPreview());
      const one = resourcesOf(request.getUrn());
      const [olds, news] = [valuesIn(request.getOlds()), valuesIn(request.getNews())];
      const outputs = request.getPreview()
        ? one.updated(olds, news)
        : await one.update(request.getId(), olds, news, request.getTimeout());
      const response = new messages.UpdateResponse();
      response.setProperties(structOf(outputs));
      return response;
    },
    async read(request) {
      const [inputs, outputs] = [valuesIn(request.getInputs()), valuesIn(request.getProperties())];
      const read = await resourcesOf(request.getUrn()).read(request.getId(), inputs, outputs, request.getTimeout());
      const response = new messages.ReadResponse();
      if (read !== undefined) {
        response.setId(read.id);
        response.setProperties(structOf(read.outputs));
        response.setInputs(structOf(read.inputs));
      }
      return response;
    },
    async delete(request) {
      begin(false);
      const outputs = valuesIn(request.getProperties());
      await resourcesOf(request.getUrn()).delete(request.getId(), outputs, request.getTimeout());
      return new Empty();
    },
    async invoke(request) {
      const response = new messages.InvokeResponse();
      response.setReturn(structOf(await lookUp(request.getTok(), valuesIn(request.getArgs()), door)));
      return response;
    },
    // Calls that run go on to their end, as after an interruption of a program of the SDK.
    async cancel() {
      await session.remarks.end();
      return new Empty();
    },
  };
}

/** For the server of the process. */
export function implementationOf(plugin: Plugin) {
  const entries = Object.entries<(request: never) => unknown>(answersOf(plugin)).map(([name, answer]) => [
    name,
    (call: ServerUnaryCall<never, unknown>, done: sendUnaryData<unknown>) => {
      new Promise((resolve) => resolve(answer(call.request))).then(
        (response) => done(null, response),
        (error: unknown) => done(failureOf(error)),
      );
    },
  ]);
  return Object.fromEntries(entries);
}

function checkResponse(inputs: Properties, failures: readonly string[]) {
  const response = new messages.CheckResponse();
  response.setInputs(structOf(inputs));
  const told = failures.map((reason) => {
    // Without a property: beside one the engine prints its value, tokens included.
    const failure = new messages.CheckFailure();
    failure.setReason(reason);
    return failure;
  });
  response.setFailuresList(told);
  return response;
}

function diffResponse({ changes, replaces = [], deleteBeforeReplace = false }: Awaited<ReturnType<Resources["diff"]>>) {
  const { DIFF_NONE, DIFF_SOME, DIFF_UNKNOWN } = messages.DiffResponse.DiffChanges;
  const response = new messages.DiffResponse();
  // Without a verdict the engine draws the difference member by member, and honours `replaceOnChanges`.
  response.setChanges(changes === undefined ? DIFF_UNKNOWN : changes ? DIFF_SOME : DIFF_NONE);
  response.setReplacesList(replaces);
  response.setDeletebeforereplace(deleteBeforeReplace);
  return response;
}
