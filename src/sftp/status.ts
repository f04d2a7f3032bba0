/** Answers of SFTP version 3 (draft-ietf-secsh-filexfer-02, section 7). */

const statuses = {
  ok: { code: 0, message: 'Success' },
  endOfFile: { code: 1, message: 'End of file' },
  noSuchFile: { code: 2, message: 'No such file' },
  permissionDenied: { code: 3, message: 'Permission denied' },
  failure: { code: 4, message: 'Failure' },
  badMessage: { code: 5, message: 'Bad message' },
  unsupported: { code: 8, message: 'Operation unsupported' },
} as const;

export type Status = keyof typeof statuses;

/** Refuses one request; the session goes on. The message is shown to people by most clients. */
export class SftpError extends Error {
  readonly status: Status;

  constructor(status: Status, message: string = statuses[status].message) {
    super(message);
    this.name = 'SftpError';
    this.status = status;
  }
}

export function statusCode(status: Status): number {
  return statuses[status].code;
}

export function statusMessage(status: Status): string {
  return statuses[status].message;
}
