/** E-mail through the operator's server. */
import type { SMTPTransportOptions } from 'nodemailer/lib/smtp-transport';
import type { Logger } from '../kernel/logger.ts';
import { storableText } from '../kernel/redact.ts';
import type { Letter } from './letter.ts';
import type { Outcome } from './webhook.ts';

export interface Mail extends Letter {
  readonly to: string;
  /** The same in every attempt, so that mail programs know a repeat. */
  readonly id: string;
}

export interface Mailer {
  /** One attempt. Never throws for what the mail server does. */
  send(mail: Mail): Promise<Outcome>;
}

const timeoutMs = 15_000;

/** `url` holds a password: neither it nor an error of the connection reaches anybody but the operator's log, and that without it. */
export function createMailer({ url, from }: { readonly url: string; readonly from: string }, log: Logger): Mailer {
  const options: SMTPTransportOptions = {
    url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  };
  return {
    async send({ to, id, subject, text, html }) {
      // loaded with the first e-mail: most processes never send one
      const { createTransport } = await import('nodemailer');
      const transport = createTransport({ ...options });
      try {
        const { response } = await transport.sendMail({
          from,
          // as an object it is taken as it is, and not parsed for names or further addresses
          to: { name: '', address: to },
          messageId: `<${id}@${from.replace(/^.*@|>$/g, '')}>`,
          subject,
          text,
          html,
          headers: { 'Auto-Submitted': 'auto-generated' },
          disableFileAccess: true,
          disableUrlAccess: true,
        });
        return { delivered: true, final: true, answer: storableText(response, 500) };
      } catch (error) {
        return refusal(error as SmtpError, log);
      } finally {
        transport.close();
      }
    },
  };
}

interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

function refusal({ code, responseCode = 0, response }: SmtpError, log: Logger): Outcome {
  const aboutThisMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  if (aboutThisMail && response) {
    return { delivered: false, final: responseCode >= 500, answer: storableText(response, 500) };
  }
  log.warn({ code, responseCode }, 'alerts.mail_server_failed');
  const answer =
    "The mail server of this installation could not be used; the operator finds the reason in Wharf's log.";
  return { delivered: false, final: false, answer };
}
