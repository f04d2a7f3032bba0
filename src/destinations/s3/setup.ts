import type { SetupScript } from '../destination.ts';
import type { S3Settings } from './spec.ts';

/** AWS CLI lines that make a user with the least rights that loading needs, and a key for it. */
export function setup(
  settings: Partial<S3Settings>,
  context: { readonly outboundAddresses: readonly string[] },
): SetupScript {
  const bucket = settings.bucket?.trim() || 'YOUR-BUCKET';
  const region = settings.region?.trim() || 'YOUR-REGION';
  const prefix = settings.prefix?.trim().replaceAll(/^\/+|\/+$/g, '') ?? '';
  const policy = JSON.stringify(policyOf(bucket, prefix, partitionOf(region)), null, 2);
  const lifecycle = JSON.stringify(lifecycleOf(prefix));
  const text = `# 1. the policy: list, write, read and delete below the prefix, nothing else
cat > wharf-policy.json <<'POLICY'
${policy}
POLICY

# 2. a user of its own, and its key; enter both parts of the key in the connection
aws iam create-user --user-name wharf-sync
aws iam put-user-policy --user-name wharf-sync --policy-name wharf-sync --policy-document file://wharf-policy.json
aws iam create-access-key --user-name wharf-sync

# 3. advised: let S3 tidy up interrupted uploads (replaces other lifecycle rules of the bucket)
aws s3api put-bucket-lifecycle-configuration --region ${quote(region)} --bucket ${quote(bucket)} --lifecycle-configuration ${quote(lifecycle)}
`;
  const addresses = context.outboundAddresses.join(', ');
  return {
    language: 'bash',
    text,
    instructions: [
      'Run it with the AWS CLI as somebody who may manage IAM users; the bucket must exist already.',
      'If the bucket is encrypted with a KMS key, allow the user kms:GenerateDataKey and kms:Decrypt on that key as well.',
      ...(addresses === '' ? [] : [`If a bucket policy limits addresses, allow: ${addresses}.`]),
      'For an S3-compatible store make a user with the same rights there and enter its endpoint.',
    ],
  };
}

function policyOf(bucket: string, prefix: string, partition: string): object {
  const arn = `arn:${partition}:s3:::${bucket}`;
  const below = prefix === '' ? '*' : `${prefix}/*`;
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'WharfList',
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: arn,
        ...(prefix === '' ? {} : { Condition: { StringLike: { 's3:prefix': below } } }),
      },
      { Sid: 'WharfFindInterruptedUploads', Effect: 'Allow', Action: 's3:ListBucketMultipartUploads', Resource: arn },
      {
        Sid: 'WharfObjects',
        Effect: 'Allow',
        Action: ['s3:PutObject', 's3:GetObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
        Resource: `${arn}/${below}`,
      },
    ],
  };
}

function lifecycleOf(prefix: string): object {
  const rule = {
    ID: 'wharf-interrupted-uploads',
    Status: 'Enabled',
    Filter: { Prefix: prefix === '' ? '' : `${prefix}/` },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
  };
  return { Rules: [rule] };
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** For a shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
