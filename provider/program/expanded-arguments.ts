import type { Arguments, DeclaredKind, NamingPlace, WhenKnown } from "../kinds/table";

/** The value to write in place of a resource of the program; undefined for a value that is no resource. */
export type OfResource = (value: unknown, place: NamingPlace) => unknown;

/** The functions by which the SDK or the plugin handles values that are no plain data. */
interface Door {
  readonly whenKnown: WhenKnown;
  readonly ofResource?: OfResource;
}

/**
 * The arguments with the name of the object, without short forms, with ids in place of resources, and with digests in place of files.
 * `defaultName`: the argument that holds the Pulumi name, as the program leaves it out.
 */
export function expandedArguments(kind: DeclaredKind, args: Arguments, name: string, door: Door) {
  const { named = [] } = kind;
  const {
    given,
    read,
    nameArgument = kind.nameArgument,
  } = kind.reads?.(args, name) ?? { given: kind.expanded?.(args, door.whenKnown) ?? args };
  const own =
    nameArgument === undefined ? {} : { [nameArgument]: door.whenKnown(given[nameArgument], (own) => own ?? name) };
  const defaultName =
    nameArgument && door.whenKnown(args[nameArgument], (own) => (own == null ? nameArgument : undefined));
  return { given: { ...writtenIds(named, given, door), ...own }, read, defaultName };
}

/** Replaces resources and results of look-ups in the arguments by their ids. */
function writtenIds(places: readonly NamingPlace[], args: Arguments, door: Door): Arguments {
  const written = { ...args };
  for (const place of places) {
    const [argument, ...members] = place.at;
    if (written[argument] !== undefined) {
      written[argument] = writtenAt(written[argument], members, place, door);
    }
  }
  return written;
}

function writtenAt(value: unknown, members: readonly string[], place: NamingPlace, door: Door): unknown {
  return door.whenKnown(value, (known) => {
    const [member, ...others] = members;
    if (member === undefined) {
      return writtenId(known, place, door);
    }
    // Each element by itself: one unknown element would otherwise make the whole list unknown in a preview.
    if (member === "*") {
      return Array.isArray(known) ? known.map((element) => writtenAt(element, others, place, door)) : known;
    }
    const isResource = door.ofResource?.(known, place) !== undefined;
    return !isResource && isPlain(known) && Reflect.get(known, member) !== undefined
      ? { ...known, [member]: writtenAt(Reflect.get(known, member), others, place, door) }
      : known;
  });
}

function writtenId(value: unknown, place: NamingPlace, door: Door): unknown {
  const named = door.ofResource?.(value, place);
  if (named !== undefined || !isPlain(value)) {
    return named ?? value;
  }
  const { kind, written = idOf } = place;
  const { idMember = "id" } = kind;
  return isFound(value) ? written(value) : writtenAt(value, [idMember], { at: [idMember], kind }, door);
}

/** The id of a resource or of the result of a look-up. */
export function idOf(named: object): unknown {
  return Reflect.get(named, "id");
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True if the value is the result of a look-up. Every result has one of these members, and no person writes them by hand. */
function isFound(value: object): boolean {
  return "effectiveMetadata" in value || "displayTitle" in value;
}
