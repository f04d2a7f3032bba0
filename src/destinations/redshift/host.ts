/** What people paste as the host: an endpoint, a JDBC or PostgreSQL URL, a bare name. */

export interface HostPlace {
  readonly host: string;
  readonly port: number | null;
  readonly database: string | null;
}

const schemes = /^(jdbc:)?(redshift|postgres|postgresql):\/\//i;
const hostName = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i;
const hostHelp = 'Enter a host such as my-cluster.abc123.eu-central-1.redshift.amazonaws.com.';

/** The parts of a host as typed, or a sentence that says what is wrong with it. */
export function parseHost(typed: string): HostPlace | string {
  if (/^jdbc:redshift:iam:/i.test(typed)) return 'Sign-in by IAM is not supported: use a URL without iam.';
  const bare = typed.replace(schemes, '');
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(bare)) return `${hostHelp} The URL may begin with jdbc:redshift://.`;
  if (bare.includes('@')) return 'Leave user and password out of the host URL; they have fields of their own.';
  const parts =
    /^(?:\[(?<v6>[0-9a-f:.]+)\]|(?<name>[^:/?#;\s]+)|(?<bare6>[0-9a-f]*:[0-9a-f:.]*:[0-9a-f.]*))(?::(?<port>\d+))?(?:\/(?<database>[^?#;/]*))?(?:[?;].*)?$/i.exec(
      bare,
    )?.groups;
  const host = parts?.['v6'] ?? parts?.['bare6'] ?? parts?.['name'];
  if (!parts || !host || !(host.includes(':') || hostName.test(host))) return hostHelp;
  const port = parts['port'] === undefined ? null : Number(parts['port']);
  if (port !== null && (port < 1 || port > 65_535)) return 'The port in the host URL is not between 1 and 65535.';
  const database = decoded(parts['database'] ?? '');
  if (database === null) return 'The database in the host URL cannot be read; enter it in its own field.';
  return { host, port, database: database === '' ? null : database };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Traffic to these never leaves the machine; only there TLS is not asked for. */
export function isLoopback(host: string): boolean {
  return ['127.0.0.1', '::1', '[::1]', 'localhost'].includes(host.toLowerCase());
}
