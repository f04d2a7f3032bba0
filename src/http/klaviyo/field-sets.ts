/** Names that sparse fieldsets may use, by resource type. A dotted name picks a member of an object. */

function members(parent: string, names: readonly string[]): string[] {
  return [parent, ...names.map((name) => `${parent}.${name}`)];
}

const consent = ['consent', 'consent_timestamp', 'last_updated'];
const sms = ['can_receive_sms_marketing', ...consent, 'method', 'method_detail'];
const smsTransactional = ['can_receive_sms_transactional', ...consent, 'method', 'method_detail'];
const tracked = ['can_receive', ...consent, 'created_timestamp', 'metadata', 'valid_until'];
const whatsapp = [...tracked, 'phone_number'];

const emailMarketing = [
  'can_receive_email_marketing',
  ...consent,
  'custom_method_detail',
  'double_optin',
  'list_suppressions',
  'method',
  'method_detail',
  'suppression',
];

export const subscriptionFields: readonly string[] = [
  'subscriptions',
  'subscriptions.email',
  ...members('subscriptions.email.marketing', emailMarketing),
  ...members('subscriptions.email.open_tracking', tracked),
  'subscriptions.mobile_push',
  ...members('subscriptions.mobile_push.marketing', ['can_receive_push_marketing', 'consent', 'consent_timestamp']),
  'subscriptions.sms',
  ...members('subscriptions.sms.marketing', sms),
  ...members('subscriptions.sms.transactional', smsTransactional),
  'subscriptions.whatsapp',
  ...members('subscriptions.whatsapp.conversational', whatsapp),
  ...members('subscriptions.whatsapp.marketing', whatsapp),
  ...members('subscriptions.whatsapp.transactional', whatsapp),
];

export const predictiveFields: readonly string[] = members('predictive_analytics', [
  'average_days_between_orders',
  'average_order_value',
  'churn_probability',
  'expected_date_of_next_order',
  'historic_clv',
  'historic_number_of_orders',
  'predicted_clv',
  'predicted_number_of_orders',
  'ranked_channel_affinity',
  'total_clv',
]);

export const locationMembers = [
  'address1',
  'address2',
  'city',
  'country',
  'latitude',
  'longitude',
  'region',
  'zip',
  'timezone',
  'ip',
] as const;

export const plainProfileFields: readonly string[] = [
  'id',
  'email',
  'phone_number',
  'external_id',
  'first_name',
  'last_name',
  'organization',
  'locale',
  'title',
  'image',
  'created',
  'updated',
  'last_event_date',
  ...members('location', locationMembers),
  'properties',
];

export const profileFields: readonly string[] = [...plainProfileFields, ...subscriptionFields, ...predictiveFields];

export const eventFields = ['id', 'timestamp', 'event_properties', 'datetime', 'uuid'] as const;

export const metricFields = ['id', 'name', 'created', 'updated', 'integration'] as const;

export const accountFields: readonly string[] = [
  'id',
  'test_account',
  ...members('contact_information', [
    'default_sender_name',
    'default_sender_email',
    'website_url',
    'organization_name',
  ]),
  ...members('contact_information.street_address', ['address1', 'address2', 'city', 'region', 'country', 'zip']),
  'industry',
  'timezone',
  'preferred_currency',
  'public_api_key',
  'locale',
];

export const importJobFields = [
  'id',
  'status',
  'created_at',
  'total_count',
  'completed_count',
  'failed_count',
  'completed_at',
  'expires_at',
  'started_at',
] as const;

export const importErrorFields = [
  'id',
  'code',
  'title',
  'detail',
  'source',
  'source.pointer',
  'original_payload',
] as const;

/** Types that Wharf does not keep: their fieldsets are accepted, and no resource of theirs is ever included. */
export const foreignFields = {
  attribution: ['id'],
  conversation: ['channel', 'id'],
  flow: ['archived', 'created', 'id', 'name', 'status', 'trigger_type', 'updated'],
  list: ['created', 'id', 'name', 'opt_in_process', 'updated'],
  segment: [
    'created',
    ...members('definition', ['condition_groups']),
    'id',
    'is_active',
    'is_processing',
    'is_starred',
    'name',
    'updated',
  ],
  'push-token': [
    'background',
    'created',
    'enablement_status',
    'id',
    ...members('metadata', [
      'app_build',
      'app_id',
      'app_name',
      'app_version',
      'device_id',
      'device_model',
      'environment',
      'klaviyo_sdk',
      'manufacturer',
      'os_name',
      'os_version',
      'sdk_version',
    ]),
    'platform',
    'recorded_date',
    'token',
    'vendor',
  ],
} as const;
