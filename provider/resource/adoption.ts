import { declarable, liveAsShown } from "./arguments";
import type { Objects } from "./objects";
import type { BaseReply } from "./outputs";
import { containsUnknown, type Properties, valueIn } from "./program-values";
import { replacedPlaces } from "./replacement";

interface Adoption {
  /** The arguments that the object holds already. */
  readonly live: Properties;
  /** Why the object cannot become what the program declares; undefined if it can. */
  readonly refusal: string | undefined;
}

/**
 * An existing object, for a program that adopts it: every argument whose change replaces an object must be equal. A value that is unknown
 * in a preview is no difference.
 */
export async function adoption(objects: Objects, object: BaseReply, wanted: Properties): Promise<Adoption> {
  const { kind } = objects;
  const { noun, upload } = kind;
  const isUnknown = (place: string) => containsUnknown(valueIn(wanted, place.split(".")));
  const isHeld =
    upload === undefined || isUnknown(upload.argument) ? undefined : await upload.holds(objects, object, wanted);
  const files = upload !== undefined && isHeld === true ? { [upload.argument]: wanted[upload.argument] } : {};
  const live = { ...liveAsShown(kind, object, wanted), ...files };
  const others = [
    ...replacedPlaces(kind, live, wanted, declarable(kind, object)),
    ...((isHeld === false && (await upload?.fixed(objects, object, wanted))) || []),
  ].filter((place) => !isUnknown(place));
  const refusal = `${object.id} has another ${others.join(" and another ")} than the program says, which the API cannot change in place; declare it as it is, or leave out adopt to create a new ${noun}`;
  return { live, refusal: others.length === 0 ? undefined : refusal };
}
