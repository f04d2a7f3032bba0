const never = { consent: 'NEVER_SUBSCRIBED', consent_timestamp: null, last_updated: null };
const byMethod = { ...never, method: null, method_detail: '' };
const tracked = { ...never, created_timestamp: null, metadata: null, can_receive: false, valid_until: null };
const whatsapp = { ...tracked, phone_number: null };

/** A person who has never subscribed to anything, in the shape of the public API. */
export const neverSubscribed = {
  email: {
    marketing: {
      ...byMethod,
      // as in the original, only consent that was given and withdrawn stops e-mail
      can_receive_email_marketing: true,
      custom_method_detail: null,
      double_optin: null,
      suppression: [],
      list_suppressions: [],
    },
    open_tracking: { ...tracked, can_receive: true },
  },
  sms: {
    marketing: { ...byMethod, can_receive_sms_marketing: false },
    transactional: { ...byMethod, can_receive_sms_transactional: false },
  },
  mobile_push: {
    marketing: { can_receive_push_marketing: false, consent: 'NEVER_SUBSCRIBED', consent_timestamp: null },
  },
  whatsapp: { marketing: whatsapp, transactional: whatsapp, conversational: whatsapp },
};
