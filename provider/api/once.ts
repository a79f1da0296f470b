/** The answers by their questions, also pending ones: each question is asked once. */
export class Once<Answer> {
  readonly #asked = new Map<string, Promise<Answer>>();

  of(question: string, ask: () => Promise<Answer>): Promise<Answer> {
    const answer = this.#asked.get(question) ?? ask();
    this.#asked.set(question, answer);
    return answer;
  }
}
