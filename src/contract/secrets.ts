import { z } from 'zod';
import { endpoint } from './endpoint.ts';

export const secretsEndpoints = {
  rotateSecretKey: endpoint({
    method: 'POST',
    path: '/v1/secret-key/rotations',
    tag: 'service',
    access: 'operator',
    summary: 'Replaces the key that stored credentials are encrypted with, or goes on where a replacement was cut off.',
    reply: z.object({
      resealed: z.int().describe('Stored credentials that were encrypted anew.'),
      retired: z.array(z.string()).describe('Ids of the keys that nothing needs any more.'),
    }),
  }),
};
