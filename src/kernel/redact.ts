const patterns: readonly (readonly [RegExp, string])[] = [
  // private keys, whole blocks
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[private key]'],
  // signed URLs and shared access signatures
  [
    /([?&](?:sig|X-Amz-Signature|X-Amz-Credential|X-Amz-Security-Token|AWSAccessKeyId|Signature)=)[^&\s"']+/gi,
    '$1[redacted]',
  ],
  // user:password@host in URLs
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]+:)[^\s@]+@/gi, '$1[redacted]@'],
  // our own API keys and bearer tokens
  [/\bpk_[A-Za-z0-9_]{8,}/g, 'pk_[redacted]'],
  [/\b(Bearer|Klaviyo-API-Key)\s+[^\s"']+/gi, '$1 [redacted]'],
  [/\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+/g, '[token]'],
];

/**
 * Text with everything that looks like a secret taken out, plus the given secrets wherever they stand.
 * Known secrets shorter than four characters are left alone: replacing them would garble every message.
 */
export function redactText(text: string, secrets: Iterable<string> = []): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length >= 4) clean = clean.replaceAll(secret, '[redacted]');
  }
  for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement);
  return clean;
}

/** Text that any database accepts and any page can show: no NUL, well-formed, at most `maxLength` characters. */
export function storableText(text: string, maxLength = 4000): string {
  const clean = text.replaceAll('\0', '\uFFFD').toWellFormed();
  return clean.length <= maxLength ? clean : `${clean.slice(0, maxLength - 1).toWellFormed()}…`;
}
