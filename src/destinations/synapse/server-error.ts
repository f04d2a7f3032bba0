/** What a SQL server says of a refused sign-in, which tedious reduces to its words. */
export class ServerError extends Error {
  readonly number: number;

  constructor({ message, number }: { readonly message: string; readonly number: number }) {
    super(message);
    this.name = 'ServerError';
    this.number = number;
  }
}
