import type { Account } from '../../store/accounts.ts';
import { notFound } from './api-error.ts';
import { idOf, type Call, type Handlers } from './call.ts';
import { address, single, sparse } from './document.ts';

/** Accounts: a key sees its own account and no other. */
export const accountHandlers: Handlers<'get_accounts' | 'get_account'> = {
  async get_accounts(call) {
    return { status: 200, document: { data: [accountResource(call, call.account)], links: { self: call.url.href } } };
  },

  async get_account(call) {
    const id = idOf(call);
    if (id !== call.account.publicId) throw notFound('account', id);
    return { status: 200, document: single(call.url, accountResource(call, call.account)) };
  },
};

function accountResource(call: Call, account: Account) {
  const attributes = {
    test_account: false,
    contact_information: {
      default_sender_name: account.name,
      // Wharf sends no mail on an account's behalf, so there is no address to show
      default_sender_email: '',
      website_url: null,
      organization_name: account.name,
      street_address: { address1: null, address2: null, city: null, region: null, country: null, zip: null },
    },
    industry: null,
    timezone: account.timeZone,
    preferred_currency: account.currency,
    public_api_key: account.publicId,
    locale: account.locale,
  };
  return {
    type: 'account',
    id: account.publicId,
    attributes: sparse(attributes, call.query.fields.get('account')),
    relationships: {},
    links: { self: address(call.url, 'accounts', account.publicId) },
  };
}
