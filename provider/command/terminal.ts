/** What a command is run in. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Sink {
  write(text: string): unknown;
}

export interface Streams {
  readonly stdout: Sink;
  readonly stderr: Sink;
}
