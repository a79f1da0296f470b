import type { Policies } from "@pulumi/policy";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import { struct } from "./struct";

type Call<Request> = (
  call: { readonly request: Request },
  callback: (error: Error | undefined, response: messages.AnalyzeResponse) => void,
) => Promise<void>;
type Maker<Request> = (name: string, version: string, level: string, policies: Policies) => Call<Request>;

// The functions that the engine calls: the types of the package lack them.
const server = jest.requireActual<{
  makeAnalyzeRpcFun: Maker<messages.AnalyzeRequest>;
  makeAnalyzeStackRpcFun: Maker<messages.AnalyzeStackRequest>;
}>("@pulumi/policy/server");

/** The violations that the policies report to the engine, for a stack with this one resource. */
export async function violations(policies: Policies, type: string, properties: object): Promise<string[]> {
  const urn = `urn:pulumi:dev::project::${type}::daily`;
  const described = <Message extends messages.AnalyzeRequest | messages.AnalyzerResource>(message: Message) => {
    message.setType(type);
    message.setUrn(urn);
    message.setName("daily");
    message.setProperties(struct(properties));
    message.setOptions(new messages.AnalyzerResourceOptions());
    return message;
  };
  const stack = new messages.AnalyzeStackRequest();
  stack.setResourcesList([described(new messages.AnalyzerResource())]);
  return [
    ...(await answer(server.makeAnalyzeRpcFun, policies, described(new messages.AnalyzeRequest()))),
    ...(await answer(server.makeAnalyzeStackRpcFun, policies, stack)),
  ];
}

async function answer<Request>(make: Maker<Request>, policies: Policies, request: Request): Promise<string[]> {
  const response = await new Promise<messages.AnalyzeResponse>((resolve, reject) => {
    make("pack", "1.0.0", "mandatory", policies)({ request }, (error, told) => (error ? reject(error) : resolve(told)));
  });
  return response.getDiagnosticsList().map((diagnostic) => diagnostic.getMessage());
}
