import type { secretsEndpoints } from '../../contract/secrets.ts';
import type { Handlers, RestDeps } from './route.ts';

export function secretsRoutes({
  rotateSecretKey,
}: Pick<RestDeps, 'rotateSecretKey'>): Handlers<typeof secretsEndpoints> {
  return {
    rotateSecretKey: async () => {
      const { resealed, retired } = await rotateSecretKey();
      return { resealed, retired: [...retired] };
    },
  };
}
