/** What a stand-in was asked, for tests and benchmarks. */

export interface Call {
  /** The operation's name, or a statement's text with secrets left out. */
  readonly label: string;
  readonly bytesReceived: number;
  /** The stand-in's own time: what a benchmark takes off. */
  readonly milliseconds: number;
}

export class CallLog {
  #calls: Call[] = [];

  add(call: Call): void {
    this.#calls.push(call);
  }

  all(): readonly Call[] {
    return this.#calls;
  }

  clear(): void {
    this.#calls = [];
  }
}
