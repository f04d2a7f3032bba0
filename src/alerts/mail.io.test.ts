import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { expect, test } from 'vitest';
import { createLogger } from '../kernel/logger.ts';
import { createMailer, type Mail } from './mail.ts';

interface MailServer extends AsyncDisposable {
  readonly port: number;
  readonly mails: { readonly from: string; readonly to: readonly string[]; readonly source: string }[];
}

/** A real SMTP server on this machine. */
async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const mails: MailServer['mails'] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: async (stream, { envelope }, done) => {
      const source = await text(stream);
      const from = envelope.mailFrom ? envelope.mailFrom.address : '';
      mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), source });
      done();
    },
    ...options,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    [Symbol.asyncDispose]: () => new Promise((done) => server.close(() => done())),
  };
}

const logged: string[] = [];
const log = createLogger('debug', { write: (line) => void logged.push(line) });
const from = 'Wharf <wharf@shop.example>';
const mail: Mail = {
  to: 'ola@shop.example',
  id: 'alert.address',
  subject: 'Wharf: zażółć',
  text: 'Why\nbecause',
  html: '<p>because</p>',
};

function refusing(code: number, words: string): SMTPServerOptions {
  return { onRcptTo: (_address, _session, done) => done(Object.assign(new Error(words), { responseCode: code })) };
}

test('an e-mail arrives as text and as HTML, and says that a program wrote it', async () => {
  await using server = await startMailServer();
  const outcome = await createMailer({ url: `smtp://127.0.0.1:${server.port}`, from }, log).send(mail);
  expect(outcome).toMatchObject({ delivered: true, answer: expect.stringMatching(/^250 /) });
  const [{ source, ...envelope } = { source: '' }] = server.mails;
  expect(envelope).toEqual({ from: 'wharf@shop.example', to: ['ola@shop.example'] });
  for (const line of [
    /^From: Wharf <wharf@shop.example>/m,
    /^To: ola@shop.example/m,
    /^Message-ID: <alert.address@shop.example>/m,
    /^Auto-Submitted: auto-generated/m,
    /^Subject: =\?UTF-8\?/m,
    /^Content-Type: text\/plain/m,
    /^Content-Type: text\/html/m,
  ])
    expect(source).toMatch(line);
});

test('what is put into a subject or an address stays there', async () => {
  await using server = await startMailServer();
  const mailer = createMailer({ url: `smtp://127.0.0.1:${server.port}`, from }, log);
  await mailer.send({ ...mail, subject: 'a\r\nBcc: all@shop.example\r\n\r\nbody' });
  const [{ source, to } = { source: '', to: [] }] = server.mails;
  expect(to).toEqual(['ola@shop.example']);
  expect(source).not.toMatch(/^Bcc:/m);
  await mailer.send({ ...mail, to: 'ola@shop.example, all@shop.example' });
  await mailer.send({ ...mail, to: 'ola@shop.example>\r\nRCPT TO:<all@shop.example' });
  expect(server.mails.flatMap((one) => one.to)).not.toContain('all@shop.example');
});

test('the server refuses for good, or for now', async () => {
  for (const [code, final] of [
    [550, true],
    [451, false],
  ] as const) {
    await using server = await startMailServer(refusing(code, 'No such person'));
    const outcome = await createMailer({ url: `smtp://127.0.0.1:${server.port}`, from }, log).send(mail);
    expect(outcome).toEqual({ delivered: false, final, answer: `${code} No such person` });
  }
});

test('a wrong password, or nobody there: the operator is told, nobody else, and no secret is', async () => {
  await using server = await startMailServer({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: (_auth, _session, done) => done(new Error('wrong pass-word-of-wharf')),
  });
  for (const port of [server.port, 1]) {
    const url = `smtp://wharf:pass-word-of-wharf@127.0.0.1:${port}`;
    const outcome = await createMailer({ url, from }, log).send(mail);
    expect(outcome).toMatchObject({ delivered: false, final: false });
    expect(outcome.answer).toContain('the operator finds the reason');
  }
  const lines = logged.join('');
  expect(lines).toContain('EAUTH');
  expect(lines).toContain('alerts.mail_server_failed');
  expect(lines).not.toContain('pass-word-of-wharf');
});
