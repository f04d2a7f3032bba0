/** The header through which the server, never a client, says where a request comes from. */
export const addressHeader = 'x-wharf-client-address';

export const passwordLength = { min: 10, max: 128 } as const;
