/** Projects, datasets, service accounts and who may do what: the part of Google Cloud that is not SQL. */
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { VendorError } from './vendor-error.ts';

export interface Account {
  readonly email: string;
  /** By key id. */
  readonly publicKeys: Map<string, string>;
}

export interface Dataset {
  readonly location: string;
  /** E-mails with `roles/bigquery.dataEditor`. */
  readonly editors: Set<string>;
}

export interface Project {
  readonly id: string;
  apiEnabled: boolean;
  billing: boolean;
  /** E-mails with `roles/bigquery.jobUser`. */
  readonly jobUsers: Set<string>;
  readonly datasets: Map<string, Dataset>;
}

export class Cloud {
  readonly projects = new Map<string, Project>();
  readonly accounts = new Map<string, Account>();
  /** Added to this machine's clock. */
  clockOffsetMs = 0;

  now(): number {
    return Date.now() + this.clockOffsetMs;
  }

  addProject(id: string): Project {
    const project: Project = { id, apiEnabled: true, billing: true, jobUsers: new Set(), datasets: new Map() };
    this.projects.set(id, project);
    return project;
  }

  /** A service account with a key; resolves to the text of the key file. */
  addAccount(project: string): { readonly email: string; readonly keyFile: string } {
    const email = `wharf-sync@${project}.iam.gserviceaccount.com`;
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const keyId = randomBytes(20).toString('hex');
    const publicKey = createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString();
    this.accounts.set(email, { email, publicKeys: new Map([[keyId, publicKey]]) });
    const file = {
      type: 'service_account',
      project_id: project,
      private_key_id: keyId,
      private_key: pem,
      client_email: email,
      client_id: String(100_000_000_000_000_000_000n + BigInt(this.accounts.size)),
      auth_uri: 'https://accounts.google.com/o/oauth2/auth',
      token_uri: 'https://oauth2.googleapis.com/token',
      auth_provider_x509_cert_url: 'https://www.googleapis.com/oauth2/v1/certs',
      client_x509_cert_url: `https://www.googleapis.com/robot/v1/metadata/x509/${encodeURIComponent(email)}`,
      universe_domain: 'googleapis.com',
    };
    return { email, keyFile: `${JSON.stringify(file, null, 2)}\n` };
  }

  project(id: string): Project {
    const project = this.projects.get(id);
    if (!project) throw new VendorError(404, 'notFound', `Not found: Project ${id}`);
    if (!project.apiEnabled) {
      throw new VendorError(
        403,
        'accessNotConfigured',
        `BigQuery API has not been used in project ${id} before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/bigquery.googleapis.com/overview?project=${id} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`,
      );
    }
    return project;
  }

  dataset(projectId: string, id: string): Dataset {
    const dataset = this.project(projectId).datasets.get(id);
    if (!dataset) throw new VendorError(404, 'notFound', `Not found: Dataset ${projectId}:${id}`);
    return dataset;
  }

  mayRunJobs(email: string, projectId: string): void {
    if (this.project(projectId).jobUsers.has(email)) return;
    throw new VendorError(
      403,
      'accessDenied',
      `Access Denied: Project ${projectId}: User does not have bigquery.jobs.create permission in project ${projectId}.`,
    );
  }

  mayEdit(email: string, projectId: string, id: string, permission: string): Dataset {
    const dataset = this.dataset(projectId, id);
    if (dataset.editors.has(email)) return dataset;
    throw new VendorError(
      403,
      'accessDenied',
      `Access Denied: Dataset ${projectId}:${id}: Permission ${permission} denied on dataset ${projectId}:${id} (or it may not exist).`,
    );
  }

  mayChangeRows(projectId: string): void {
    if (this.project(projectId).billing) return;
    throw new VendorError(
      403,
      'billingNotEnabled',
      `Billing has not been enabled for this project. Enable billing at https://console.cloud.google.com/billing. DML queries are not allowed in the free tier. Set up a billing account to remove this restriction.`,
    );
  }
}
