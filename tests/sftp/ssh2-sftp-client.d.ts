/** The parts of ssh2-sftp-client that the tests use; the package brings no types. */
declare module 'ssh2-sftp-client' {
  import type { ConnectConfig } from 'ssh2';

  export default class SftpClient {
    connect(config: ConnectConfig): Promise<unknown>;
    put(source: string | Buffer, path: string): Promise<string>;
    fastPut(source: string, path: string, options: { concurrency: number; chunkSize: number }): Promise<string>;
    append(source: Buffer, path: string): Promise<string>;
    list(path: string): Promise<{ name: string; size: number; type: string }[]>;
    rename(from: string, to: string): Promise<string>;
    end(): Promise<boolean>;
  }
}
