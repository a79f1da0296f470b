/** The program on one line, so that a test asks for its members and not for its layout, which a formatter decides. */
export function inLine(program: string): string {
  return program
    .replace(/\s+/g, " ")
    .replace(/,? ([\])])/g, "$1")
    .replace(/, \}/g, " }")
    .replace(/([[(]) /g, "$1")
    .trim();
}
