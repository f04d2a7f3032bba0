/** The tokens of a reply (TDS 7.4). */
import { TdsWriter } from './tds-writer.ts';

export const doneStatus = { final: 0, more: 0x01, error: 0x02, count: 0x10, attention: 0x20 } as const;

type DoneKind = 'done' | 'doneInProc' | 'doneProc';
const doneTokens: Record<DoneKind, number> = { done: 0xfd, doneProc: 0xfe, doneInProc: 0xff };

export function done(kind: DoneKind, status: number, rows = 0): Buffer {
  return new TdsWriter().byte(doneTokens[kind]).u16(status).u16(0xc1).u64(BigInt(rows)).bytes();
}

export interface SqlFailure {
  readonly number: number;
  readonly message: string;
  /** Severity; default 16. */
  readonly severity?: number;
  readonly state?: number;
}

export function error({ number, message, severity = 16, state = 1 }: SqlFailure): Buffer {
  const body = new TdsWriter().u32(number).byte(state).byte(severity).text16(message).text8('wharf-stand-in').text8('');
  return counted(0xaa, body.u32(1));
}

export function loginAck(): Buffer {
  const body = new TdsWriter()
    .byte(1)
    .raw(Buffer.of(0x74, 0, 0, 4))
    .text8('Microsoft SQL Server');
  return counted(0xad, body.raw(Buffer.of(12, 0, 0, 0)));
}

export function databaseChanged(name: string): Buffer {
  return counted(0xe3, new TdsWriter().byte(1).text8(name).text8('master'));
}

export function packetSizeChanged(bytes: number): Buffer {
  return counted(0xe3, new TdsWriter().byte(4).text8(String(bytes)).text8('4096'));
}

export const collation = Buffer.of(0x09, 0x04, 0xd0, 0x00, 0x34);

export function collationChanged(): Buffer {
  return counted(0xe3, new TdsWriter().byte(7).byte(collation.length).raw(collation).byte(0));
}

export function transactionChanged(change: 'begin' | 'commit' | 'rollback', descriptor: Buffer): Buffer {
  const body = new TdsWriter();
  if (change === 'begin') body.byte(8).byte(8).raw(descriptor).byte(0);
  else
    body
      .byte(change === 'commit' ? 9 : 10)
      .byte(0)
      .byte(8)
      .raw(descriptor);
  return counted(0xe3, body);
}

export const returnStatus = new TdsWriter().byte(0x79).u32(0).bytes();

function counted(token: number, body: TdsWriter): Buffer {
  const content = body.bytes();
  return new TdsWriter().byte(token).u16(content.length).raw(content).bytes();
}
