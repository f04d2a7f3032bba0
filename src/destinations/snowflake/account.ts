/** Account identifiers as people have them at hand, in one form. */

/** `org-account`, or a legacy locator with its region and cloud. */
const identifier = /^[a-z0-9_]+(-[a-z0-9_]+)*(\.[a-z0-9]+(-[a-z0-9]+)*){0,3}$/;

/**
 * The identifier of what was typed or pasted, in lower case: `org-account`, `org.account`, `xy12345.eu-central-1.aws`, the address of
 * the account, or that of its console. Null when it is none of these.
 */
export function accountIdentifier(typed: string): string | null {
  const text = typed.trim().toLowerCase();
  const account = /^https?:\/\/|\.snowflakecomputing\.|^app\.snowflake\./.test(text) ? fromUrl(text) : dashed(text);
  return account !== null && identifier.test(account) ? account : null;
}

/** Of the account itself, without a path. */
export function accountUrl(account: string): string {
  const host = account.replaceAll('_', '-');
  return `https://${host}.snowflakecomputing.${/\.cn-/.test(host) ? 'cn' : 'com'}`;
}

function fromUrl(text: string): string | null {
  const url = URL.parse(text.includes('://') ? text : `https://${text}`);
  if (!url) return null;
  const ofAccount = /^(.+)\.snowflakecomputing\.(com|cn)$/.exec(url.hostname)?.[1];
  if (ofAccount) return ofAccount;
  if (!/^app\.snowflake\.(com|cn)$/.test(url.hostname)) return null;
  const [first, second] = url.pathname.split('/').filter(Boolean);
  if (!first || !second) return null;
  // names of organisations have letters and digits only; those of regions have hyphens
  return /[-.]/.test(first) ? `${second}.${first}` : `${first}-${second}`;
}

/** `org.account`, as SQL has it, is `org-account`; what follows the dot of a locator is a region, which has a hyphen. */
function dashed(text: string): string {
  const [, organisation, account] = /^([a-z0-9]+)\.([a-z0-9_]+)$/.exec(text) ?? [];
  return organisation && account && account !== 'privatelink' ? `${organisation}-${account}` : text;
}
