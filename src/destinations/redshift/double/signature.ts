/** Signatures of the AWS kind (version 4), as S3 checks them. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const toleranceMs = 15 * 60 * 1000;

export interface S3Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly region?: string;
}

/** Null when the request is signed with a known key for this region. `secrets`: by access key id. */
export function checkSignature(
  request: IncomingMessage,
  region: string,
  secrets: ReadonlyMap<string, string>,
): S3Refusal | null {
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    );
  if (!parts) return { status: 403, code: 'AccessDenied', message: 'Access Denied' };
  const [, accessKeyId = '', day = '', scopeRegion = '', signedHeaders = '', signature = ''] = parts;
  const secret = secrets.get(accessKeyId);
  if (secret === undefined) {
    const message = 'The AWS Access Key Id you provided does not exist in our records.';
    return { status: 403, code: 'InvalidAccessKeyId', message };
  }
  if (scopeRegion !== region) {
    const message = `The authorization header is malformed; the region '${scopeRegion}' is wrong; expecting '${region}'`;
    return { status: 400, code: 'AuthorizationHeaderMalformed', message, region };
  }
  const time = String(request.headers['x-amz-date']);
  if (Math.abs(signedAt(time) - Date.now()) > toleranceMs) {
    const message = 'The difference between the request time and the current time is too large.';
    return { status: 403, code: 'RequestTimeTooSkewed', message };
  }
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonicalRequest(request, signedHeaders))].join('\n');
  const key = [day, region, 's3', 'aws4_request'].reduce<Buffer | string>(hmac, `AWS4${secret}`);
  if (timingSafeEqual(hmac(key, text), Buffer.from(signature, 'hex'))) return null;
  const message =
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
  return { status: 403, code: 'SignatureDoesNotMatch', message };
}

function canonicalRequest(request: IncomingMessage, signedHeaders: string): string {
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  const parameters = query
    .split('&')
    .filter(Boolean)
    .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
    .sort();
  const headers = signedHeaders.split(';').map(
    (name) =>
      `${name}:${String(request.headers[name] ?? '')
        .trim()
        .replaceAll(/\s+/g, ' ')}\n`,
  );
  return [
    request.method,
    path,
    parameters.join('&'),
    headers.join(''),
    signedHeaders,
    String(request.headers['x-amz-content-sha256']),
  ].join('\n');
}

function signedAt(time: string): number {
  return Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
