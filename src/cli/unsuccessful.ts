/** The command did its work and the result is bad news that has been told: only the exit code is left to give. */
export class Unsuccessful extends Error {
  constructor(lastWords: string) {
    super(lastWords);
    this.name = 'Unsuccessful';
  }
}
