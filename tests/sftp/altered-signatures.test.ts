/** Keys of all five families log in by OpenSSH's own client, and a signature that is not exactly right never does. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addSshKey } from '../../src/store/ssh-keys.ts';
import { startAgent, type Alter } from './agent.ts';
import { isThere, run, type Ended } from './programs.ts';
import { sftpRig, type Shop } from './rig.ts';
import { ecdsaKey, ed25519Key, rsaKey, skEcdsaKey, skEd25519Key, type SoftKey } from './soft-keys.ts';

const rig = sftpRig();

const families = [
  ['ssh-rsa', rsaKey],
  ['ecdsa-sha2', ecdsaKey],
  ['ssh-ed25519', ed25519Key],
  ['sk-ecdsa-sha2', skEcdsaKey],
  ['sk-ssh-ed25519', skEd25519Key],
] as const;

interface Alteration {
  readonly name: string;
  readonly alter: Alter;
  /** Thrown out for its form, before it is known whose it is. */
  readonly isMisshapen?: true;
}

/** From the end, in numbers of every family: of security keys the counter, the flags and the signature proper. */
const flips: readonly Alteration[] = [0, 4, 5, 13, 21, 28].map((fromEnd) => ({
  name: `a bit of byte ${fromEnd} from the end`,
  alter: (signature) => {
    const altered = Buffer.from(signature);
    const at = altered.length - 1 - fromEnd;
    // of the flags it is the one that says that the key was touched
    altered.writeUInt8(altered.readUInt8(at) ^ (fromEnd === 4 ? 1 : 1 << (fromEnd % 8)), at);
    return altered;
  },
}));

const alterations: readonly Alteration[] = [
  ...flips,
  {
    name: 'the signature of another login',
    alter: (_signature, data, sign) => {
      const other = Buffer.from(data);
      // in the session id, which is first
      other.writeUInt8(other.readUInt8(10) ^ 1, 10);
      return sign(other);
    },
  },
  { name: 'a byte less', alter: (signature) => signature.subarray(0, -1), isMisshapen: true },
  { name: 'a byte more', alter: (signature) => Buffer.concat([signature, Buffer.of(0)]), isMisshapen: true },
];

async function login(shop: Shop, key: SoftKey, agentSocket: string): Promise<Ended> {
  const knownHosts = join(rig().folder, 'known_hosts');
  const identity = join(rig().folder, `${shop.user}.pub`);
  await writeFile(knownHosts, rig().knownHosts);
  await writeFile(identity, `${key.publicLine}\n`);
  const options = ['BatchMode=yes', 'IdentitiesOnly=yes', `UserKnownHostsFile=${knownHosts}`];
  const args = ['-q', '-F', 'none', '-i', identity, ...options.flatMap((option) => ['-o', option])];
  return run('sftp', [...args, '-P', String(rig().port), '-b', '-', `${shop.user}@127.0.0.1`], {
    input: 'ls -1\n',
    env: { HOME: rig().folder, SSH_AUTH_SOCK: agentSocket },
  });
}

/** Logins that were refused, by reason. */
const refusals = (shop: Shop): unknown[] =>
  rig()
    .logged.filter((line) => line.includes('sftp.login.refused') && line.includes(shop.user))
    .map((line) => (JSON.parse(line) as { reason: unknown }).reason);

describe.runIf(isThere('sftp')).for(families)('%s', ([family, makeKey]) => {
  test('one login with the right signature, and one with each wrong one', async () => {
    const shop = await rig().newAccount();
    const key = makeKey();
    await addSshKey(rig().db, shop.accountId, {
      title: 'Key',
      owner: 'Jan',
      publicKey: key.publicLine,
      mayConsent: false,
    });
    let alteration: Alteration | null = null;
    await using agent = await startAgent(join(rig().folder, `${family}.agent`), key, (signature, data, sign) =>
      alteration ? alteration.alter(signature, data, sign) : signature,
    );
    const welcome: Ended = { code: 0, out: 'sftp> ls -1\nevents\nprofiles\n', err: '' };
    expect(await login(shop, key, agent.socket)).toEqual(welcome);
    for (alteration of alterations) {
      const before = refusals(shop).length;
      const signed = agent.signed;
      expect(await login(shop, key, agent.socket), alteration.name).toMatchObject({ code: 255, out: '' });
      expect(agent.signed, alteration.name).toBe(signed + 1);
      expect(refusals(shop).slice(before), alteration.name).toEqual(alteration.isMisshapen ? [] : ['signature']);
    }
    alteration = null;
    expect(await login(shop, key, agent.socket)).toEqual(welcome);
  });
});
