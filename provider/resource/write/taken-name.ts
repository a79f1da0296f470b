import { excerpt } from "../../api/foreign-text";
import type { Listed } from "../../api/schema";

const longestIdentity = 100;

/** Which object it is, in words. */
export function identified({ id, created_at: createdAt }: Listed): string {
  return excerpt(createdAt == null ? id : `${id}, created ${createdAt}`, longestIdentity);
}

/** What to do about a name that another object has. */
export function takenName(found: Listed): string {
  const example = `${excerpt(found.name ?? "", longestIdentity)}-\${pulumi.getStack()}`;
  return `is taken by ${identified(found)}: if another stack or person manages that one, choose another name, such as name: \`${example}\`; to manage it here and nowhere else, set adopt: "${found.id}"; if it is this resource under another Pulumi name, give it aliases: [{ name: "the old one" }]`;
}
