import type { SetupScript } from '../destination.ts';
import { tables } from '../tables.ts';
import { parseServiceAccountKey } from './service-account-key.ts';
import { datasetForm, projectIdForm, type BigquerySettings } from './spec.ts';
import { createOwnTable, createTable, ownTables, quoted, seedLock, type Place } from './sql.ts';

const accountName = 'wharf-sync';

/** Lines for gcloud and bq that make a service account with the least rights that loading needs, and the tables. */
export function setup(
  settings: Partial<BigquerySettings>,
  context: { readonly outboundAddresses: readonly string[] },
): SetupScript {
  const place = placeOf(settings);
  const typed = emailOf(settings);
  const email = typed ?? `${accountName}@${place.projectId}.iam.gserviceaccount.com`;
  const { projectId, dataset } = place;
  const account =
    typed === null
      ? `# 1. a service account of its own, and its key; paste the whole file wharf-key.json into the connection
gcloud iam service-accounts create ${accountName} --project="$PROJECT" --display-name="Wharf"
gcloud iam service-accounts keys create wharf-key.json --iam-account="$ACCOUNT"`
      : '# 1. the service account is the one whose key was entered in the connection';
  const text = `PROJECT='${projectId}'
ACCOUNT='${email}'
LOCATION='EU'    # of a new dataset; one that exists stays where it is

gcloud services enable bigquery.googleapis.com --project="$PROJECT"

${account}

# 2. the right to run jobs in the project
gcloud projects add-iam-policy-binding "$PROJECT" --member="serviceAccount:$ACCOUNT" --role=roles/bigquery.jobUser --condition=None

# 3. the dataset
bq --project_id="$PROJECT" --location="$LOCATION" mk --force --dataset "$PROJECT:${dataset}"

# 4. the tables, and the right to change what is in this dataset, nothing else
bq --project_id="$PROJECT" query --use_legacy_sql=false <<'SQL'
${setupStatements(place, email)
  .map((statement) => `${statement};`)
  .join('\n\n')}
SQL
`;
  const addresses = context.outboundAddresses.join(', ');
  return {
    language: 'bash',
    text,
    instructions: [
      'Run it in Cloud Shell, or wherever gcloud and bq are, as somebody who owns the project.',
      'The project needs a billing account: without one BigQuery loads files but changes no rows.',
      'Each step may be run again; making the service account a second time fails and does no harm.',
      ...(addresses === '' ? [] : [`If VPC Service Controls guard the project, let these addresses in: ${addresses}.`]),
    ],
  };
}

/** The SQL of the script. */
export function setupStatements(place: Place, email: string): readonly string[] {
  return [
    ...Object.values(tables).map((table) => createTable(place, table)),
    ...ownTables.map((table) => createOwnTable(place, table)),
    seedLock(place),
    `GRANT \`roles/bigquery.dataEditor\` ON SCHEMA ${quoted(place.projectId)}.${quoted(place.dataset)}
TO "serviceAccount:${email}"`,
  ];
}

/** What is not typed yet, or not well formed, is a placeholder: the text is run by a shell. */
function placeOf({ projectId = '', dataset = '' }: Partial<BigquerySettings>): Place {
  return {
    projectId: projectIdForm.test(projectId.trim()) ? projectId.trim() : 'YOUR-PROJECT',
    dataset: datasetForm.test(dataset.trim()) ? dataset.trim() : 'YOUR_DATASET',
  };
}

function emailOf({ serviceAccountKey }: Partial<BigquerySettings>): string | null {
  const key = typeof serviceAccountKey === 'string' ? parseServiceAccountKey(serviceAccountKey) : null;
  return key && 'clientEmail' in key ? key.clientEmail : null;
}
