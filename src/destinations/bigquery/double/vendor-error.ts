/** An error as Google words it. */
export class VendorError extends Error {
  readonly status: number;
  readonly reason: string;
  readonly location: string | undefined;

  constructor(status: number, reason: string, message: string, location?: string) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.location = location;
  }

  /** In the answer of a call. */
  body(): object {
    const { status: code, message, reason, location } = this;
    const inner = { message, domain: 'global', reason, ...(location ? { location, locationType: 'parameter' } : {}) };
    return { error: { code, message, errors: [inner], status: statusNames[code] ?? 'INVALID_ARGUMENT' } };
  }

  /** In the status of a job. */
  proto(): { readonly reason: string; readonly message: string; readonly location?: string } {
    const { reason, message, location } = this;
    return { reason, message, ...(location ? { location } : {}) };
  }
}

const statusNames: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

export function invalidQuery(message: string): VendorError {
  return new VendorError(400, 'invalidQuery', message, 'query');
}
