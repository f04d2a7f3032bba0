/** Who and what is in the account: users, roles, grants, compute warehouses, databases, network policies. */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { BlockList, isIPv6 } from 'node:net';
import { insufficientPrivileges, notSupported, VendorError, cannotUse, doesNotExist } from './errors.ts';
import { Cursor, type Token } from './tokens.ts';

export interface User {
  readonly name: string;
  /** By fingerprint (`SHA256:...`). */
  readonly keys: Map<string, KeyObject>;
  readonly roles: Set<string>;
  defaultRole: string | null;
  disabled: boolean;
  locked: boolean;
  networkPolicy: string | null;
}

export interface Warehouse {
  suspended: boolean;
  autoResume: boolean;
}

const administrators: ReadonlySet<string> = new Set(['ACCOUNTADMIN', 'SECURITYADMIN', 'SYSADMIN']);

type Value = string | readonly string[];

export class Account {
  readonly name: string;
  readonly users = new Map<string, User>();
  readonly warehouses = new Map<string, Warehouse>();
  readonly databases = new Map<string, Set<string>>();
  readonly #roles = new Map<string, Set<string>>();
  readonly #policies = new Map<string, readonly string[]>();
  /** Called for databases and schemas, which the engine has to make and drop, too. */
  readonly #engine: (statement: 'CREATE' | 'DROP', database: string, schema: string | null) => Promise<void>;

  constructor(
    name: string,
    engine: (statement: 'CREATE' | 'DROP', database: string, schema: string | null) => Promise<void>,
  ) {
    this.name = name;
    this.#engine = engine;
    for (const role of [...administrators, 'PUBLIC']) this.#roles.set(role, new Set());
  }

  isAdministrator(role: string): boolean {
    return administrators.has(role);
  }

  roleExists(role: string): boolean {
    return this.#roles.has(role);
  }

  may(role: string, privilege: string, kind: string, name: string): boolean {
    return this.isAdministrator(role) || (this.#roles.get(role)?.has(`${privilege} ON ${kind} ${name}`) ?? false);
  }

  /** Whether the role has any privilege on it, and so may know of it. */
  sees(role: string, kind: string, name: string): boolean {
    const suffix = ` ON ${kind} ${name}`;
    return this.isAdministrator(role) || [...(this.#roles.get(role) ?? [])].some((grant) => grant.endsWith(suffix));
  }

  allows(user: User, address: string): boolean {
    const allowed = user.networkPolicy === null ? null : this.#policies.get(user.networkPolicy);
    if (!allowed) return true;
    const list = new BlockList();
    for (const range of allowed) {
      const [network = '', bits] = range.split('/');
      const family = isIPv6(network) ? 'ipv6' : 'ipv4';
      list.addSubnet(network, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
    }
    return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  }

  /**
   * Runs a statement about the account itself; false when it is about something else.
   * @throws VendorError
   */
  async run(tokens: readonly Token[], role: string): Promise<boolean> {
    const cursor = new Cursor(tokens);
    const verb = ['CREATE', 'ALTER', 'DROP', 'GRANT', 'REVOKE'].find((word) => cursor.take(word));
    if (!verb) return false;
    if (verb === 'GRANT' || verb === 'REVOKE') {
      this.#administratorsOnly(role, 'account');
      this.#grant(cursor, verb);
      return true;
    }
    const replace = cursor.take('OR', 'REPLACE');
    const kind = ['ROLE', 'USER', 'WAREHOUSE', 'DATABASE', 'SCHEMA'].find((word) => cursor.take(word));
    const policy = !kind && cursor.take('NETWORK', 'POLICY');
    if (!kind && !policy) return false;
    this.#administratorsOnly(role, 'account');
    const gentle = cursor.take('IF', 'NOT', 'EXISTS') || cursor.take('IF', 'EXISTS');
    const parts = cursor.name() ?? [];
    await this.#change(verb, kind ?? 'POLICY', parts, cursor, gentle || replace);
    return true;
  }

  #administratorsOnly(role: string, what: string): void {
    if (!this.isAdministrator(role)) throw insufficientPrivileges(what, this.name);
  }

  async #change(verb: string, kind: string, parts: readonly string[], cursor: Cursor, gentle: boolean): Promise<void> {
    const name = parts.join('.');
    if (kind === 'DATABASE' || kind === 'SCHEMA') return this.#changePlace(verb, parts, gentle);
    const things: Record<string, Map<string, unknown>> = {
      ROLE: this.#roles,
      USER: this.users,
      WAREHOUSE: this.warehouses,
      POLICY: this.#policies,
    };
    const known = things[kind] ?? new Map<string, unknown>();
    if (verb === 'DROP') {
      if (!known.delete(name) && !gentle) throw doesNotExist(kind, name);
      return;
    }
    if (verb === 'CREATE') {
      if (known.has(name)) {
        if (gentle) return;
        throw new VendorError('002002', '42710', `SQL compilation error:\nObject '${name}' already exists.`);
      }
      known.set(name, blank(kind, name));
    } else if (!known.has(name)) {
      throw doesNotExist(kind, name);
    }
    this.#set(kind, name, cursor);
  }

  #set(kind: string, name: string, cursor: Cursor): void {
    const warehouse = kind === 'WAREHOUSE' ? this.warehouses.get(name) : undefined;
    if (warehouse && cursor.take('SUSPEND')) warehouse.suspended = true;
    else if (warehouse && cursor.take('RESUME')) warehouse.suspended = false;
    const unset = cursor.take('UNSET');
    if (!unset) cursor.take('SET');
    const properties = unset ? new Map<string, Value>([[cursor.next(), '']]) : readProperties(cursor);
    const user = kind === 'USER' ? this.users.get(name) : undefined;
    for (const [property, value] of properties) {
      if (user) setUser(user, property, value);
      else if (warehouse && property === 'AUTO_RESUME') warehouse.autoResume = value === 'TRUE';
      else if (warehouse && property === 'INITIALLY_SUSPENDED') warehouse.suspended = value === 'TRUE';
      else if (kind === 'POLICY' && property === 'ALLOWED_IP_LIST')
        this.#policies.set(name, value as readonly string[]);
    }
  }

  async #changePlace(verb: string, [database = '', schema]: readonly string[], gentle: boolean): Promise<void> {
    const schemas = this.databases.get(database);
    const there = schema === undefined ? schemas !== undefined : (schemas?.has(schema) ?? false);
    if (verb === 'CREATE' && there && gentle) return;
    if (verb === 'DROP' && !there) throw doesNotExist(schema === undefined ? 'Database' : 'Schema', schema ?? database);
    if (verb !== 'CREATE' && verb !== 'DROP') throw notSupported(`${verb}_DATABASE`);
    await this.#engine(verb, database, schema ?? null);
    if (verb === 'CREATE') {
      if (schema === undefined) this.databases.set(database, new Set(['PUBLIC']));
      else schemas?.add(schema);
    } else if (schema === undefined) this.databases.delete(database);
    else schemas?.delete(schema);
  }

  #grant(cursor: Cursor, verb: string): void {
    if (cursor.take('ROLE')) {
      const role = cursor.name()?.join('.') ?? '';
      if (!this.#roles.has(role)) throw doesNotExist('Role', role);
      cursor.next();
      if (!cursor.take('USER')) return;
      const name = cursor.name()?.join('.') ?? '';
      const user = this.users.get(name);
      if (!user) throw doesNotExist('User', name);
      if (verb === 'GRANT') user.roles.add(role);
      else user.roles.delete(role);
      return;
    }
    const privileges = [];
    do privileges.push(cursor.next());
    while (cursor.take(','));
    if (!cursor.take('ON')) throw notSupported('GRANT');
    const kind = cursor.next();
    const object = cursor.name()?.join('.') ?? '';
    cursor.next();
    if (!cursor.take('ROLE')) throw notSupported('GRANT');
    const role = cursor.name()?.join('.') ?? '';
    const grants = this.#roles.get(role);
    if (!grants) throw doesNotExist('Role', role);
    for (const privilege of privileges) {
      if (verb === 'GRANT') grants.add(`${privilege} ON ${kind} ${object}`);
      else grants.delete(`${privilege} ON ${kind} ${object}`);
    }
  }

  /** The warehouse, awake. @throws VendorError */
  useWarehouse(role: string, name: string): Warehouse {
    const warehouse = this.warehouses.get(name);
    if (!warehouse || !this.may(role, 'USAGE', 'WAREHOUSE', name)) throw cannotUse();
    return warehouse;
  }
}

function blank(kind: string, name: string): unknown {
  if (kind === 'ROLE') return new Set<string>();
  if (kind === 'WAREHOUSE') return { suspended: false, autoResume: true } satisfies Warehouse;
  if (kind === 'POLICY') return [];
  return {
    name,
    keys: new Map<string, KeyObject>(),
    roles: new Set(['PUBLIC']),
    defaultRole: null,
    disabled: false,
    locked: false,
    networkPolicy: null,
  } satisfies User;
}

function setUser(user: User, property: string, value: Value): void {
  const text = String(value);
  if (property === 'RSA_PUBLIC_KEY') {
    user.keys.clear();
    if (text !== '') addKey(user, text);
  } else if (property === 'DEFAULT_ROLE') user.defaultRole = text === '' ? null : text;
  else if (property === 'DISABLED') user.disabled = text === 'TRUE';
  else if (property === 'MINS_TO_UNLOCK') user.locked = Number(text) > 0;
  else if (property === 'NETWORK_POLICY') user.networkPolicy = text === '' ? null : text;
}

/** @throws VendorError when it is no public key */
function addKey(user: User, base64: string): void {
  try {
    const der = Buffer.from(base64.replaceAll(/\s/g, ''), 'base64');
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    user.keys.set(`SHA256:${createHash('sha256').update(der).digest('base64')}`, key);
  } catch {
    throw new VendorError(
      '002048',
      '22023',
      'SQL compilation error:\nNew public key rejected by current policy. Reason: Invalid public key',
    );
  }
}

/** `NAME = value`, again and again; a value in parentheses is a list. */
function readProperties(cursor: Cursor): Map<string, Value> {
  const properties = new Map<string, Value>();
  while (cursor.token) {
    const name = cursor.next();
    if (!cursor.take('=')) continue;
    if (!cursor.take('(')) {
      properties.set(name, cursor.next());
      continue;
    }
    const list = [];
    while (cursor.token && !cursor.take(')')) if (!cursor.take(',')) list.push(cursor.next());
    properties.set(name, list);
  }
  return properties;
}
