import { isObject, type Properties } from "../resource/program-values";
import { Struct } from "./sdk";

type StructMessage = InstanceType<typeof Struct>;

export function valuesIn(message: StructMessage | undefined): Properties {
  const values: unknown = message?.toJavaScript();
  return isObject(values) ? values : {};
}

/** Without members that are undefined, which the library refuses. */
export function structOf(values: Properties): StructMessage {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(values)));
}
