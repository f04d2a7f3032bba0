import { Readable } from 'node:stream';
import type { ImportedFile, importEndpoints, ImportMapping } from '../../contract/imports.ts';
import { allows } from '../../contract/roles.ts';
import { fields } from '../../imports/fields.ts';
import type { Import } from '../../imports/import.ts';
import type { Mapping } from '../../imports/mapping.ts';
import type { Caller } from '../auth.ts';
import { iso, type Handlers, type RestDeps } from './route.ts';

export function importRoutes({ imports }: Pick<RestDeps, 'imports'>): Handlers<typeof importEndpoints> {
  return {
    listImports: async ({ caller, query: { cursor, size } }) => {
      const page = await imports.list(caller.accountId, { cursor, size });
      return { data: page.items.map(importReply), next: page.nextCursor };
    },

    uploadImport: async ({ caller, query, body, signal }) => {
      const upload = { ...query, accountId: caller.accountId, by: caller.actorName, mayConsent: mayConsent(caller) };
      const bytes = body instanceof Blob ? body.stream() : body;
      return importReply(await imports.upload(upload, Readable.from(bytes), signal));
    },

    getImport: async ({ caller, params }) => importReply(await imports.get(caller.accountId, params.import)),

    reviewImport: async ({ caller, params, signal }) => {
      const { object } = await imports.get(caller.accountId, params.import);
      const review = await imports.review(caller.accountId, params.import, signal);
      return {
        mapping: mappingReply(review.mapping),
        columns: [...review.columns],
        fields: fields[object].map(({ name, headers, type }) => ({ name, header: headers[0] ?? name, type })),
        preview: review.preview.map((row) => ({ ...row, cells: [...row.cells] })),
        doubts: [...review.doubts],
      };
    },

    confirmImport: async ({ caller, params, body: { mapping, remember } }) => {
      const confirmed = { mapping: { ...mapping, isConfirmed: true }, remember };
      return importReply(await imports.confirm(caller.accountId, params.import, confirmed));
    },

    cancelImport: async ({ caller, params }) =>
      importReply(await imports.cancel(caller.accountId, params.import, caller.actorName)),

    downloadSkipped: ({ caller, params, signal }) => imports.skipped(caller.accountId, params.import, signal),
  };
}

/** As in Klaviyo, consent is for Owners and Admins; keys may do all. */
function mayConsent({ role }: Caller): boolean {
  return role === null || allows(role, 'configure');
}

function importReply(one: Import): ImportedFile {
  const { createdAt, startedAt, endedAt, remarks, ...rest } = one;
  return {
    ...rest,
    remarks: [...remarks],
    createdAt: iso(createdAt),
    startedAt: iso(startedAt),
    endedAt: iso(endedAt),
  };
}

function mappingReply({ columns, metric, integration }: Mapping): ImportMapping {
  return { columns: [...columns], metric, integration };
}
