import { randomUUID } from "node:crypto";
import type { handleUnaryCall } from "@grpc/grpc-js";
import * as pluginMessages from "@pulumi/pulumi/proto/plugin_pb";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { nameInUrn } from "../kinds/table";
import { unknownSettings } from "../program/qoder-provider-arguments";
import { containsUnknown, type Properties } from "../resource/kind/program-values";
import type { Session } from "../resource/session/session";
import type { Served } from "./kinds";
import { list } from "./lists";
import { lookUp } from "./look-ups";
import { bare } from "./marks";
import { Resources } from "./resources";
import { checkResponse, diffResponse, failureOf, structOf, valuesIn } from "./responses";
import { Empty } from "./sdk";
import { callSettings, checkedSettings, isOtherAccount, stackSettings } from "./settings";

export interface Plugin {
  readonly session: Session;
  /** The JSON text of the schema. */
  schema(): string;
  readonly version: string;
  readonly kinds: Readonly<Record<string, Served>>;
}

/**
 * Translates the engine's calls into calls of the kinds. For any other call, the library answers that it is not implemented.
 */
export function implementationOf({ session, schema, version, kinds }: Plugin) {
  const stack = stackSettings(session.surroundings.environment);
  let door = callSettings(session, {}, stack);
  const all = () => new Map(Object.entries(kinds).map(([name, served]) => [name, new Resources(served, door)]));
  let resources = all();
  const resourcesOf = (urn: string): Resources => {
    const types = urn.split("::")[2] ?? "";
    const one = resources.get(types.split(":").at(-1) ?? "");
    if (one === undefined) {
      throw new Error(`there is no resource type ${types.split("$").at(-1)}`);
    }
    return one;
  };
  return {
    handshake: unary(() =>
      new messages.ProviderHandshakeResponse().setAcceptSecrets(true).setSupportsAutonamingConfiguration(true),
    ),
    getSchema: unary(() => new messages.GetSchemaResponse().setSchema(schema())),
    getPluginInfo: unary(() => new pluginMessages.PluginInfo().setVersion(version)),
    checkConfig: unary(async (request) => {
      for (const text of unknownSettings(Object.keys(stack), request.getUrn().split("::")[1] ?? "")) {
        await session.surroundings.tell({ severity: "warning", text, urn: undefined });
      }
      return checkResponse(checkedSettings(nameInUrn(request.getUrn()), valuesIn(request.getNews()), stack));
    }),
    diffConfig: unary((request) => {
      const changes = isOtherAccount(valuesIn(request.getOldInputs()), valuesIn(request.getNews()));
      return diffResponse({ changes });
    }),
    configure: unary((request) => {
      door = callSettings(session, bare(valuesIn(request.getArgs())), stack);
      resources = all();
      const response = new messages.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
      return response.setSupportsAutonamingConfiguration(true);
    }),
    check: unary(async (request) => {
      const [urn, olds, news] = [request.getUrn(), valuesIn(request.getOlds()), valuesIn(request.getNews())];
      const isFirst = request.getRandomseed_asU8().length === 0 && Object.keys(olds).length === 0;
      const origin = isFirst && hasNoStack(urn) ? urn.replace(":dev::", `:dev-${randomUUID()}::`) : urn;
      const nameless = hasNoStack(urn) ? { proposedName: "", mode: undefined } : undefined;
      const autonaming = request.getAutonaming()?.toObject() ?? nameless;
      const isOff = autonaming?.mode === messages.CheckRequest.AutonamingOptions.Mode.DISABLE;
      return checkResponse(await resourcesOf(urn).check(origin, olds, news, autonaming && { ...autonaming, isOff }));
    }),
    diff: unary(async (request) => {
      const one = resourcesOf(request.getUrn());
      const [olds, news] = changeIn(request, one);
      return diffResponse(await one.diff(request.getId(), olds, news, request.getIgnorechangesList()));
    }),
    create: unary(async (request) => {
      await session.remarks.begun(request.getPreview());
      const [one, inputs] = [resourcesOf(request.getUrn()), valuesIn(request.getProperties())];
      const { id, outputs } = request.getPreview()
        ? one.announced(inputs)
        : await one.create(inputs, request.getTimeout());
      return new messages.CreateResponse().setId(id).setProperties(structOf(outputs));
    }),
    update: unary(async (request) => {
      await session.remarks.begun(request.getPreview());
      const one = resourcesOf(request.getUrn());
      const [olds, news] = changeIn(request, one);
      if (hasNoStack(request.getUrn())) {
        await one.refuseReplacement(request.getId(), olds, news);
      }
      const { outputs } = request.getPreview()
        ? one.announced(news, olds)
        : await one.update(request.getId(), olds, news, request.getTimeout(), request.getIgnorechangesList());
      return new messages.UpdateResponse().setProperties(structOf(outputs));
    }),
    read: unary(async (request) => {
      const [inputs, outputs] = [valuesIn(request.getInputs()), valuesIn(request.getProperties())];
      const read = await resourcesOf(request.getUrn()).read(request.getId(), inputs, outputs, request.getTimeout());
      const response = new messages.ReadResponse();
      return read === undefined
        ? response
        : response.setId(read.id).setProperties(structOf(read.outputs)).setInputs(structOf(read.inputs));
    }),
    delete: unary(async (request) => {
      await session.remarks.begun(false);
      const outputs = valuesIn(request.getProperties());
      await resourcesOf(request.getUrn()).delete(request.getId(), outputs, request.getTimeout());
      return new Empty();
    }),
    invoke: unary(async (request) => {
      const found = await lookUp(request.getTok(), valuesIn(request.getArgs()), door);
      return new messages.InvokeResponse().setReturn(structOf(found));
    }),
    list: (call) => {
      const { Computed, Result, Continuation } = messages.ListResponse;
      const answer = () => new messages.ListResponse();
      const listed = async ({ request }: typeof call): Promise<messages.ListResponse[]> => {
        const inputs = valuesIn(request.getQuery());
        if (containsUnknown(inputs)) {
          return [answer().setComputed(new Computed())];
        }
        const part = {
          limit: request.getLimit(),
          pageSize: request.getPageSize(),
          after: request.getContinuationToken(),
        };
        const { objects, next } = await list(request.getToken(), kinds, { inputs, ...part }, door);
        const results = objects.map(({ id, name }) => answer().setResult(new Result().setId(id).setName(name)));
        return next === undefined
          ? results
          : [...results, answer().setContinuation(new Continuation().setContinuationToken(next))];
      };
      listed(call).then(
        (answers) => {
          for (const one of answers) {
            call.write(one);
          }
          call.end();
        },
        (error: unknown) => call.emit("error", failureOf(error)),
      );
    },
    // The wait for the end of a run ends, and the state keeps the run. Other calls continue to their end.
    cancel: unary(async () => {
      session.cancel();
      await session.remarks.end();
      return new Empty();
    }),
  } satisfies Partial<IResourceProviderServer>;
}

/**
 * True if the call is one of `pulumi do --stateless`, where all resources of a type have one URN (pulumi/pulumi
 * pkg/cmd/pulumi/do/do_shared.go, `resourceURN`) and the engine gives no random seed. Two creates of equal arguments would otherwise
 * count as one that was interrupted, and the second would change the object of the first.
 */
function hasNoStack(urn: string): boolean {
  return /^urn:pulumi:dev::default::qoder:index:(\w+)::\1$/.test(urn);
}

/** The state of the object and the inputs of the program. */
function changeIn(request: messages.DiffRequest | messages.UpdateRequest, one: Resources): [Properties, Properties] {
  const [olds, news] = [valuesIn(request.getOlds()), valuesIn(request.getNews())];
  return [olds, hasNoStack(request.getUrn()) ? one.withOthersKeys(olds, news) : news];
}

function unary<Request, Response>(
  answer: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, done) => {
    new Promise<Response>((resolve) => resolve(answer(call.request))).then(
      (response) => done(null, response),
      (error: unknown) => done(failureOf(error)),
    );
  };
}
