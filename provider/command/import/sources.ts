import type { Query } from "../../api/object-list";
import { agents } from "../../kinds/table";
import { suggestion } from "../../resource/check/suggestion";
import { idOf } from "../../resource/fields/common-fields";
import type { Selection } from "../command-line";
import { Misuse } from "../options";
import type { ImportKind } from "./described";
import { importKinds } from "./kinds";

/** The objects to read of one kind: by their ids, or all of the list under this filter. */
export type Source = { readonly kind: ImportKind } & ({ readonly ids: readonly string[] } | { readonly filter: Query });

/** The parameter with which a list shows archived objects too. */
export const archivedToo = "include_archived";

/** The sources whose lists show archived objects too, which a command can name. */
export function withArchived(sources: readonly Source[]): Source[] {
  return sources.map((source) =>
    "ids" in source || !source.kind.isArchived
      ? source
      : { ...source, filter: { ...source.filter, [archivedToo]: "true" } },
  );
}

/** The objects to read, in the order of the kinds. `kindNames` limits the kinds; undefined for all. */
export function sourcesOf(selection: Selection, kindNames: readonly string[] | undefined): Source[] {
  const kinds = kindNames === undefined ? undefined : kindsOf(kindNames);
  switch (selection.by) {
    case "ids":
      if (kinds !== undefined) {
        throw new Misuse("--kind limits --all and --agent; an id says its kind itself");
      }
      return ofIds([...new Set(selection.ids)]);
    case "agent":
      return ofAgent(
        selection.agent,
        kinds ?? importKinds.filter(({ agentParameter }) => agentParameter !== undefined),
      );
    case "all":
      return (kinds ?? importKinds).map((kind) => ({ kind, filter: kind.ownOnes }));
  }
}

/** The value of `--kind` for this kind. */
export function kindWord({ noun, shortNoun }: ImportKind): string {
  return (shortNoun ?? noun).replaceAll(" ", "-");
}

function kindsOf(names: readonly string[]): ImportKind[] {
  const given = names.flatMap((list) => list.split(",")).map((name) => name.trim().replaceAll("-", " "));
  const known = importKinds.map(({ noun }) => noun);
  const isOf = ({ noun, shortNoun }: ImportKind, name: string) => name === noun || name === shortNoun;
  const wrong = given.find((name) => !importKinds.some((kind) => isOf(kind, name)));
  if (wrong !== undefined) {
    throw new Misuse(`"${wrong}" is not a kind${suggestion(wrong, known) || `; known are ${known.join(", ")}`}`);
  }
  return importKinds.filter((kind) => given.some((name) => isOf(kind, name)));
}

function ofIds(ids: readonly string[]): Source[] {
  const isOf = ({ id: schema }: ImportKind, id: string) => schema.safeParse(id).success;
  const wrong = ids.find((id) => !importKinds.some((kind) => isOf(kind, id)));
  if (wrong !== undefined) {
    const forms = importKinds.map(({ noun, idForm }) => `${noun} (${idForm})`);
    throw new Misuse(`"${wrong}" is not an id of any kind: ${forms.join(", ")}`);
  }
  return importKinds
    .map((kind) => ({ kind, ids: ids.filter((id) => isOf(kind, id)) }))
    .filter((source) => source.ids.length > 0);
}

/** The agent itself, and the objects that belong to it. */
function ofAgent(agent: string, kinds: readonly ImportKind[]): Source[] {
  if (!idOf(agents).safeParse(agent).success) {
    throw new Misuse(`"${agent}" is not the id of an agent (agent_...)`);
  }
  return kinds.map((kind) => {
    if (kind.label === agents.label) {
      return { kind, ids: [agent] };
    }
    if (kind.agentParameter === undefined) {
      throw new Misuse(`--agent selects no ${kind.noun}; take it out of --kind`);
    }
    return { kind, filter: { [kind.agentParameter]: agent } };
  });
}
