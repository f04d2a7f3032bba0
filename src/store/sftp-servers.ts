/** What all SFTP servers of an installation share: their host keys, and where they can be reached. */
import type { Sql } from '../db/database.ts';

export interface PublicHostKey {
  readonly type: string;
  /** `type base64`, as in known_hosts after the host. */
  readonly publicKey: string;
}

export interface HostKey extends PublicHostKey {
  /** Sealed. */
  readonly privateKey: string;
}

/** As given to people. */
export interface SftpAddress {
  readonly host: string;
  readonly port: number;
}

/** A server that has not been seen for this long does not run any more. */
const silenceSeconds = 120;

export async function listHostKeys(sql: Sql): Promise<HostKey[]> {
  const { rows } = await sql.query<HostKey>(
    'select type, public_key as "publicKey", private_key as "privateKey" from ssh_host_key order by type desc',
  );
  return rows;
}

/** Keeps the first key of each type: servers that start together agree on one. */
export async function keepHostKey(sql: Sql, key: HostKey): Promise<void> {
  await sql.query(
    'insert into ssh_host_key (type, public_key, private_key) values ($1, $2, $3) on conflict (type) do nothing',
    [key.type, key.publicKey, key.privateKey],
  );
}

/** Of the same type. Nothing happens when another server has replaced it already. */
export async function replaceHostKey(sql: Sql, old: HostKey, key: HostKey): Promise<void> {
  await sql.query('update ssh_host_key set public_key = $3, private_key = $4 where type = $1 and private_key = $2', [
    old.type,
    old.privateKey,
    key.publicKey,
    key.privateKey,
  ]);
}

/** Called at the start and every now and then. */
export async function announceSftpServer(sql: Sql, machine: string, address: SftpAddress): Promise<void> {
  await sql.query(
    `insert into sftp_server (machine, host, port, seen_at) values ($1, $2, $3, now())
     on conflict (machine) do update set host = $2, port = $3, seen_at = now()`,
    [machine, address.host, address.port],
  );
}

export async function withdrawSftpServer(sql: Sql, machine: string): Promise<void> {
  await sql.query('delete from sftp_server where machine = $1', [machine]);
}

/** Where a running server is reached; null when none has been seen for two minutes. */
export async function findSftpServer(sql: Sql): Promise<SftpAddress | null> {
  const { rows } = await sql.query<SftpAddress>(
    `select host, port from sftp_server where seen_at > now() - make_interval(secs => $1)
     order by seen_at desc, machine limit 1`,
    [silenceSeconds],
  );
  return rows[0] ?? null;
}
