/** The sentences of e-mails. Names of things and the vendor's words come as they are. */
import type { AlertFacts, AlertType, Language } from './types.ts';

export interface Said {
  /** One line, also the subject. */
  readonly what: string;
  readonly why: readonly string[];
  readonly todo: readonly string[];
}

type Say = (facts: AlertFacts, account: string, when: (iso: string) => string) => Said;

interface LetterWords {
  readonly why: string;
  readonly todo: string;
  readonly open: string;
  readonly foot: (account: string, at: string) => string;
  readonly said: Readonly<Record<AlertType, Say>>;
}

/** The error's own sentence, then the vendor's words. */
function reasons({ error }: AlertFacts): string[] {
  return error ? [error.summary, ...(error.externalMessage ? [error.externalMessage] : [])] : [];
}

const en: LetterWords = {
  why: 'Why',
  todo: 'What to do',
  open: 'Open it in Wharf',
  foot: (account, at) => `Account ${account}, ${at}. Who gets alerts is set in Wharf under Settings, Alerts.`,
  said: {
    'sync.failed': (facts) => ({
      what: `The ${syncEn(facts)} failed and waits for you`,
      why: reasons(facts),
      todo: [
        ...(facts.error ? [facts.error.advice] : []),
        'Then re-enable the sync. It goes on where it stopped; nothing is lost.',
      ],
    }),
    'sync.error': (facts, _account, when) => ({
      what: `The ${syncEn(facts)} has been in trouble since ${when(facts.since ?? '')}`,
      why: reasons(facts),
      todo: [...(facts.error ? [facts.error.advice] : []), 'Wharf keeps trying by itself.'],
    }),
    'sync.recovered': (facts) => ({
      what: `The ${syncEn(facts)} works again`,
      why: [],
      todo: ['Nothing. What had to wait is on its way.'],
    }),
    'credentials.expire_soon': (facts, _account, when) => ({
      what: `The credentials of ${facts.connection?.name} expire on ${when(facts.expireAt ?? '')}`,
      why: ['Without new ones the syncs stop at that time.'],
      todo: ['Create new credentials in the warehouse and enter them in the connection. Nothing is sent anew.'],
    }),
    'credentials.expired': (facts, _account, when) => ({
      what: `The credentials of ${facts.connection?.name} expired on ${when(facts.expireAt ?? '')}`,
      why: ['The warehouse lets Wharf in no more, so the syncs stop.'],
      todo: ['Create new credentials in the warehouse and enter them in the connection. Nothing is sent anew.'],
    }),
    'import.failed': ({ import: file }) => ({
      what: `The file ${file?.fileName} could not be imported`,
      why: file?.message ? [file.message] : [],
      todo: file?.advice ? [file.advice] : [],
    }),
    'import.incomplete': ({ import: file }) => ({
      what: `Not all rows of ${file?.fileName} were imported`,
      why: [`Rows that were skipped: ${file?.skippedRows}.`, ...(file?.message ? [file.message] : [])],
      todo: ['Download the skipped rows from the page of the import; each has its reason. Correct and upload them.'],
    }),
    test: (_facts, account) => ({
      what: `Alerts of ${account} reach this address`,
      why: ['Somebody sent a test from the settings.'],
      todo: [],
    }),
  },
};

function syncEn({ sync, connection }: AlertFacts): string {
  return `${sync?.kind} sync of ${sync?.object} to ${connection?.name}`;
}

const pl: LetterWords = {
  why: 'Dlaczego',
  todo: 'Co zrobić',
  open: 'Otwórz w Wharf',
  foot: (account, at) =>
    `Konto ${account}, ${at}. Odbiorców powiadomień ustawia się w Wharf: Ustawienia, Powiadomienia.`,
  said: {
    'sync.failed': (facts) => ({
      what: `${syncPl(facts)}: niepowodzenie, potrzebne jest działanie`,
      why: reasons(facts),
      todo: [
        ...(facts.error ? [facts.error.advice] : []),
        'Następnie włącz synchronizację ponownie. Ruszy od miejsca, w którym stanęła; nic nie zginie.',
      ],
    }),
    'sync.error': (facts, _account, when) => ({
      what: `${syncPl(facts)}: kłopoty od ${when(facts.since ?? '')}`,
      why: reasons(facts),
      todo: [...(facts.error ? [facts.error.advice] : []), 'Wharf cały czas sam ponawia próby.'],
    }),
    'sync.recovered': (facts) => ({
      what: `${syncPl(facts)}: znów działa`,
      why: [],
      todo: ['Nic. Zaległe dane są już w drodze.'],
    }),
    'credentials.expire_soon': (facts, _account, when) => ({
      what: `Dane dostępowe połączenia ${facts.connection?.name} wygasają ${when(facts.expireAt ?? '')}`,
      why: ['Bez nowych synchronizacje wtedy staną.'],
      todo: ['Utwórz nowe dane dostępowe w hurtowni i wpisz je w połączeniu. Nic nie zostanie wysłane od nowa.'],
    }),
    'credentials.expired': (facts, _account, when) => ({
      what: `Dane dostępowe połączenia ${facts.connection?.name} wygasły ${when(facts.expireAt ?? '')}`,
      why: ['Hurtownia nie wpuszcza już Wharf, dlatego synchronizacje stają.'],
      todo: ['Utwórz nowe dane dostępowe w hurtowni i wpisz je w połączeniu. Nic nie zostanie wysłane od nowa.'],
    }),
    'import.failed': ({ import: file }) => ({
      what: `Nie udało się zaimportować pliku ${file?.fileName}`,
      why: file?.message ? [file.message] : [],
      todo: file?.advice ? [file.advice] : [],
    }),
    'import.incomplete': ({ import: file }) => ({
      what: `Nie wszystkie wiersze pliku ${file?.fileName} zostały zaimportowane`,
      why: [`Pominięte wiersze: ${file?.skippedRows}.`, ...(file?.message ? [file.message] : [])],
      todo: ['Pobierz pominięte wiersze ze strony importu; przy każdym jest powód. Popraw je i prześlij.'],
    }),
    test: (_facts, account) => ({
      what: `Powiadomienia konta ${account} docierają pod ten adres`,
      why: ['Ktoś wysłał wiadomość testową z ustawień.'],
      todo: [],
    }),
  },
};

const kindsPl: Readonly<Record<string, string>> = {
  historical: 'Synchronizacja historyczna',
  periodic: 'Synchronizacja okresowa',
};
const objectsPl: Readonly<Record<string, string>> = { profiles: 'profile', events: 'zdarzenia' };

function syncPl({ sync, connection }: AlertFacts): string {
  return `${kindsPl[sync?.kind ?? '']} do ${connection?.name} (${objectsPl[sync?.object ?? '']})`;
}

export const letterWords: Readonly<Record<Language, LetterWords>> = { en, pl };
