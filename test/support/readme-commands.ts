/** The shell blocks of a README, as a person copies them. */
export function commandsOf(readme: string): string {
  return [...readme.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block).join("");
}
