import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { pluginType } from "../../provider/kinds/table";
import { createdKinds } from "../kinds";
import { PluginCalls } from "../support/plugin-calls";
import { struct } from "../support/struct";
import { betweenCommandsMs, World } from "../support/world";

// `pulumi do ... patch --stateless` reads the object, replaces the given arguments in what the read describes, and updates it.

const labelled = createdKinds.filter(({ arguments: rows }) => "metadata" in rows);

test.each(labelled)("a patch of one label of a $label keeps all others", async (kind) => {
  const world = await World.start(kind);
  const { id } = await world.existing(kind, world.args({ metadata: { team: "data", tier: "gold" } }));
  world.passTime(betweenCommandsMs);
  const plugin = new PluginCalls({ "qoder:baseUrl": world.api.url });
  const type = pluginType(kind.type);
  const urn = `urn:pulumi:dev::default::${type}::${type.split(":").at(-1)}`;
  const read = await plugin.answer<messages.ReadResponse>("read", new messages.ReadRequest().setUrn(urn).setId(id));
  const [inputs, outputs] = [read.getInputs(), read.getProperties()];
  const news = struct({ ...Object(inputs?.toJavaScript()), metadata: { team: "ops" } });
  const check = new messages.CheckRequest().setUrn(urn).setOlds(inputs).setNews(news);
  const checked = await plugin.answer<messages.CheckResponse>("check", check);
  expect(checked.getFailuresList()).toEqual([]);
  world.sent();
  const update = new messages.UpdateRequest().setUrn(urn).setId(id).setOlds(outputs).setNews(checked.getInputs());
  const updated = await plugin.answer<messages.UpdateResponse>("update", update);
  const bodies = world.api.requests.filter(({ method }) => method === "POST").map(({ body }) => body);
  expect(bodies).toEqual([expect.objectContaining({ metadata: { team: "ops" } })]);
  expect(updated.getProperties()?.toJavaScript()).toMatchObject({ metadata: { team: "ops", tier: "gold" } });
  await world.stop();
});
