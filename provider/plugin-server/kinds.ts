import { readContent } from "../file/source";
import { type DeclaredKind, type KindName, kindNames, kinds } from "../kinds/table";
import { loadedKinds } from "../loaded-kinds";
import type { ResourceKind } from "../resource/kind/kind";
import { containsUnknown, type Properties } from "../resource/kind/program-values";
import { readFolder } from "../skill/folder";
import { mapped, whenKnown } from "./marks";

/** A kind as programs declare it, with its lifecycle, which is loaded with the first use. */
export interface Served extends DeclaredKind {
  readonly kind: ResourceKind;
}

/** The kinds whose arguments name files of this machine. */
const reads: Partial<Record<KindName, DeclaredKind["reads"]>> = {
  File: (args, name) => readContent(name, withKnownPath(args), whenKnown),
  Skill: (args) => readFolder(withKnownPath(args), process.cwd()),
};

/** The kinds by the last part of the type. */
export const servedKinds: Readonly<Record<string, Served>> = Object.fromEntries(
  kindNames.map((name) => [name, served(name)]),
);

function served(name: KindName): Served {
  const row: DeclaredKind = kinds[name];
  const read = reads[name];
  return {
    ...row,
    ...(read === undefined ? {} : { reads: read }),
    get kind() {
      return loadedKinds[name]();
    },
  };
}

/** The wire has a text for a path that is not known yet. A program of the SDK has an Output, which the readers refuse. */
function withKnownPath(args: Properties): Properties {
  const paths = ["source", "ignore"];
  return mapped(args, (name, value) => (paths.includes(name) && containsUnknown(value) ? {} : value));
}
