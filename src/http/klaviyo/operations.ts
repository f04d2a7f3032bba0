/**
 * Every operation of the compatible API as data: limits, filters, sorts, page sizes, fields.
 * A test compares this table with the published description of the API.
 */
import {
  accountFields,
  eventFields,
  foreignFields,
  importErrorFields,
  importJobFields,
  metricFields,
  plainProfileFields,
  profileFields,
} from './field-sets.ts';
import type { FilterRule, Operation } from './operation.ts';
import type { RateLimit } from './rate-limit.ts';

const xs: RateLimit = { burst: 1, steady: 15 };
const small: RateLimit = { burst: 3, steady: 60 };
const medium: RateLimit = { burst: 10, steady: 150 };
const large: RateLimit = { burst: 75, steady: 750 };
const xl: RateLimit = { burst: 350, steady: 3500 };

const identifier: FilterRule = { single: ['equals'], list: ['any', 'equals'], value: 'string' };
const exact: FilterRule = { single: ['equals'], value: 'string' };
const openRange: FilterRule = { single: ['greater-than', 'less-than'], value: 'date-time' };
const anyRange: FilterRule = {
  single: ['greater-or-equal', 'greater-than', 'less-or-equal', 'less-than'],
  value: 'date-time',
};

const additionalProfile = { profile: ['subscriptions', 'predictive_analytics'] } as const;
const eventIncludes = ['attributions', 'metric', 'profile'] as const;
const eventTypes = {
  event: eventFields,
  metric: metricFields,
  profile: plainProfileFields,
  attribution: foreignFields.attribution,
};
const metricTypes = { metric: metricFields, flow: foreignFields.flow };
const jobTypes = { 'profile-bulk-import-job': importJobFields };
const pageOf100 = { size: 20, max: 100 } as const;

const suppression = 'subscriptions.email.marketing.suppression';
const listSuppressions = 'subscriptions.email.marketing.list_suppressions';

export const operations = {
  get_accounts: { method: 'GET', path: '/api/accounts', limit: xs, fields: { account: accountFields } },
  get_account: { method: 'GET', path: '/api/accounts/{id}', limit: xs, fields: { account: accountFields } },

  get_profiles: {
    method: 'GET',
    path: '/api/profiles',
    limit: large,
    lowerLimits: [{ parameter: 'additional-fields[profile]', value: 'predictive_analytics', limit: medium }],
    filters: {
      id: identifier,
      email: identifier,
      phone_number: identifier,
      external_id: identifier,
      _kx: exact,
      created: openRange,
      updated: openRange,
      [`${listSuppressions}.reason`]: exact,
      [`${listSuppressions}.timestamp`]: anyRange,
      [`${listSuppressions}.list_id`]: exact,
      [`${suppression}.reason`]: exact,
      [`${suppression}.timestamp`]: anyRange,
    },
    sorts: ['created', 'email', 'id', `${listSuppressions}.timestamp`, `${suppression}.timestamp`, 'updated'],
    defaultSort: 'id',
    page: pageOf100,
    fields: {
      profile: profileFields,
      conversation: foreignFields.conversation,
      'push-token': foreignFields['push-token'],
    },
    additionalFields: additionalProfile,
    include: ['conversations', 'push-tokens'],
  },
  get_profile: {
    method: 'GET',
    path: '/api/profiles/{id}',
    limit: large,
    lowerLimits: [
      { parameter: 'include', value: 'lists', limit: xs },
      { parameter: 'include', value: 'segments', limit: xs },
    ],
    fields: {
      profile: profileFields,
      conversation: foreignFields.conversation,
      'push-token': foreignFields['push-token'],
      list: foreignFields.list,
      segment: foreignFields.segment,
    },
    additionalFields: additionalProfile,
    include: ['conversations', 'lists', 'push-tokens', 'segments'],
  },
  create_profile: {
    method: 'POST',
    path: '/api/profiles',
    limit: large,
    fields: { profile: profileFields },
    additionalFields: additionalProfile,
  },
  update_profile: {
    method: 'PATCH',
    path: '/api/profiles/{id}',
    limit: large,
    fields: { profile: profileFields },
    additionalFields: additionalProfile,
  },
  create_or_update_profile: {
    method: 'POST',
    path: '/api/profile-import',
    limit: large,
    fields: { profile: profileFields },
    additionalFields: additionalProfile,
  },
  merge_profiles: { method: 'POST', path: '/api/profile-merge', limit: medium, fields: { profile: ['id'] } },
  request_profile_deletion: { method: 'POST', path: '/api/data-privacy-deletion-jobs', limit: small },

  bulk_import_profiles: {
    method: 'POST',
    path: '/api/profile-bulk-import-jobs',
    limit: medium,
    fields: jobTypes,
  },
  get_bulk_import_profiles_jobs: {
    method: 'GET',
    path: '/api/profile-bulk-import-jobs',
    limit: medium,
    filters: { status: { ...identifier, values: ['queued', 'processing', 'complete'] } },
    sorts: ['created_at'],
    defaultSort: '-created_at',
    page: pageOf100,
    fields: jobTypes,
  },
  get_bulk_import_profiles_job: {
    method: 'GET',
    path: '/api/profile-bulk-import-jobs/{job_id}',
    limit: medium,
    fields: { ...jobTypes, list: foreignFields.list },
    include: ['lists'],
  },
  get_errors_for_bulk_import_profiles_job: {
    method: 'GET',
    path: '/api/profile-bulk-import-jobs/{id}/import-errors',
    limit: medium,
    page: pageOf100,
    fields: { 'import-error': importErrorFields },
  },
  get_profiles_for_bulk_import_profiles_job: {
    method: 'GET',
    path: '/api/profile-bulk-import-jobs/{id}/profiles',
    limit: medium,
    page: pageOf100,
    fields: { profile: profileFields },
    additionalFields: additionalProfile,
  },

  get_events: {
    method: 'GET',
    path: '/api/events',
    limit: xl,
    filters: {
      metric_id: { single: ['equals'], list: ['equals'], value: 'string' },
      profile_id: exact,
      profile: { none: ['has'] },
      metric: { none: ['has'] },
      datetime: anyRange,
      timestamp: { ...anyRange, value: 'number' },
    },
    sorts: ['datetime', 'timestamp'],
    defaultSort: '-datetime',
    page: { size: 200, max: 1000 },
    fields: eventTypes,
    include: eventIncludes,
  },
  get_event: { method: 'GET', path: '/api/events/{id}', limit: medium, fields: eventTypes, include: eventIncludes },
  get_metric_for_event: {
    method: 'GET',
    path: '/api/events/{id}/metric',
    limit: xl,
    fields: { metric: metricFields },
  },
  get_profile_for_event: {
    method: 'GET',
    path: '/api/events/{id}/profile',
    limit: xl,
    fields: { profile: profileFields },
    additionalFields: additionalProfile,
  },
  create_event: { method: 'POST', path: '/api/events', limit: xl },
  bulk_create_events: { method: 'POST', path: '/api/event-bulk-create-jobs', limit: medium },

  get_metrics: {
    method: 'GET',
    path: '/api/metrics',
    limit: medium,
    filters: { 'integration.name': exact, 'integration.category': exact },
    page: { size: 200, max: null },
    fields: metricTypes,
    include: ['flow-triggers'],
  },
  get_metric: {
    method: 'GET',
    path: '/api/metrics/{id}',
    limit: medium,
    fields: metricTypes,
    include: ['flow-triggers'],
  },

  create_client_event: { method: 'POST', path: '/client/events', access: 'client', limit: xl },
  create_client_profile: { method: 'POST', path: '/client/profiles', access: 'client', limit: xl },
  bulk_create_client_events: { method: 'POST', path: '/client/event-bulk-create', access: 'client', limit: medium },
} as const satisfies Record<string, Omit<Operation, 'id' | 'access'> & { readonly access?: 'client' }>;

export type OperationId = keyof typeof operations;

export const operationList: readonly (Operation & { readonly id: OperationId })[] = Object.entries(operations).map(
  ([id, operation]) => ({ access: 'private', ...operation, id: id as OperationId }),
);
