/** Names and keys of the stand-in that never change. It serves this machine only, so that they are no secrets. */

/** Owns all tables; for looking into warehouses and breaking them. */
export const administrator = { user: 'awsuser', password: 'Stand-in-1' } as const;

/** The role that COPY may use. */
export const copyRole = 'arn:aws:iam::123456789012:role/wharf-copy';
